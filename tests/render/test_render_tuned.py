from __future__ import annotations

from typing import Any

import pytest
from rendering_inputs import (
    ISOLATED,
    ROLE,
    of_profile,
    profile,
    tuned_settings,
    tuned_text,
)

from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR
from linter.render import OwnerReference, RenderError

NEWEST = NEWEST_MINOR
PREFIX = "openshift-node-performance"
AFFINITY = "systemd.cpu_affinity=${not_isolated_cores_expanded}"
NOHZ_FULL = "nohz_full=${isolated_cores}"
IOMMU = "intel_iommu=on iommu=pt"


def where(settings: dict[str, str], argument: str) -> list[str]:
    """Return the kernel command line variables that hold the argument."""
    return [
        key.removeprefix("bootloader.")
        for key, value in settings.items()
        if argument in value.removeprefix("+").split()
    ]


# --- the object -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "suffixes"),
    [
        (13, [""]),
        (14, ["", "-rt"]),
        (15, ["", "-rt"]),
        (16, ["", "-rt", "-amd-x86", "-arm-aarch64", "-intel-x86"]),
        (NEWEST, ["", "-rt", "-amd-x86", "-arm-aarch64", "-intel-x86"]),
    ],
)
def test_profile_names(minor: int, suffixes: list[str]) -> None:
    spec = of_profile(minor, profile(), "tuned")["spec"]
    names = [entry["name"] for entry in spec["profile"]]
    assert names == [f"{PREFIX}{suffix}-edge" for suffix in suffixes]
    include = tuned_settings(minor, profile())["main.include"]
    assert include.startswith("openshift-node,cpu-partitioning")
    assert (f"{PREFIX}-rt-edge" in include) is ("-rt" in suffixes)
    assert ("lscpu_check" in include) is ("-amd-x86" in suffixes)
    for entry in spec["profile"]:
        assert "[main]\nsummary=" in entry["data"]


@pytest.mark.parametrize(
    ("minor", "arm"), [(17, r"Vendor ID\:\s*ARM:arm"), (18, r"Architecture\:\s*aarch64:arm")]
)
def test_how_arm_is_recognised(minor: int, arm: str) -> None:
    assert f"AuthenticAMD:amd:{arm}}}" in tuned_settings(minor, profile())["main.include"]


def test_recommendation() -> None:
    tuned = of_profile(NEWEST, profile(role="master"), "tuned", owner=OwnerReference.NONE)
    assert tuned["apiVersion"] == "tuned.openshift.io/v1"
    assert tuned["spec"]["recommend"] == [
        {
            "profile": f"{PREFIX}-edge",
            "priority": 20,
            "machineConfigLabels": {ROLE: "master"},
        }
    ]


# --- isolated CPUs --------------------------------------------------------------------------------


@pytest.mark.parametrize(("minor", "expected"), [(15, "47,4-46"), (16, "4-47")])
def test_isolated_list_is_normalised(minor: int, expected: str) -> None:
    settings = tuned_settings(minor, profile(cpu={"isolated": "47,4-46"}))
    assert settings["variables.isolated_cores"] == expected


@pytest.mark.parametrize(("minor", "is_known"), [(22, False), (23, True)])
def test_dpdk_cpus_are_isolated(minor: int, is_known: bool) -> None:
    given = profile(cpu={"reserved": "0-1", "isolated": "4-9", "ovsDpdk": "2-3", "shared": "10-11"})
    settings = tuned_settings(minor, given)
    assert settings["variables.isolated_cores"] == ("2-9" if is_known else "4-9")
    irqaffinity = settings.get("bootloader.cmdline_irqaffinity")
    assert irqaffinity == ("+irqaffinity=0-1,4-11" if is_known else None)
    unshared = profile(cpu={"reserved": "0-1", "isolated": "4-9", "ovsDpdk": "2-3"})
    irqaffinity = tuned_settings(minor, unshared).get("bootloader.cmdline_irqaffinity")
    assert irqaffinity == ("+irqaffinity=0-1,4-9" if is_known else None)


