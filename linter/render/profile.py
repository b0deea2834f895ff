"""A PerformanceProfile, read once into a record.

Source: openshift/cluster-node-tuning-operator,
``pkg/apis/performanceprofile/v2/performanceprofile_types.go``. What the admission webhook would
refuse and what would break a rendered text is a RenderError; whether the CPU sets overlap or leave
holes is not judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuListError, CpuSet, parse_cpuset
from linter.records import dataclass, field
from linter.regexes import regex
from linter.render.fields import Fields, quoted
from linter.render.names import is_subdomain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.render.error import RenderError

KIND = "PerformanceProfile"
GROUP = "performance.openshift.io"
V2 = f"{GROUP}/v2"
API_VERSIONS = (V2, f"{GROUP}/v1", f"{GROUP}/v1alpha1")

ROLE_LABEL = "machineconfiguration.openshift.io/role"
TOPOLOGY_POLICIES = ("none", "best-effort", "restricted", "single-numa-node")

_LONGEST_NAME = 200
_PAGE_SIZE = regex(r"[1-9][0-9]{0,5}[kMG]")


@dataclass(frozen=True, slots=True)
class CpuList:
    """A cpuset as it is written, and what it means."""

    text: str
    cpus: CpuSet


@dataclass(frozen=True, slots=True)
class CpuLists:
    """``spec.cpu``."""

    reserved: CpuList
    isolated: CpuList
    offlined: CpuList | None = None
    shared: CpuList | None = None
    ovs_dpdk: CpuList | None = None
    balance_isolated: bool = True


@dataclass(frozen=True, slots=True)
class WorkloadHints:
    """``spec.workloadHints``; ``real_time`` is on unless it is turned off."""

    real_time: bool = True
    high_power: bool = False
    per_pod_power: bool = False
    mixed_cpus: bool = False


@dataclass(frozen=True, slots=True)
class HugePages:
    """One entry of ``spec.hugepages.pages``; ``node`` is a NUMA node."""

    size: str
    count: int
    node: int | None


@dataclass(frozen=True, slots=True)
class NetDevice:
    """One entry of ``spec.net.devices``."""

    interface: str | None
    vendor: str | None
    device: str | None


@dataclass(frozen=True, slots=True)
class Frequencies:
    """``spec.hardwareTuning``: the highest frequencies in kHz."""

    isolated: int
    reserved: int


@dataclass(frozen=True, slots=True)
class ProfileInput:
    """What the rendered objects depend on. Build it with :meth:`read`.

    ``machine_config_label`` and ``pool_selector`` are None where the profile does not set them; an
    empty map is something else. ``default_page_size`` is set wherever there are ``pages``.
    """

    fields: Fields
    name: str
    uid: str
    api_version: str
    annotations: Mapping[str, str]
    node_selector: Mapping[str, str]
    machine_config_label: Mapping[str, str] | None
    pool_selector: Mapping[str, str] | None
    cpu: CpuLists
    hints: WorkloadHints = field(default_factory=WorkloadHints)
    real_time_kernel: bool = False
    kernel_page_size: str = ""
    topology_policy: str = ""
    kernel_arguments: tuple[str, ...] = ()
    default_page_size: str = ""
    pages: tuple[HugePages, ...] = ()
    user_level_networking: bool = False
    net_devices: tuple[NetDevice, ...] = ()
    no_irq_balancing: bool = False
    frequencies: Frequencies | None = None

    @property
    def role(self) -> str:
        """The part of the node selector's key after the slash, such as ``worker``.

        Raises:
            RenderError: The key is not of the form ``domain/role``.

        """
        key = next(iter(self.node_selector))
        domain, slash, role = key.partition("/")
        if not domain or not slash or "/" in role:
            raise self.error(
                f"the node selector key {quoted(key)} names no role; "
                f'write it as "node-role.kubernetes.io/<role>"',
                "spec",
                "nodeSelector",
                key,
            )
        return role

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its MachineConfig, which the Tuned object's recommendation repeats."""
        if self.machine_config_label is not None:
            return dict(self.machine_config_label)
        return {ROLE_LABEL: self.role}

    def error(self, message: str, *path: str | int) -> RenderError:
        """Return an error about a field of this profile, given from the top of the object."""
        return self.fields.error(message, *path)

    @classmethod
    def read(cls, manifest: object) -> ProfileInput:
        """Read a PerformanceProfile of any API version.

        Raises:
            RenderError: A field that matters is missing, of the wrong type, or not acceptable.

        """
        top = Fields.of_object(manifest, KIND)
        metadata, spec = top.fields("metadata"), top.fields("spec")
        api_version = top.text("apiVersion") or V2
        hugepages = spec.fields("hugepages")
        default_size, pages = _hugepages(hugepages)
        net = spec.fields("net")
        return cls(
            fields=top,
            name=_name(metadata),
            uid=metadata.line("uid") or "",
            api_version=api_version,
            annotations=metadata.strings("annotations") or {},
            node_selector=_node_selector(spec),
            machine_config_label=spec.labels("machineConfigLabel"),
            pool_selector=spec.labels("machineConfigPoolSelector"),
            cpu=_cpu(spec.fields("cpu")),
            hints=_hints(spec.fields("workloadHints")),
            real_time_kernel=spec.fields("realTimeKernel").boolean("enabled"),
            kernel_page_size=spec.line("kernelPageSize") or "",
            topology_policy=_topology_policy(spec.fields("numa")),
            kernel_arguments=spec.lines("additionalKernelArgs"),
            default_page_size=default_size,
            pages=pages,
            user_level_networking=net.boolean("userLevelNetworking"),
            net_devices=tuple(map(_net_device, net.items("devices"))),
            # Conversion from v1 to v2 turns absence into true: v1 always balanced by itself.
            no_irq_balancing=spec.boolean(
                "globallyDisableIrqLoadBalancing", default=api_version != V2
            ),
            frequencies=_frequencies(spec.fields("hardwareTuning")),
        )


