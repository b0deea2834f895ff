"""A cpuset on a node of a cluster that has several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.partitioning import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.site_config import NodeCpuset
    from linter.model.partitioning import Partitioning, Size


@rule("WPL326", severity=WARNING)
def siteconfig_cpuset_ignored(
    node_cpuset: NodeCpuset, size: Size, partitioning: Partitioning
) -> Iterator[Draft]:
    """Only the node of a single-node cluster has a cpuset in its SiteConfig."""
    if size.single_node is not False:
        return
    cpuset, on = node_cpuset.statement, partitioning.mode is Mode.ALL_NODES
    yield finding(
        f"Node {node_cpuset.host or 'of the SiteConfig'} has the cpuset {cpuset.shown}, "
        "but its cluster has several nodes.",
        cpuset.ref.label("ignored here"),
        effect="It has no effect: on several nodes profiles alone reserve CPUs."
        if on
        else "It has no effect, and nothing else partitions the node.",
        advice="Remove it."
        if on
        else "Set cpuPartitioningMode: AllNodes for the cluster, and remove the cpuset.",
    )
