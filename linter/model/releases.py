"""OpenShift releases and what changed with each of them.

This is the only module that compares versions. A behaviour that differs between releases is a
:class:`Gate` in the table below; everybody else asks ``releases.has(GATE)``.

The target release is often unknown, so a question is put to a *range* of releases. Where all of
them agree there is an answer; where they do not, :class:`Undecided` is raised and
:func:`in_every_release` repeats the evaluation on each side of the gate. A behaviour that no
manifest touches is never asked about and costs nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from linter.records import dataclass, field
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

OLDEST_MINOR = 8
"""Workload partitioning first shipped with OpenShift 4.8."""

NEWEST_MINOR = 23
"""The newest release whose behaviour has been read from its sources."""

_RELEASE = regex(r"(?<![\d.])v?4\.(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """One OpenShift 4 minor release, such as 4.16."""

    minor: int

    def __str__(self) -> str:
        return f"4.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> Release:
        """Read ``4.16``, ``v4.16`` or ``4.16.3`` (the patch level does not matter here).

        Raises:
            ValueError: The text is not an OpenShift 4 version.

        """
        found = re.fullmatch(r"v?4\.(\d{1,3})(?:\.\d+.*)?", text.strip())
        if not found:
            raise ValueError(f"'{text}' is not an OpenShift version such as 4.16")
        return cls(int(found.group(1)))

    @classmethod
    def mentioned_in(cls, text: str) -> Release | None:
        """Return the one release that a name such as ``img4.16.32-x86-64`` mentions, or None."""
        minors = {int(minor) for minor in _RELEASE.findall(text)}
        return cls(minors.pop()) if len(minors) == 1 else None


@dataclass(frozen=True, slots=True)
class Gate:
    """A behaviour that holds from release 4.``since`` until before 4.``until`` (None: still)."""

    name: str
    since: int
    until: int | None
    what: str

    def holds_in(self, minor: int) -> bool:
        """Say whether the behaviour holds in release 4.``minor``."""
        return self.since <= minor and (self.until is None or minor < self.until)

    def __str__(self) -> str:
        span = f"since 4.{self.since}" if self.since > OLDEST_MINOR else ""
        if self.until is not None:
            span = f"{span} until 4.{self.until - 1}".strip()
        return f"{self.what} ({span})" if span else self.what


@dataclass(frozen=True, slots=True)
class ReleaseSpan:
    """Consecutive releases, 4.``since`` to 4.``until``; None is open, to the oldest or newest."""

    since: int | None = None
    until: int | None = None

    @classmethod
    def parse(cls, text: str) -> ReleaseSpan:
        """Read ``all``, ``4.13``, ``4.13 and later``, ``until 4.12`` or ``4.14 to 4.16``.

        Raises:
            ValueError: The text is none of these.

        """
        found = _SPAN.fullmatch(text)
        if found is None or (found["to"] and int(found["to"]) <= int(found["from"])):
            raise ValueError(
                f"'{text}' is none of 'all', '4.13', '4.13 and later', 'until 4.12', '4.14 to 4.16'"
            )
        if found["only"]:
            return cls(int(found["only"]), int(found["only"]))
        first, last = found["later"] or found["from"], found["until"] or found["to"]
        return cls(int(first) if first else None, int(last) if last else None)

    def __contains__(self, minor: int) -> bool:
        return (self.since or 0) <= minor and (self.until is None or minor <= self.until)


_SPAN = regex(
    r"all|4\.(?P<only>\d{1,3})|4\.(?P<later>\d{1,3}) and later|until 4\.(?P<until>\d{1,3})"
    r"|4\.(?P<from>\d{1,3}) to 4\.(?P<to>\d{1,3})",
    re.ASCII,
)


class Undecided(Exception):  # noqa: N818 - no error: a question with two answers
    """The releases under consideration disagree about a gate."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(gate.name)
        self.gate = gate


@dataclass(frozen=True, slots=True)
class Releases:
    """The set of releases under consideration: one when the target is known.

    ``target`` are those that the target may be, of which this may be one side of a gate.
    """

    minors: tuple[int, ...]
    target: tuple[int, ...] = field(default=(), compare=False)

    @classmethod
    def every(cls) -> Releases:
        """Every release with workload partitioning."""
        return cls(tuple(range(OLDEST_MINOR, NEWEST_MINOR + 1)))

    @classmethod
    def only(cls, release: Release) -> Releases:
        """Just this release."""
        return cls((release.minor,))

    @property
    def known(self) -> Release | None:
        """The target release where it is known."""
        target = self.target or self.minors
        return Release(target[0]) if len(target) == 1 else None

    def has(self, gate: Gate) -> bool:
        """Say whether the behaviour holds.

        Raises:
            Undecided: It holds in some of the releases under consideration only.

        """
        answers = {gate.holds_in(minor) for minor in self.minors}
        if len(answers) != 1:
            raise Undecided(gate)
        return answers.pop()

    def possibly(self, gate: Gate, *, holds: bool = True) -> bool:
        """Say whether the target may have the behaviour (or not), whichever side this is."""
        return any(gate.holds_in(minor) is holds for minor in self.target or self.minors)

    def where(self, gate: Gate, *, holds: bool = True) -> Releases:
        """Return the releases in which the behaviour holds (or does not)."""
        return Releases(tuple(m for m in self.minors if gate.holds_in(m) is holds))

    def side(self, gate: Gate, *, holds: bool) -> Releases:
        """Return one side of a gate, still knowing the releases that the target may be."""
        minors = tuple(m for m in self.minors if gate.holds_in(m) is holds)
        return Releases(minors, self.target or self.minors)

    def __str__(self) -> str:
        if not self.minors:
            return "no release"
        first, last = self.minors[0], self.minors[-1]
        return f"4.{first}" if first == last else f"4.{first} to 4.{last}"


