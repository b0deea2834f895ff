"""A cpuset that no MachineConfig is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.partitioning import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.site_config import NodeCpuset
    from linter.model.partitioning import Partitioning, Size


@rule("WPL327", severity=WARNING)
def siteconfig_cpuset_not_rendered(
    node_cpuset: NodeCpuset, size: Size, partitioning: Partitioning
) -> Iterator[Draft]:
    """The search paths of a SiteConfig with a cpuset have the directory workload/."""
    paths = node_cpuset.unused_in
    if paths is None or size.single_node is not True:
        return
    cpuset, on = node_cpuset.statement, partitioning.mode is Mode.ALL_NODES
    yield finding(
        f"Node {node_cpuset.host or 'of the SiteConfig'} has the cpuset {cpuset.shown}, "
        "but no search path of extra manifests has the directory workload/.",
        cpuset.ref.label("nothing is made of it"),
        paths.label("none of these has workload/"),
        effect="It has no effect: the profile alone reserves CPUs."
        if on
        else "No MachineConfig is made of it, and nothing else partitions the node.",
        advice="Remove it."
        if on
        else "Set cpuPartitioningMode: AllNodes and remove the cpuset, or add the directory.",
    )
