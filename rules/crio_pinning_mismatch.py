"""The two partitioning files of one MachineConfig against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.model.agreement import agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.formats.cpuset import CpuSet
    from linter.model.cluster import Cluster
    from linter.model.contents import ConfigContents


@rule("WPL304", severity=ERROR, requires=("WPL301",))
def crio_pinning_mismatch(contents: ConfigContents, cluster: Cluster) -> Iterator[Draft]:
    """CRI-O's drop-in and the kubelet's pinning file of one MachineConfig name the same CPUs."""
    crio = contents.management_cpuset
    named = contents.pinning.cpuset if contents.pinning is not None else None
    if crio is None or named is None or not crio.cpus or not named.cpus or crio.cpus == named.cpus:
        return
    reserved = cluster.profile_reserved(contents.machine_config)
    right = reserved.cpus if reserved is not None else _agreed(contents, cluster)
    crio_is_wrong = right is not None and named.cpus == right
    labels = [named.ref.label("pinning file"), crio.ref.label("CRI-O")]
    wrong = crio if crio_is_wrong else named
    yield finding(
        f"The kubelet's pinning file names {named.shown}, but CRI-O in the same MachineConfig "
        f"pins management pods to {crio.shown}.",
        *(reversed(labels) if crio_is_wrong else labels),
        *([reserved.labelled()] if reserved is not None else []),
        effect="CRI-O's list is the one that counts; the other one is what people read.",
        advice=f"Set both to {right}."
        if right is not None
        else f"Set both to the reserved CPUs. If CRI-O's {crio.cpus} are right, "
        "wplint lint --fix --prefer machineconfig does it.",
        fix=Fix(f"set cpuset to {right}", (wrong.replaced_by(right.text),)) if right else None,
    )


def _agreed(contents: ConfigContents, cluster: Cluster) -> CpuSet | None:
    """Return what a third statement decides in every pool that takes the MachineConfig."""
    taking = [
        node
        for node in cluster.nodes
        if any(taken is contents.machine_config for taken in node.merged.order)
    ]
    if any(node.profiles or node.profiles_open for node in taking):
        return None
    agreed = {agreement(node) for node in taking}
    return agreed.pop() if len(agreed) == 1 else None
