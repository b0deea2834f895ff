"""What a PerformanceProfile says beside its CPU sets and selectors.

Format: openshift/cluster-node-tuning-operator
``pkg/apis/performanceprofile/v2/performanceprofile_types.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.hugepages import HugePages, read_hugepages
from linter.records import dataclass

if TYPE_CHECKING:
    from linter.sources.fields import Field
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

TOPOLOGY_POLICIES = ("none", "best-effort", "restricted", "single-numa-node")
LARGE_KERNEL_PAGES = "64k"
_IRQ_BALANCING = "globallyDisableIrqLoadBalancing"
KERNEL_PAGE_SIZES = ("4k", LARGE_KERNEL_PAGES)


@dataclass(frozen=True, slots=True)
class WorkloadHints:
    """``spec.workloadHints``; ``real_time`` is on where it is absent, everything else off."""

    real_time: Field[bool]
    high_power: Field[bool]
    per_pod_power: Field[bool]
    mixed_cpus: Field[bool]


@dataclass(frozen=True, slots=True)
class NetDevice:
    """One entry of ``spec.net.devices``."""

    interface: Field[str]
    vendor: Field[str]
    device: Field[str]
    ref: Ref


@dataclass(frozen=True, slots=True)
class Frequencies:
    """``spec.hardwareTuning``: the highest frequencies in kHz."""

    isolated: Field[int]
    reserved: Field[int]


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """The settings of a profile as they are written.

    ``irq_balancing_off`` is ``spec.globallyDisableIrqLoadBalancing``.
    """

    hints: WorkloadHints
    hugepages: HugePages
    frequencies: Frequencies
    real_time_kernel: Field[bool]
    kernel_page_size: Field[str]
    topology_policy: Field[str]
    user_level_networking: Field[bool]
    net_devices: tuple[NetDevice, ...]
    irq_balancing_off: Field[bool]


def read_profile_settings(root: Node) -> ProfileSettings:
    """Read the settings of a profile, given by its root."""
    spec = root.at("spec")
    hints, net, tuning = spec.at("workloadHints"), spec.at("net"), spec.at("hardwareTuning")
    return ProfileSettings(
        hints=WorkloadHints(
            hints.at("realTime").boolean(),
            hints.at("highPowerConsumption").boolean(),
            hints.at("perPodPowerManagement").boolean(),
            hints.at("mixedCpus").boolean(),
        ),
        hugepages=read_hugepages(spec),
        frequencies=Frequencies(
            tuning.at("isolatedCpuFreq").integer(), tuning.at("reservedCpuFreq").integer()
        ),
        real_time_kernel=spec.at("realTimeKernel", "enabled").boolean(),
        kernel_page_size=spec.at("kernelPageSize").text(),
        topology_policy=spec.at("numa", "topologyPolicy").text(),
        user_level_networking=net.at("userLevelNetworking").boolean(),
        net_devices=tuple(_device(entry) for entry in net.at("devices").elements()),
        irq_balancing_off=spec.at(_IRQ_BALANCING).boolean(),
    )


def _device(entry: Node) -> NetDevice:
    return NetDevice(
        entry.at("interfaceName").text(),
        entry.at("vendorID").text(),
        entry.at("deviceID").text(),
        entry.ref,
    )
