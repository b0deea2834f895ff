"""Pools of a partitioned cluster that no profile configures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, WARNING, Draft, finding, rule
from linter.facts.manifests import NODE_ROLE
from linter.model.pools import MASTER, inherited_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig
    from linter.model.pools import Pool

_PODS = "management pods run on all CPUs, and what they use is not accounted for."


@rule("WPL501", severity=WARNING, requires=("WPL407", "WPL508"))
def pool_without_profile(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """Every pool of a partitioned cluster has a PerformanceProfile."""
    signal, pool = cluster.partitioning.enabled_by, node.pool
    if signal is None or node.profiles or node.profiles_open or pool.holds_nodes is False:
        return
    if not cluster.facts.profiles:
        if pool.name == MASTER and not cluster.facts.unreadable:
            yield finding(
                "Workload partitioning is switched on, but no PerformanceProfile reserves CPUs.",
                signal.ref.label("switched on here"),
                effect="Until profiles are there, management pods run on all CPUs.",
                advice="Add a profile for each pool, now or later: both are supported. That of the "
                f'control plane has the nodeSelector {NODE_ROLE}{MASTER}: "".',
                severity=INFO,
            )
        return
    if not pool.name or pool.node_selector is None or _misses(cluster):
        return
    certain = pool.ref is not None or pool.holds_nodes is True
    yield finding(
        f"Workload partitioning is switched on, but no profile matches pool {pool.name}.",
        pool.ref.label("no profile for this pool")
        if pool.ref is not None
        else signal.ref.label(f"on for all nodes, those of pool {pool.name} too"),
        *([signal.ref.label("switched on here")] if pool.ref is not None else []),
        effect=_effect(cluster, node, certain=certain),
        advice=f"Add a profile whose nodeSelector is that of pool {pool.name}{_selector(pool)}.",
        severity=WARNING if certain else INFO,
    )


def _effect(cluster: Cluster, node: NodeConfig, *, certain: bool) -> str:
    inherited = inherited_profile(node.pool, cluster.matches)
    if inherited is not None:
        return (
            f"Its nodes take over what profile {inherited.name} reserves for another pool, "
            "whether or not that suits their machines."
        )
    return f"On its nodes {_PODS}" if certain else f"If it has nodes, there {_PODS}"


def _selector(pool: Pool) -> str:
    """Return the label that selects a pool's nodes, if it is one."""
    selector = pool.node_selector.selector if pool.node_selector is not None else None
    labels = selector.match_labels if selector is not None else {}
    return "".join(f': {key}: "{value}"' for key, value in labels.items() if len(labels) == 1)


def _misses(cluster: Cluster) -> bool:
    """Say whether a profile reaches no pool, which is a finding of its own, and may be meant."""
    return any(not match.pools for match in cluster.matches)