def test_offlined_cpus_are_not_isolated() -> None:
    given = profile(cpu={"isolated": "4-9", "offlined": "10-11"})
    assert tuned_settings(NEWEST, given)["variables.isolated_cores"] == "4-9"
    assert "10" not in tuned_text(NEWEST, given)


# --- kernel arguments -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "variable"), [(10, "cmdline_realtime"), (11, "cmdline_cpu_part")]
)
def test_where_the_affinity_of_systemd_is(minor: int, variable: str) -> None:
    assert where(tuned_settings(minor, profile()), AFFINITY) == [variable]


@pytest.mark.parametrize(
    ("minor", "variable"),
    [(10, "cmdline_realtime"), (11, "cmdline_cpu_part"), (15, "cmdline_cpu_part"), (16, None)],
)
def test_where_the_iommu_is_switched_on(minor: int, variable: str | None) -> None:
    values = tuned_settings(minor, profile())
    found = [key for key, value in values.items() if IOMMU in value]
    assert found == ([f"bootloader.{variable}"] if variable else [])


@pytest.mark.parametrize(
    ("minor", "real_time", "variable"),
    [
        (10, True, None),
        (11, True, "cmdline_realtime"),
        (11, False, None),
        (15, True, "cmdline_realtime"),
        (16, True, "cmdline_realtime_nohzfull"),
        (16, False, None),
        (22, True, "cmdline_realtime_nohzfull"),
        (22, False, None),
        (23, True, "cmdline_cpu_part_nohzfull"),
        (23, False, "cmdline_cpu_part_nohzfull"),
    ],
)
def test_where_nohz_full_is(minor: int, real_time: bool, variable: str | None) -> None:
    settings = tuned_settings(minor, profile(workloadHints={"realTime": real_time}))
    assert where(settings, NOHZ_FULL) == ([variable] if variable else [])


@pytest.mark.parametrize(("minor", "tsc"), [(12, "nowatchdog"), (13, "reliable")])
def test_trust_in_the_time_stamp_counter(minor: int, tsc: str) -> None:
    assert where(tuned_settings(minor, profile()), f"tsc={tsc}") == ["cmdline_realtime"]


@pytest.mark.parametrize(
    ("minor", "variable"), [(10, "cmdline_realtime"), (11, "cmdline_isolation")]
)
@pytest.mark.parametrize(("balanced", "flags"), [(True, ""), (False, "domain,"), (None, "")])
def test_isolcpus(minor: int, variable: str, balanced: bool | None, flags: str) -> None:
    cpu = {} if balanced is None else {"balanceIsolated": balanced}
    settings = tuned_settings(minor, profile(cpu=cpu))
    assert where(settings, f"isolcpus={flags}managed_irq,${{isolated_cores}}") == [variable]


def test_every_release_keeps_work_away_from_the_isolated_cpus() -> None:
    for minor in range(OLDEST_MINOR, NEWEST + 1):
        settings = tuned_settings(minor, profile())
        assert settings["variables.isolated_cores"] == ISOLATED
        for argument in ("nohz=on", "rcu_nocbs=${isolated_cores}", AFFINITY):
            assert len(where(settings, argument)) == 1, (minor, argument)
        assert all(
            value.startswith("+") for key, value in settings.items() if key.startswith("boot")
        )


def test_additional_arguments() -> None:
    given = profile(additionalKernelArgs=["audit=0", "a.b=c d"])
    assert tuned_settings(NEWEST, given)["bootloader.cmdline_additionalArg"] == "+audit=0 a.b=c d"
    assert "bootloader.cmdline_additionalArg" not in tuned_settings(NEWEST, profile())


