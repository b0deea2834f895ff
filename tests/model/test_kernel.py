"""The CPUs on the kernel command line: MachineConfigs, profiles, and TuneD's merged profiles."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from builders import infrastructure, machine_config, node, profile

from linter.formats.cpuset import CpuSet

if TYPE_CHECKING:
    from linter.model.kernel import EffectiveKernel

BASE = infrastructure("AllNodes", "HighlyAvailable")
ROLE = "machineconfiguration.openshift.io/role"


def tuned(
    name: str, profiles: dict[str, str], recommend: dict[str, int], role: str = "master"
) -> str:
    """Return a Tuned object that recommends its profiles to the pools of a role."""
    listed = "".join(
        f"  - name: {key}\n    data: |\n{indent(data, ' ' * 6)}\n" for key, data in profiles.items()
    )
    wanted = "".join(
        f"  - profile: {key}\n    priority: {number}\n    machineConfigLabels: {{{ROLE}: {role}}}\n"
        for key, number in recommend.items()
    )
    return (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\n"
        f"metadata:\n  name: {name}\n  namespace: openshift-cluster-node-tuning-operator\n"
        f"spec:\n  profile:\n{listed}" + (f"  recommend:\n{wanted}" if recommend else "")
    )


def kernel(*texts: str, pool: str = "master") -> EffectiveKernel:
    return node(pool, BASE, *texts).kernel


def said(found: EffectiveKernel) -> list[tuple[str, str, str]]:
    return [(one.name, one.statement.text, one.said_by) for one in found.arguments]


def names(found: EffectiveKernel) -> list[str]:
    return [one.name for one in found.chain]


def test_arguments_of_machine_configs_stand_in_merge_order() -> None:
    later = machine_config("60-b", kernel_arguments=["nohz_full=4-7 quiet", "isolcpus=4-7"])
    early = machine_config("50-a", kernel_arguments=["systemd.cpu_affinity=0,1", "isolcpus=2"])
    found = kernel(later, early)
    assert said(found) == [
        ("systemd.cpu_affinity", "0,1", "MachineConfig/50-a"),
        ("isolcpus", "2", "MachineConfig/50-a"),
        ("nohz_full", "4-7", "MachineConfig/60-b"),
        ("isolcpus", "4-7", "MachineConfig/60-b"),
    ]
    assert [one.statement.text for one in found.named("isolcpus")] == ["2", "4-7"]


def test_additional_arguments_of_a_profile_follow() -> None:
    extra = profile(extra="additionalKernelArgs: [rcu_nocbs=2-3, nosmt]")
    config = machine_config("50-a", kernel_arguments=["isolcpus=2-3"])
    assert said(kernel(extra, config)) == [
        ("isolcpus", "2-3", "MachineConfig/50-a"),
        ("rcu_nocbs", "2-3", "PerformanceProfile/perf"),
    ]


def test_variables_are_expanded_and_the_place_is_that_of_the_reference() -> None:
    line = "cmdline_x=+isolcpus=domain,${isolated_cores}"
    data = f"[variables]\nisolated_cores=4-7\n[bootloader]\n{line}"
    found = kernel(tuned("t", {"lab": data}, {"lab": 15}))
    (argument,) = found.arguments
    assert argument.statement.cpus == CpuSet.range(4, 7)
    assert argument.statement.ref.text == "domain,${isolated_cores}"
    assert found.isolated_cores is not None
    assert found.isolated_cores.text == "4-7"


def test_what_tuned_works_out_on_the_node_is_not_known() -> None:
    data = (
        "[variables]\nx=${f:cpulist_invert:4-7}\n[bootloader]\ncmdline_x=systemd.cpu_affinity=${x}"
    )
    (argument,) = kernel(tuned("t", {"lab": data}, {"lab": 15})).arguments
    assert argument.statement.cpus is None
    assert argument.statement.templated


def test_the_lowest_number_is_recommended() -> None:
    profiles = {"a": "[main]", "b": "[main]"}
    assert names(kernel(tuned("t", profiles, {"a": 30, "b": 15}))) == ["b"]
    assert names(kernel(tuned("t", profiles, {"a": 15, "b": 15}))) == []
    assert names(kernel(tuned("t", profiles, {"a": 15}, role="worker"))) == []
    assert names(kernel(tuned("t", profiles, {}))) == []


def test_the_tuned_object_still_to_be_made_of_a_profile_takes_part() -> None:
    weak = tuned("t", {"a": "[main]"}, {"a": 25})
    assert names(kernel(weak)) == ["a"]
    assert names(kernel(weak, profile())) == []
    strong = tuned("t", {"a": "[main]"}, {"a": 15})
    assert names(kernel(strong, profile())) == ["a"]
    generated = "openshift-node-performance-perf"
    unselected = tuned(generated, {generated: "[main]"}, {generated: 20}, role="worker")
    assert names(kernel(weak, profile(), unselected)) == ["a"]


def test_a_later_include_overrides_an_earlier_one_and_the_profile_both() -> None:
    lines = "[variables]\nisolated_cores={}\n[bootloader]\ncmdline_x=isolcpus={}"
    profiles = {
        "lab": "[main]\ninclude=one,two\n[bootloader]\ncmdline_y=+rcu_nocbs=${isolated_cores}",
        "one": lines.format("1", "1"),
        "two": lines.format("2", "2"),
    }
    found = kernel(tuned("t", profiles, {"lab": 15}))
    assert names(found) == ["lab", "two", "one"]
    assert [one.statement.text for one in found.arguments] == ["2", "2"]
    assert found.isolated_cores is not None
    assert found.isolated_cores.text == "2"


def test_what_two_profiles_include_is_loaded_once_before_the_first() -> None:
    profiles = {
        "lab": "[main]\ninclude=one;two",
        "one": "[main]\ninclude=-shared\n[bootloader]\ncmdline_x=isolcpus=1",
        "two": "[main]\ninclude=shared",
        "shared": "[bootloader]\ncmdline_x=isolcpus=9",
    }
    found = kernel(tuned("t", profiles, {"lab": 15}))
    assert names(found) == ["lab", "two", "one", "shared"]
    assert [one.statement.text for one in found.arguments] == ["1"]


@pytest.mark.parametrize("include", ["lab", "one", "elsewhere", "${f:virt_check:a:b}"])
def test_includes_end(include: str) -> None:
    profiles = {"lab": "[main]\ninclude=one", "one": f"[main]\ninclude={include}"}
    assert names(kernel(tuned("t", profiles, {"lab": 15}))) == ["lab", "one"]


def test_a_long_chain_of_includes() -> None:
    profiles = {f"p{n}": f"[main]\ninclude=p{n + 1}" for n in range(3000)}
    assert len(names(kernel(tuned("t", profiles, {"p0": 15})))) == 3000


def test_a_minus_takes_away_what_reads_the_same() -> None:
    parent = (
        "[variables]\nc=4-7\n[bootloader]\n"
        "cmdline_a=+isolcpus=${c} nohz_full=${c}\ncmdline_b=+rcu_nocbs=4-7"
    )
    child = "[main]\ninclude=parent\n[bootloader]\ncmdline_z=-isolcpus=${c} rcu_nocbs=${c}"
    found = kernel(tuned("t", {"lab": child, "parent": parent}, {"lab": 15}))
    assert [one.name for one in found.arguments] == ["nohz_full", "rcu_nocbs"]


def test_a_child_replaces_the_entry_of_the_same_key() -> None:
    parent = "[bootloader]\ncmdline_a=+isolcpus=4-7"
    child = "[main]\ninclude=parent\n[bootloader]\ncmdline_a=+quiet"
    assert said(kernel(tuned("t", {"lab": child, "parent": parent}, {"lab": 15}))) == []
