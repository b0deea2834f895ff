"""The two partitioning files of one MachineConfig against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    crio_is_wrong = reserved is not None and named.cpus == reserved.cpus
    labels = [named.ref.label("pinning file"), crio.ref.label("CRI-O")]
    wrong = crio if crio_is_wrong else named
    yield finding(
        f"The kubelet's pinning file names {named.shown}, but CRI-O in the same MachineConfig "
        f"pins management pods to {crio.shown}.",
        *(reversed(labels) if crio_is_wrong else labels),
        *([reserved.labelled()] if reserved is not None else []),
        effect="CRI-O's list is the one that counts; the other one is what people read.",
        advice=f"Set both to {reserved.cpus}." if reserved else "Set both to the reserved CPUs.",
        fix=Fix(f"set cpuset to {reserved.cpus}", (wrong.replaced_by(reserved.cpus.text),))
        if reserved is not None
        else None,
    )
