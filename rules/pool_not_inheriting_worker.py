"""Custom pools without the configuration that all worker nodes need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, finding, rule
from linter.facts.manifests import ROLE_LABEL, Labels
from linter.facts.selected_roles import selecting
from linter.model.pools import MASTER, WORKER, is_only_manifest
from linter.model.releases import CPU_PARTITIONING_API

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL508", severity=WARNING)
def pool_not_inheriting_worker(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """A custom pool takes the MachineConfigs of role worker as well as its own."""
    pool, selector = node.pool, node.pool.machine_config_selector
    if pool.declared is None or pool.built_in or selector is None or not pool.name:
        return
    if selector.selector is None:
        return
    if any(pool.selects(Labels({ROLE_LABEL: role}, selector.ref)) for role in (WORKER, MASTER)):
        return
    if not is_only_manifest(pool, cluster.pools):
        return
    wish = selecting(pool.declared, ROLE_LABEL, WORKER)
    rejected = _is_rejected(cluster, node, Labels({ROLE_LABEL: pool.name}, selector.ref))
    yield finding(
        f"Pool {pool.name} does not select the MachineConfigs of role worker.",
        selector.ref.label("does not select worker"),
        *([pool.declared.ref.label("nor has this pool a profile")] if rejected else []),
        effect="Nothing brings its nodes the kubelet's pinning file, so a partitioned cluster "
        "refuses them."
        if rejected
        else "Custom pools build on those of worker; without them its nodes lack their base.",
        advice=f"Select the roles worker and {pool.name}: operator In, values "
        f"[worker, {pool.name}].",
        severity=ERROR if rejected else WARNING,
        fix=Fix("select the MachineConfigs of role worker too", (wish,), Applicability.UNSAFE)
        if wish is not None
        else None,
    )


def _is_rejected(cluster: Cluster, node: NodeConfig, own: Labels) -> bool:
    """Say whether nothing in sight brings the pool's nodes the pinning file that they need."""
    if cluster.partitioning.enabled_by is None or not cluster.facts.profiles:
        return False
    if node.profiles or node.profiles_open or cluster.facts.profiles_open:
        return False
    if node.pinning is not None or node.merged.undecided or node.pool.holds_nodes is False:
        return False
    return node.pool.selects(own) is False and cluster.releases.has(CPU_PARTITIONING_API)
