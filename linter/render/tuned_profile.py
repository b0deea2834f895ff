"""The text of the main TuneD profile, as far as it follows from a PerformanceProfile's CPUs.

Source: openshift/cluster-node-tuning-operator, ``assets/performanceprofile/tuned/
openshift-node-performance`` and ``components/tuned/tuned.go`` per release branch (4.8 to 4.10:
openshift-kni/performance-addon-operators, ``build/assets/tuned``). Keys and values are the
operator's. Its own text has more: sysctl, service, power and scheduler settings that are the same
for every list of CPUs, and kernel arguments that the vendor profiles compose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.releases import (
    AFFINITY_IN_CPU_PART,
    ARM_BY_ARCHITECTURE,
    HARDWARE_TUNING,
    IOMMU_ARGUMENTS,
    IRQ_PROCESS_OFF,
    IRQBALANCE_PLUGIN_OFF,
    NOHZ_FULL_OWN_LINE,
    NORMALISED_ISOLATED,
    OVS_DPDK,
    RT_TUNED_CHILD,
    TSC_RELIABLE,
    UNCONDITIONAL_NOHZ_FULL,
    VENDOR_TUNED_CHILDREN,
)

if TYPE_CHECKING:
    from linter.formats.cpuset import CpuSet
    from linter.model.releases import Releases
    from linter.render.profile import NetDevice, ProfileInput

PREFIX = "openshift-node-performance"

_FREQUENCY = "/sys/devices/system/cpu/cpufreq/policy{cpu}/scaling_max_freq={khz}"
_ANY_TEXT = r"[\s\S]*"


def main_profile_text(profile: ProfileInput, releases: Releases) -> str:
    """Return the ``data`` of ``openshift-node-performance-<profile>``."""
    sections = [
        _heading(profile, releases),
        _variables(profile, releases),
        *_interrupts(profile, releases),
        *_channels(profile),
        _bootloader(profile, releases),
        *_frequencies(profile, releases),
    ]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def isolated_cpus(profile: ProfileInput, releases: Releases) -> CpuSet:
    """Return the CPUs of TuneD's ``isolated_cores``: those of OVS-DPDK are isolated, too."""
    isolated = profile.cpu.isolated.cpus
    if profile.cpu.ovs_dpdk and releases.has(OVS_DPDK):
        return isolated | profile.cpu.ovs_dpdk.cpus
    return isolated


def _heading(profile: ProfileInput, releases: Releases) -> list[str]:
    include = "openshift-node,cpu-partitioning"
    if releases.has(RT_TUNED_CHILD):
        include += (
            f"${{f:regex_search_ternary:${{f:exec:uname:-r}}:rt:,{PREFIX}-rt-{profile.name}:}}"
        )
    if releases.has(VENDOR_TUNED_CHILDREN):
        arm = r"Architecture\:\s*aarch64:arm"
        if not releases.has(ARM_BY_ARCHITECTURE):
            arm = r"Vendor ID\:\s*ARM:arm"
        include += (
            rf";{PREFIX}-${{f:lscpu_check:Vendor ID\:\s*GenuineIntel:intel:"
            rf"Vendor ID\:\s*AuthenticAMD:amd:{arm}}}"
            r"-${f:lscpu_check:Architecture\:\s*x86_64:x86:Architecture\:\s*aarch64:aarch64}"
            f"-{profile.name}"
        )
    return [
        f"# What follows from the CPUs of PerformanceProfile {profile.name}.",
        "# The operator's own text also holds settings that are the same for every list of CPUs.",
        "[main]",
        f"summary=CPU partitioning of PerformanceProfile {profile.name}",
        f"include={include}",
    ]


def _variables(profile: ProfileInput, releases: Releases) -> list[str]:
    isolated = profile.cpu.isolated.text
    if releases.has(NORMALISED_ISOLATED):
        isolated = str(isolated_cpus(profile, releases))
    return [
        "[variables]",
        f"isolated_cores={isolated}",
        "not_isolated_cores_expanded=${f:cpulist_invert:${isolated_cores_expanded}}",
    ]


def _interrupts(profile: ProfileInput, releases: Releases) -> list[list[str]]:
    if profile.no_irq_balancing:
        return []
    plugin = "enabled=false" if releases.has(IRQBALANCE_PLUGIN_OFF) else 'banned_cpus=""'
    scheduler = ["[scheduler]", "default_irq_smp_affinity=ignore"]
    if releases.has(IRQ_PROCESS_OFF):
        scheduler.append("irq_process=false")
    return [["[irqbalance]", plugin], scheduler]