@pytest.mark.parametrize(
    ("pages", "default", "expected"),
    [
        ([], "1G", "default_hugepagesz=1G"),
        (
            [{"size": "1G", "count": 8}, {"size": "2M", "count": 64}],
            "1G",
            "default_hugepagesz=1G hugepagesz=1G hugepages=8 hugepagesz=2M hugepages=64",
        ),
        ([{"size": "1G", "count": 8, "node": 0}], "1G", "default_hugepagesz=1G"),
        (
            [{"size": "2M", "count": 8, "node": 0}],
            "1G",
            "default_hugepagesz=1G hugepagesz=2M hugepages=0",
        ),
        (
            [{"size": "2M", "count": 8, "node": 1}, {"size": "2M", "count": 9}],
            "1G",
            "default_hugepagesz=1G hugepagesz=2M hugepages=9",
        ),
        ([{"size": "2M", "count": 8, "node": 0}], "2M", "default_hugepagesz=2M"),
    ],
)
def test_hugepages(pages: list[dict[str, Any]], default: str, expected: str) -> None:
    given = profile(hugepages={"defaultHugepagesSize": default, "pages": pages})
    assert tuned_settings(NEWEST, given)["bootloader.cmdline_hugepages"] == f"+{expected}"


# --- other settings that follow from CPUs ---------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "plugin", "irq_process"),
    [
        (10, ("irqbalance.banned_cpus", '""'), None),
        (11, ("irqbalance.enabled", "false"), None),
        (12, ("irqbalance.enabled", "false"), "false"),
    ],
)
def test_interrupts_by_release(
    minor: int, plugin: tuple[str, str], irq_process: str | None
) -> None:
    settings = tuned_settings(minor, profile())
    assert plugin in settings.items()
    assert settings["scheduler.default_irq_smp_affinity"] == "ignore"
    assert settings.get("scheduler.irq_process") == irq_process


def test_interrupts_without_load_balancing() -> None:
    settings = tuned_settings(NEWEST, profile(globallyDisableIrqLoadBalancing=True))
    assert not [key for key in settings if key.startswith(("irqbalance", "scheduler"))]
    # A v1 profile that does not say otherwise converts to a v2 profile that disables it.
    assert "irqbalance.enabled" not in tuned_settings(12, profile(api="v1"))
    explicit = profile(api="v1", globallyDisableIrqLoadBalancing=False)
    assert "irqbalance.enabled" in tuned_settings(12, explicit)


def test_network_queues() -> None:
    assert "channels" not in tuned_text(NEWEST, profile(net={"userLevelNetworking": False}))
    everywhere = tuned_settings(NEWEST, profile(net={"userLevelNetworking": True}))
    assert everywhere["net.channels"] == "combined 8"
    devices = [
        {"interfaceName": "!ens*"},
        {"vendorID": "0x15b3", "deviceID": "0x1017", "interfaceName": "eth?"},
    ]
    chosen = tuned_settings(NEWEST, profile(net={"userLevelNetworking": True, "devices": devices}))
    assert chosen["net.type"] == "net"
    assert chosen["net.devices_udev_regex"] == "^INTERFACE=(?!ens.*)"
    assert chosen["net_1.devices_udev_regex"] == (
        r"^ID_MODEL_ID=0x1017[\s\S]*^ID_VENDOR_ID=0x15b3[\s\S]*^INTERFACE=eth?"
    )
    assert chosen["net_1.channels"] == "combined 8"


@pytest.mark.parametrize(("minor", "is_known"), [(15, False), (16, True)])
def test_frequencies(minor: int, is_known: bool) -> None:
    given = profile(
        cpu={"reserved": "0", "isolated": "1-2"},
        hardwareTuning={"isolatedCpuFreq": 2500000, "reservedCpuFreq": 2800000},
    )
    lines = [line for line in tuned_text(minor, given).splitlines() if "scaling_max" in line]
    policy = "/sys/devices/system/cpu/cpufreq/policy{}/scaling_max_freq={}"
    expected = [(1, 2500000), (2, 2500000), (0, 2800000)]
    assert lines == ([policy.format(cpu, khz) for cpu, khz in expected] if is_known else [])


@pytest.mark.parametrize(("minor", "is_known"), [(11, False), (12, True)])
def test_hints_that_exclude_each_other(minor: int, is_known: bool) -> None:
    given = profile(workloadHints={"highPowerConsumption": True, "perPodPowerManagement": True})
    if not is_known:
        assert tuned_text(minor, given)
        return
    with pytest.raises(RenderError, match="exclude each other") as raised:
        tuned_text(minor, given)
    assert raised.value.path == ("spec", "workloadHints")
