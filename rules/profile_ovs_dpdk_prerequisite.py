"""CPUs for OVS-DPDK that are not kept free of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, finding, rule
from linter.facts.merged_settings import annotated
from linter.model.partitioning import Mode
from linter.model.releases import OVS_DPDK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.partitioning import Partitioning
    from linter.model.releases import Releases


@rule("WPL218", severity=ERROR)
def profile_ovs_dpdk_prerequisite(
    profile: Profile, partitioning: Partitioning, releases: Releases
) -> Iterator[Draft]:
    """CPUs for OVS-DPDK need a partitioned cluster or a strict CPU reservation."""
    dpdk, snippet = profile.ovs_dpdk, profile.snippet
    if dpdk is None or not dpdk.cpus or profile.partial or not releases.possibly(OVS_DPDK):
        return
    if snippet is not None and (snippet.templated or snippet.strict_reservation):
        return
    if partitioning.mode not in {Mode.OFF, Mode.SILENT}:
        return
    silent = partitioning.mode is Mode.SILENT
    yield finding(
        f"spec.cpu.ovsDpdk names {dpdk.shown}, but "
        + ("nothing here says that " if silent else "")
        + ("the cluster is partitioned" if silent else "the cluster is not partitioned")
        + ", and the profile asks for no strict CPU reservation.",
        dpdk.ref.label("for OVS-DPDK"),
        *(signal.ref.label("not partitioned") for signal in partitioning.signals[:1]),
        effect="The operator reports the profile as degraded and does not configure the CPUs.",
        advice='Enable workload partitioning, or set "strict-cpu-reservation": "true" among '
        "cpuManagerPolicyOptions in the annotation kubeletconfig.experimental.",
        severity=WARNING if silent else ERROR,
        fix=_fix(profile),
    )


def _fix(profile: Profile) -> Fix | None:
    """Ask for the strict reservation, if the profile has no other options of the CPU manager."""
    wishes = annotated(profile, {"cpuManagerPolicyOptions": {"strict-cpu-reservation": "true"}})
    what = "ask for a strict CPU reservation"
    return Fix(what, wishes, Applicability.UNSAFE) if wishes else None