def in_every_release(
    releases: Releases, evaluate: Callable[[Releases], T]
) -> list[tuple[Releases, T]]:
    """Evaluate once per group of releases that behave alike, oldest group first.

    ``evaluate`` must be a pure function of the releases; it is called again with fewer releases
    when it asked a question that they answer differently.
    """
    try:
        return [(releases, evaluate(releases))]
    except Undecided as fork:
        sides = (releases.side(fork.gate, holds=False), releases.side(fork.gate, holds=True))
    groups = [group for side in sides for group in in_every_release(side, evaluate)]
    return sorted(groups, key=lambda group: group[0].minors)


# --- the gates -----------------------------------------------------------------------------------
# Sources: openshift/cluster-node-tuning-operator (NTO), openshift/machine-config-operator (MCO),
# openshift-kni/performance-addon-operators (PAO), openshift/api, each read per release branch.


def _gate(name: str, what: str, since: int = OLDEST_MINOR, until: int | None = None) -> Gate:
    gate = Gate(name, since, until, what)
    GATES[name] = gate
    return gate


GATES: dict[str, Gate] = {}
"""Every gate by name, for documentation and tests."""

ADDON_OPERATOR = _gate(
    "addon-operator", "profiles are handled by the separate Performance Addon Operator", until=11
)
KUBELETCONFIG_AT_BOOTSTRAP = _gate(
    "kubeletconfig-at-bootstrap",
    "KubeletConfigs are rendered while bootstrapping, where two for one pool are fatal",
    10,
)
CPU_PARTITIONING_API = _gate(
    "cpu-partitioning-api", "workload partitioning is enabled by cpuPartitioning: AllNodes", 13
)
TECH_PREVIEW_MULTI_NODE = _gate(
    "tech-preview-multi-node", "multi-node workload partitioning is a Technology Preview", 13, 14
)
NODE_TUNING_CAPABILITY = _gate(
    "node-tuning-capability", "the Node Tuning Operator is an optional capability", 13
)
PROFILE_WITHOUT_POOL_FATAL = _gate(
    "profile-without-pool-fatal", "render fails for a profile that matches no pool", 14
)
CRIO_DEFAULT_DROPIN = _gate(
    "crio-default-dropin",
    "render writes 01-workload-pinning-default.conf with an empty cpuset",
    14,
)
LEGACY_SNO_DETECTION = _gate(
    "legacy-sno-detection", "render treats a legacy single-node MachineConfig as AllNodes", 14
)
LEGACY_SNO_MIGRATION = _gate(
    "legacy-sno-migration", "the operator migrates a legacy single-node cluster to AllNodes", 13, 17
)
LEGACY_SNO_SUPPORTED = _gate(
    "legacy-sno-supported",
    "the hand-made MachineConfig is enough to partition a single-node cluster",
    until=17,
)
WEAK_OWNER_LABEL = _gate("weak-owner-label", "rendered objects name their profile in a label", 14)
OVS_SLICE = _gate("ovs-slice", "Open vSwitch runs in a slice of its own", 14)
RT_TUNED_CHILD = _gate("rt-tuned-child", "the Tuned object has a real-time child profile", 14)
IMPLIED_POOLS_IN_RENDER = _gate(
    "implied-pools-in-render", "render adds the built-in master and worker pools", 15
)
CUSTOM_POOL_BEATS_WORKER = _gate(
    "custom-pool-beats-worker",
    "MachineConfigs of role worker are merged before all others, whatever their names",
    15,
)
MIXED_CPUS = _gate("mixed-cpus", "cpu.shared and workloadHints.mixedCpus exist", 15)
ALL_SETS_DISJOINT = _gate(
    "all-sets-disjoint", "the API checks every pair of CPU sets for overlap", 15
)
VENDOR_TUNED_CHILDREN = _gate(
    "vendor-tuned-children", "the Tuned object has one child profile per CPU vendor", 16
)
HARDWARE_TUNING = _gate("hardware-tuning", "spec.hardwareTuning exists", 16)
NORMALISED_ISOLATED = _gate(
    "normalised-isolated", "isolated_cores is written in canonical form", 16
)
IOMMU_ARGUMENTS = _gate(
    "iommu-arguments", "TuneD adds intel_iommu=on iommu=pt to the kernel command line", 11, 16
)
NOHZ_FULL_OWN_LINE = _gate("nohz-full-own-line", "nohz_full has a cmdline variable of its own", 16)
INHERIT_DEFAULT_RUNTIME = _gate(
    "inherit-default-runtime", "the high-performance runtime inherits CRI-O's default runtime", 18
)
KERNEL_PAGE_SIZE = _gate("kernel-page-size", "spec.kernelPageSize exists", 18)
IGNITION_DOWNGRADED = _gate(
    "ignition-downgraded", "MachineConfigs of Ignition 3.3 and 3.4 are read and converted", 13
)
IGNITION_3_4 = _gate("ignition-3.4", "MachineConfigs may use Ignition 3.4", 14)
IGNITION_3_5 = _gate("ignition-3.5", "MachineConfigs may use Ignition 3.5", 19)
RPS_SYSCTL = _gate("rps-sysctl", "the RPS mask is a sysctl file", 13)
RPS_FALSE_RECOGNISED = _gate("rps-false-recognised", 'enable-rps: "false" is recognised', 19)
RPS_OFF_BY_DEFAULT = _gate("rps-off-by-default", "receive packet steering is off by default", 20)
ARBITER_POOL = _gate("arbiter-pool", "the arbiter pool exists", 20)
EXEC_CPU_AFFINITY = _gate(
    "exec-cpu-affinity", "CRI-O gets exec_cpu_affinity and the subgroup annotation", 21
)
DRA_ANNOTATION = _gate("dra-annotation", "the dra-resource-management annotation exists", 22)
INJECTED_GOMAXPROCS = _gate("injected-gomaxprocs", "CRI-O gets min_injected_gomaxprocs", 22)
STALLD_BACKEND = _gate("stalld-backend", "render writes the stalld backend files", 22)
OVS_DPDK = _gate("ovs-dpdk", "cpu.ovsDpdk exists", 23)
NORMALISED_RESERVED = _gate(
    "normalised-reserved", "reservedSystemCPUs is written in canonical form", 23
)
UNCONDITIONAL_NOHZ_FULL = _gate(
    "unconditional-nohz-full", "nohz_full is set whatever the workload hints say", 23
)
OFFLINED_CPUS = _gate("offlined-cpus", "cpu.offlined and workloadHints exist", 11)
RPS_ANNOTATION = _gate("rps-annotation", "the annotation enable-rps is read", 12)
PER_POD_POWER = _gate("per-pod-power", "workloadHints.perPodPowerManagement exists", 12)
FULL_EVICTION_DEFAULTS = _gate(
    "full-eviction-defaults", "the generated KubeletConfig sets all eviction thresholds", 12
)
POWER_ANNOTATIONS = _gate(
    "power-annotations", "the high-performance runtime allows the power annotations", 12
)
AFFINITY_IN_CPU_PART = _gate(
    "affinity-in-cpu-part", "TuneD sets systemd.cpu_affinity for every profile", 11
)
DYNAMIC_RUNTIME = _gate(
    "dynamic-runtime", "the high-performance runtime follows the pool's default runtime", 13, 18
)
PINNING_FROM_PROFILE = _gate(
    "pinning-from-profile", "a profile's MachineConfig carries the pinning files", 13
)
STATIC_MEMORY_MANAGER = _gate(
    "static-memory-manager", "a NUMA topology policy makes the memory manager static", 9
)
FULL_PCPUS_ONLY = _gate(
    "full-pcpus-only", "the policy single-numa-node sets the CPU manager's full-pcpus-only", 10
)
IRQBALANCE_PLUGIN_OFF = _gate("irqbalance-plugin-off", "TuneD's irqbalance plugin is off", 11)
IRQ_PROCESS_OFF = _gate("irq-process-off", "TuneD leaves the affinity of interrupts alone", 12)
TSC_RELIABLE = _gate("tsc-reliable", "TuneD trusts the time stamp counter: tsc=reliable", 13)
POOL_MATCHING_IN_RENDER = _gate(
    "pool-matching-in-render", "render matches profiles with pools and reads v2 profiles only", 13
)
TEMPLATED_BOOTSTRAP_PAYLOAD = _gate(
    "templated-bootstrap-payload", "the pool's pinning file starts with a line break", 14
)
ARM_BY_ARCHITECTURE = _gate(
    "arm-by-architecture", "TuneD recognises Arm by the architecture, not the vendor", 18
)
RPS_ENABLE_RECOGNISED = _gate(
    "rps-enable-recognised", "enable-rps: enable and disable are recognised", 20
)
CGROUP_V1_FORCED = _gate(
    "cgroup-v1-forced", "a profile switches the cluster to control groups of version 1", 14, 16
)