def _channels(profile: ProfileInput) -> list[list[str]]:
    """Return the sections that give network devices one queue for each reserved CPU."""
    if not profile.user_level_networking:
        return []
    channels = f"channels=combined {len(profile.cpu.reserved.cpus)}"
    if not profile.net_devices:
        return [["[net]", channels]]
    return [
        [
            f"[net_{index}]" if index else "[net]",
            "type=net",
            f"devices_udev_regex={_udev_regex(device)}",
            channels,
        ]
        for index, device in enumerate(profile.net_devices)
    ]


def _udev_regex(device: NetDevice) -> str:
    terms = []
    if device.device is not None:
        terms.append(f"^ID_MODEL_ID={device.device}")
    if device.vendor is not None:
        terms.append(f"^ID_VENDOR_ID={device.vendor}")
    if device.interface is not None:
        name = device.interface.replace("*", ".*")
        terms.append(f"^INTERFACE=(?!{name[1:]})" if name[:1] == "!" else f"^INTERFACE={name}")
    return _ANY_TEXT.join(terms)


def _bootloader(profile: ProfileInput, releases: Releases) -> list[str]:
    arguments = _isolation(profile, releases)
    if profile.default_page_size:
        pages = [f"default_hugepagesz={profile.default_page_size}", *_hugepages(profile)]
        arguments["cmdline_hugepages"] = " ".join(pages)
    if profile.cpu.ovs_dpdk and releases.has(OVS_DPDK):
        everyone = isolated_cpus(profile, releases) | profile.cpu.reserved.cpus
        if profile.cpu.shared:
            everyone = everyone | profile.cpu.shared.cpus
        arguments["cmdline_irqaffinity"] = f"irqaffinity={everyone - profile.cpu.ovs_dpdk.cpus}"
    if profile.kernel_arguments:
        arguments["cmdline_additionalArg"] = " ".join(profile.kernel_arguments)
    return ["[bootloader]", *(f"{name}=+{value}" for name, value in arguments.items())]


def _isolation(profile: ProfileInput, releases: Releases) -> dict[str, str]:
    """Return the kernel arguments that keep work away from the isolated CPUs."""
    cpu_part = "nohz=on rcu_nocbs=${isolated_cores} tuned.non_isolcpus=${not_isolated_cpumask}"
    affinity = "systemd.cpu_affinity=${not_isolated_cores_expanded}"
    iommu = "intel_iommu=on iommu=pt"
    domain = "" if profile.cpu.balance_isolated else "domain,"
    isolation = f"isolcpus={domain}managed_irq,${{isolated_cores}}"
    if not releases.has(AFFINITY_IN_CPU_PART):
        return {
            "cmdline_cpu_part": f"{cpu_part} intel_pstate=disable nosoftlockup",
            "cmdline_realtime": f"tsc=nowatchdog {iommu} {isolation} {affinity}",
        }
    cpu_part = f"{cpu_part} {affinity}"
    if releases.has(IOMMU_ARGUMENTS):
        cpu_part = f"{cpu_part} {iommu}"
    arguments = {"cmdline_cpu_part": cpu_part}
    nohz_full = "nohz_full=${isolated_cores}"
    if releases.has(UNCONDITIONAL_NOHZ_FULL):
        arguments["cmdline_cpu_part_nohzfull"] = nohz_full
    arguments["cmdline_isolation"] = isolation
    if not profile.hints.real_time or releases.has(UNCONDITIONAL_NOHZ_FULL):
        return arguments
    if releases.has(NOHZ_FULL_OWN_LINE):
        arguments["cmdline_realtime_nohzfull"] = nohz_full
    else:
        tsc = "reliable" if releases.has(TSC_RELIABLE) else "nowatchdog"
        arguments["cmdline_realtime"] = (
            f"{nohz_full} tsc={tsc} nosoftlockup nmi_watchdog=0 mce=off skew_tick=1 "
            "rcutree.kthread_prio=11"
        )
    return arguments


def _hugepages(profile: ProfileInput) -> list[str]:
    """Return the arguments of pages that belong to no NUMA node; a unit allocates the others."""
    anywhere = [page for page in profile.pages if page.node is None]
    arguments = [
        argument
        for page in anywhere
        for argument in (f"hugepagesz={page.size}", f"hugepages={page.count}")
    ]
    small = [page for page in profile.pages if page.size == "2M"]
    if small and profile.default_page_size == "1G" and not set(small) & set(anywhere):
        # The kernel offers 2M pages at all only if they are named.
        arguments += ["hugepagesz=2M", "hugepages=0"]
    return arguments


def _frequencies(profile: ProfileInput, releases: Releases) -> list[list[str]]:
    if not profile.frequencies or not releases.has(HARDWARE_TUNING):
        return []
    lists = (
        (isolated_cpus(profile, releases), profile.frequencies.isolated),
        (profile.cpu.reserved.cpus, profile.frequencies.reserved),
    )
    lines = [_FREQUENCY.format(cpu=cpu, khz=khz) for cpus, khz in lists for cpu in cpus]
    return [["[sysfs]", *lines]]
