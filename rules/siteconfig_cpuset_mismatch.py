"""The cpuset of a SiteConfig's node against the profile that is bound to the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.differences import difference
from linter.model.pools import MASTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig, Reserved


@rule("WPL316", severity=ERROR)
def siteconfig_cpuset_mismatch(
    cluster: Cluster, node: NodeConfig, reserved: Reserved
) -> Iterator[Draft]:
    """The cpuset of a single node's SiteConfig is what its profile reserves."""
    if node.pool.name != MASTER or cluster.size.single_node is not True or not reserved.profile:
        return
    for stated in cluster.facts.node_cpusets:
        cpuset = stated.statement
        if stated.role != MASTER or not cpuset.cpus or cpuset.cpus == reserved.cpus:
            continue
        if stated.unused_in is not None:
            continue
        yield finding(
            f"The SiteConfig pins management pods to {cpuset.shown}, "
            f"but profile {reserved.profile.name} reserves {reserved.cpus}.",
            cpuset.ref.label("pinned here"),
            reserved.labelled(),
            effect=difference(
                reserved.cpus,
                cpuset.cpus,
                lacking="Reserved, but not used by management pods",
                surplus="Taken from the workload",
            ),
            advice=f"Set cpuset to {reserved.cpus}, or correct the profile.",
            fix=Fix(f"set cpuset to {reserved.cpus}", (cpuset.replaced_by(reserved.cpus.text),)),
        )
