"""Pools that do not take what is labelled with their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.facts.manifests import ROLE_LABEL, Labels
from linter.model.pools import is_only_manifest
from linter.model.releases import PINNING_FROM_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.pools import DeclaredPool
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL507", severity=INFO, requires=("WPL407", "WPL508"))
def pool_role_skew(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """A pool of a partitioned cluster selects MachineConfigs of the role of its own name."""
    pool, signal = node.pool, cluster.partitioning.enabled_by
    selector = pool.machine_config_selector
    if signal is None or not cluster.install_time or pool.declared is None or selector is None:
        return
    if not pool.name or pool.built_in:
        return
    if selector.selector is None or selector.selector.empty:
        return
    if pool.selects(Labels({ROLE_LABEL: pool.name}, selector.ref)) is not False:
        return
    if not is_only_manifest(pool, cluster.pools):
        return
    if not cluster.releases.has(PINNING_FROM_PROFILE):
        return
    yield finding(
        f"Pool {pool.name} selects no MachineConfigs of role {pool.name}, "
        f"so it does not take 01-{pool.name}-cpu-partitioning.",
        selector.ref.label(f"does not select {pool.name}"),
        signal.ref.label("switched on here"),
        effect="While installing, the operator labels that MachineConfig with the pool's name. "
        + ("The one of the profile does its work." if node.profiles else "No pool takes it."),
        advice=f"Add {pool.name} to the roles that the pool selects: values: "
        f"[{', '.join(_roles(pool.declared))}].",
    )


def _roles(pool: DeclaredPool) -> list[str]:
    """Return the roles that a pool is to select: those that it does, and its own."""
    selector = pool.machine_config_selector
    stated = selector.selector if selector is not None else None
    if stated is None:
        return [pool.name]
    listed = [
        value for one in stated.match_expressions if one.key == ROLE_LABEL for value in one.values
    ]
    return [*stated.match_labels.values(), *listed, pool.name]