def _name(metadata: Fields) -> str:
    name = metadata.text("name")
    if not name:
        raise metadata.error("the profile has no name, from which all names are made", "name")
    if not is_subdomain(name):
        raise metadata.error(
            f"{quoted(name)} is not the name of an object: lower case letters, digits, '-' and '.'",
            "name",
        )
    if len(name) > _LONGEST_NAME:
        raise metadata.error(
            f"the name has {len(name)} characters, and the names made from it would be too long",
            "name",
        )
    return name


def _node_selector(spec: Fields) -> dict[str, str]:
    labels = spec.labels("nodeSelector")
    if not labels:
        raise spec.error(
            "the profile selects no nodes: spec.nodeSelector is missing", "nodeSelector"
        )
    if len(labels) > 1:
        raise spec.error(
            f"a profile's node selector has exactly one label, but this one has {len(labels)}",
            "nodeSelector",
        )
    return labels


def _cpu(cpu: Fields) -> CpuLists:
    return CpuLists(
        reserved=_required_cpus(cpu, "reserved"),
        isolated=_required_cpus(cpu, "isolated"),
        offlined=_cpus(cpu, "offlined"),
        shared=_cpus(cpu, "shared"),
        ovs_dpdk=_cpus(cpu, "ovsDpdk"),
        balance_isolated=cpu.boolean("balanceIsolated", default=True),
    )


def _cpus(cpu: Fields, key: str) -> CpuList | None:
    text = cpu.text(key)
    if not text:
        return None
    try:
        return CpuList(text, parse_cpuset(text))
    except CpuListError as problem:
        raise cpu.error(f"spec.cpu.{key} is no CPU list: {problem}", key) from problem


def _required_cpus(cpu: Fields, key: str) -> CpuList:
    cpus = _cpus(cpu, key)
    if cpus is None:
        state = "is empty" if cpu.has(key) else "is missing"
        raise cpu.error(f"spec.cpu.{key} {state}; a profile names its {key} CPUs", key)
    return cpus


def _hints(hints: Fields) -> WorkloadHints:
    return WorkloadHints(
        real_time=hints.boolean("realTime", default=True),
        high_power=hints.boolean("highPowerConsumption"),
        per_pod_power=hints.boolean("perPodPowerManagement"),
        mixed_cpus=hints.boolean("mixedCpus"),
    )


def _topology_policy(numa: Fields) -> str:
    policy = numa.text("topologyPolicy") or ""
    if policy and policy not in TOPOLOGY_POLICIES:
        raise numa.error(
            f"{quoted(policy)} is no topology policy; they are {', '.join(TOPOLOGY_POLICIES)}",
            "topologyPolicy",
        )
    return policy


def _page_size(fields: Fields, key: str) -> str:
    size = fields.text(key) or ""
    if size and not _PAGE_SIZE.fullmatch(size):
        raise fields.error(f"{quoted(size)} is no page size such as 2M or 1G", key)
    return size


def _hugepages(hugepages: Fields) -> tuple[str, tuple[HugePages, ...]]:
    default_size = _page_size(hugepages, "defaultHugepagesSize")
    pages = []
    for entry in hugepages.items("pages"):
        size = _page_size(entry, "size")
        if not size:
            raise entry.error("the pages have no size", "size")
        count = entry.integer("count") or 0
        if count < 0:
            raise entry.error(f"{count} is no number of pages", "count")
        pages.append(HugePages(size, count, entry.integer("node")))
    if pages and not default_size:
        raise hugepages.error(
            "hugepages are given without their default size", "defaultHugepagesSize"
        )
    return default_size, tuple(pages)


def _net_device(device: Fields) -> NetDevice:
    return NetDevice(device.line("interfaceName"), device.line("vendorID"), device.line("deviceID"))


def _frequencies(tuning: Fields) -> Frequencies | None:
    isolated, reserved = tuning.integer("isolatedCpuFreq"), tuning.integer("reservedCpuFreq")
    if isolated is None and reserved is None:
        return None
    for key, frequency in (("isolatedCpuFreq", isolated), ("reservedCpuFreq", reserved)):
        if not frequency or frequency < 0:
            raise tuning.error(
                "hardware tuning needs both isolatedCpuFreq and reservedCpuFreq, in kHz", key
            )
    return Frequencies(isolated or 0, reserved or 0)
