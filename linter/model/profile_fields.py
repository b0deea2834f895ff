"""Which releases and API versions know which fields and annotations of a profile.

Sources: openshift/cluster-node-tuning-operator ``pkg/apis/performanceprofile/{v1alpha1,v1,v2}`` on
its release branches; openshift-kni/performance-addon-operators before release 4.11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.releases import (
    DRA_ANNOTATION,
    EXEC_CPU_AFFINITY,
    HARDWARE_TUNING,
    KERNEL_PAGE_SIZE,
    MIXED_CPUS,
    OFFLINED_CPUS,
    OVS_DPDK,
    PER_POD_POWER,
    RPS_ANNOTATION,
    Release,
)
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.facts.profiles import Profile
    from linter.model.releases import Gate, Releases
    from linter.sources.text import Ref

_GROUP = "performance.openshift.io/"
DRA = f"{_GROUP}dra-resource-management"

FIELDS: Mapping[str, Gate] = {
    "spec.cpu.offlined": OFFLINED_CPUS,
    "spec.cpu.shared": MIXED_CPUS,
    "spec.cpu.ovsDpdk": OVS_DPDK,
    "spec.hardwareTuning": HARDWARE_TUNING,
    "spec.kernelPageSize": KERNEL_PAGE_SIZE,
    "spec.workloadHints": OFFLINED_CPUS,
    "spec.workloadHints.perPodPowerManagement": PER_POD_POWER,
    "spec.workloadHints.mixedCpus": MIXED_CPUS,
}
"""The fields that came after release 4.8, an object before what it holds."""

_ONLY_V2 = (
    "spec.cpu.shared", "spec.cpu.ovsDpdk", "spec.kernelPageSize", "spec.workloadHints.mixedCpus",
)  # fmt: skip
_LACKING: Mapping[str, tuple[str, ...]] = {
    "v1": _ONLY_V2,
    "v1alpha1": (
        *_ONLY_V2, "spec.cpu.offlined", "spec.net", "spec.workloadHints", "spec.hardwareTuning",
        "spec.globallyDisableIrqLoadBalancing",
    ),
}  # fmt: skip
"""The fields that an old API version does not have."""

ANNOTATIONS: Mapping[str, Gate] = {
    f"{_GROUP}enable-rps": RPS_ANNOTATION,
    f"{_GROUP}exec-cpu-affinity": EXEC_CPU_AFFINITY,
    DRA: DRA_ANNOTATION,
    f"{_GROUP}cpu-load-balancing-ovs-dpdk": OVS_DPDK,
}


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field or an annotation that nobody reads.

    ``since`` is the first release that does; None where it is the API version that lacks it.
    """

    name: str
    ref: Ref
    since: Release | None


def unknown_fields(profile: Profile, releases: Releases) -> Iterator[UnknownField]:
    """Yield the fields that no release under consideration, or not the API version, knows.

    What an object holds that is itself not known is left out.
    """
    stated = profile.settings.stated
    lacking = _LACKING.get(profile.manifest.version, ())
    reported: set[str] = set()
    for name in dict.fromkeys((*FIELDS, *lacking)):
        if name not in stated or name.rpartition(".")[0] in reported:
            continue
        gate = FIELDS.get(name)
        if gate is not None and not releases.possibly(gate):
            reported.add(name)
            yield UnknownField(name, stated[name], Release(gate.since))
        elif name in lacking:
            reported.add(name)
            yield UnknownField(name, stated[name], None)


def unknown_annotations(profile: Profile, releases: Releases) -> Iterator[UnknownField]:
    """Yield the annotations that no release under consideration reads."""
    annotations = profile.manifest.annotations
    for name, gate in ANNOTATIONS.items():
        if name in annotations.values and not releases.possibly(gate):
            yield UnknownField(name, annotations.ref_of(name), Release(gate.since))
