"""Profiles by themselves: what is an error, what a warning, and of what nothing is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import infrastructure, profile, rules

from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.findings import Finding

    Tree = Callable[[Mapping[str, str | bytes]], str]

GROUP = "WPL2"
HEAD = (
    "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\nmetadata:\n  name: edge\n"
)
MASTER = '  nodeSelector:\n    node-role.kubernetes.io/master: ""\n'
SETS = "  cpu:\n    reserved: 0-3\n    isolated: 4-7\n"
GROUP_NAME = "performance.openshift.io/"
BIG = ("0-3", "4-7")


def found(
    tree: Tree, *texts: str, release: str | None = None, installer: bool = True
) -> list[Finding]:
    """Return what the rules about profiles say of a directory."""
    folder = "openshift" if installer else "policies"
    path = tree({f"{folder}/{number}.yaml": text for number, text in enumerate(texts)})
    outcome = lint([path], rules(), Release.parse(release) if release else None)
    assert outcome.failures == ()
    return [item for item in outcome.findings if item.rule.startswith(GROUP)]


def said(tree: Tree, *texts: str, release: str | None = None, installer: bool = True) -> list[str]:
    """Return ``error WPL201`` and the like."""
    items = found(tree, *texts, release=release, installer=installer)
    return [f"{item.severity.value} {item.rule}" for item in items]


def annotated(key: str, value: str, spec: str = "") -> str:
    """Return a profile with an annotation; ``value`` is YAML."""
    text = profile(*BIG, extra=spec)
    return text.replace("spec:\n", f"  annotations:\n    {key}: {value}\nspec:\n", 1)


# --- what may be a patch -------------------------------------------------------------------------


@pytest.mark.parametrize("installer", [True, False])
@pytest.mark.parametrize(
    ("spec", "installing", "else_"),
    [
        ("  cpu:\n  nodeSelector:\n", ["error WPL201"] * 2 + ["error WPL205"], []),
        (SETS, ["error WPL205"], ["warning WPL205"]),
        (MASTER, ["error WPL201"] * 2, ["warning WPL201"] * 2),
        ("  cpu:\n    reserved: 0-3\n" + MASTER, ["error WPL201"], ["error WPL201"]),
        ("  cpu: {{ sets }}\n" + MASTER, [], []),
        (SETS + "  nodeSelector:\n    node-role.kubernetes.io/$role: ''\n", [], []),
    ],
)
def test_what_is_absent_counts_where_nothing_is_added_later(
    tree: Tree, spec: str, installing: list[str], else_: list[str], installer: bool
) -> None:
    expected = installing if installer else else_
    assert sorted(said(tree, f"{HEAD}spec:\n{spec}", installer=installer)) == expected


@pytest.mark.parametrize(
    "spec",
    [
        "hugepages: {pages: [{size: 1G, count: 2}]}", "hardwareTuning: {isolatedCpuFreq: 2000000}",
        "workloadHints: {mixedCpus: true}", "cpu: {shared: 8-9}", "cpu: {ovsDpdk: 8-9}",
    ],
)  # fmt: skip
def test_a_patch_may_leave_the_rest_to_its_base(tree: Tree, spec: str) -> None:
    assert said(tree, f"{HEAD}spec:\n  {spec}\n", installer=False) == []


def test_a_base_with_a_templated_name_is_no_finding(tree: Tree) -> None:
    text = f"{HEAD}spec:\n{SETS}  nodeSelector: {{}}\n".replace("name: edge", "name: $name")
    assert said(tree, text, installer=False) == []


# --- old versions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "installer", "expected"),
    [
        ("4.16", True, ["error WPL204"]),
        ("4.12", True, ["warning WPL204"]),
        (None, True, ["warning WPL204"]),
        ("4.16", False, ["warning WPL204"]),
    ],
)
def test_an_old_version_is_an_error_where_it_is_passed_over(
    tree: Tree, release: str | None, installer: bool, expected: list[str]
) -> None:
    text = profile(*BIG).replace("/v2", "/v1")
    assert said(tree, text, release=release, installer=installer) == expected


def test_the_new_version_keeps_the_old_default(tree: Tree) -> None:
    (item,) = found(tree, profile(*BIG).replace("/v2", "/v1"))
    assert item.fix is not None
    version, added = item.fix.replacements
    assert version.new == "performance.openshift.io/v2"
    assert added.new == "\n  globallyDisableIrqLoadBalancing: true"


def test_a_comment_stays_with_its_field(tree: Tree) -> None:
    text = profile(*BIG).replace("/v2", "/v1").replace('master: ""', 'master: ""  # all of them')
    (item,) = found(tree, text.replace("\n", "\r\n"))
    assert item.fix is not None
    edit = item.fix.replacements[1].edit()
    assert edit is not None
    repaired = edit.file.text[: edit.start] + edit.new + edit.file.text[edit.end :]
    line = "\r\n  globallyDisableIrqLoadBalancing: true"
    assert repaired.endswith(f'master: ""  # all of them{line}\r\n')


@pytest.mark.parametrize(
    ("spec", "replacements"),
    [
        ("\n  globallyDisableIrqLoadBalancing: false\n" + SETS + MASTER, 1),
        (" {cpu: {reserved: 0-3, isolated: 4-7}}\n", 2),
        ("\n  globallyDisableIrqLoadBalancing:\n" + SETS + MASTER, None),
    ],
)
def test_the_default_is_added_only_where_it_can_be(
    tree: Tree, spec: str, replacements: int | None
) -> None:
    items = found(tree, HEAD.replace("/v2", "/v1") + f"spec:{spec}")
    (fix,) = [item.fix for item in items if item.rule == "WPL204"]
    assert (len(fix.replacements) if fix is not None else None) == replacements


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ('\'{"systemReserved": {"memory": "1Gi"}}\'', []),
        ("'{'", ["error WPL213"]),
        ("'[]'", ["error WPL213"]),
        ("'null'", ["error WPL213"]),
        ("'{{ .Values.snippet }}'", []),
        ("'{\"featureGates\": {}}'", []),
        ('\'{"clusterDNS": ["10.0.0.10"]}\'', ["error WPL213"]),
        ('\'{"cpuManagerPolicy": "static"}\'', ["warning WPL213"]),
        ('\'{"memoryManagerPolicy": "Static"}\'', []),
        ("'" + "[" * 5000 + "'", ["error WPL213"]),
    ],
)
def test_kubelet_settings_in_the_annotation(tree: Tree, snippet: str, expected: list[str]) -> None:
    assert said(tree, annotated("kubeletconfig.experimental", snippet)) == expected


def test_the_memory_manager_belongs_to_strict_topology_policies(tree: Tree) -> None:
    snippet = '\'{"memoryManagerPolicy": "Static"}\''
    text = annotated("kubeletconfig.experimental", snippet, "numa:\n  topologyPolicy: restricted\n")
    assert said(tree, text) == ["warning WPL213"]


@pytest.mark.parametrize(
    ("arguments", "hint", "release", "expected"),
    [
        ("[isolcpus=4-7]", "", None, ["warning WPL214"]),
        ("[isolcpus=4-6]", "", None, []),  # WPL311 says more
        ("[nohz_full=4-7]", "", None, ["warning WPL214"]),
        ("[nohz_full=4-7]", "workloadHints: {realTime: false}\n", None, []),
        ("[nohz_full=4-7]", "workloadHints: {realTime: false}\n", "4.23", ["warning WPL214"]),
        ("[isolcpus=$isolated]", "", None, []),
        ("[nmi_watchdog=0, isolcpus]", "", None, []),
    ],
)
def test_arguments_that_tuned_works_out(
    tree: Tree, arguments: str, hint: str, release: str | None, expected: list[str]
) -> None:
    text = profile(*BIG, extra=f"additionalKernelArgs: {arguments}\n{hint}")
    assert said(tree, text, release=release) == expected


@pytest.mark.parametrize(
    ("reserved", "isolated", "expected"),
    [
        ("0-3", "4-7", []),
        ("0-2", "3-7", ["warning WPL215"]),
        ("4-7", "0-3", ["info WPL215"]),
        ("$cpus", "4-7", []),
    ],
)
def test_few_reserved_cpus_matter_on_a_partitioned_cluster(
    tree: Tree, reserved: str, isolated: str, expected: list[str]
) -> None:
    text = profile(reserved, isolated)
    assert said(tree, text, infrastructure()) == expected
    assert said(tree, text, infrastructure("None")) == []
    assert said(tree, text) == []


@pytest.mark.parametrize(("value", "expected"), [('"true"', ["warning WPL216"]), ('"false"', [])])
def test_a_paused_profile(tree: Tree, value: str, expected: list[str]) -> None:
    assert said(tree, annotated(f"{GROUP_NAME}pause-reconcile", value)) == expected


# --- fields and releases -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "release", "expected"),
    [
        ("kernelPageSize: 64k", "4.17", ["warning WPL217"]),
        ("kernelPageSize: 64k", "4.18", []),
        ("kernelPageSize: 64k", None, []),
        ("kernelPageSize:", "4.17", []),
        ("hardwareTuning: {isolatedCpuFreq: 1}", "4.15", ["warning WPL217"]),
        ("workloadHints: {mixedCpus: true}", "4.14", ["warning WPL217"]),
        ("workloadHints: {mixedCpus: true}", "4.10", ["warning WPL217"]),
        ("workloadHints: {perPodPowerManagement: true}", "4.11", ["warning WPL217"]),
    ],
)
def test_fields_of_later_releases(
    tree: Tree, spec: str, release: str | None, expected: list[str]
) -> None:
    assert said(tree, profile(*BIG, extra=spec + "\n"), release=release) == expected


def test_annotations_of_later_releases(tree: Tree) -> None:
    text = annotated(f"{GROUP_NAME}exec-cpu-affinity", "disable")
    assert said(tree, text, release="4.20") == ["warning WPL217"]
    assert said(tree, text, release="4.21") == []
    assert said(tree, text) == []


def test_fields_that_an_old_version_does_not_have(tree: Tree) -> None:
    old = profile(*BIG, extra="kernelPageSize: 4k\nnet: {userLevelNetworking: true}\n")
    assert said(tree, old.replace("/v2", "/v1")).count("warning WPL217") == 1
    assert said(tree, old.replace("/v2", "/v1alpha1")).count("warning WPL217") == 2


def dpdk(snippet: str = "") -> str:
    text = profile("0-3", "4-7", extra="").replace("  cpu:\n", "  cpu:\n    ovsDpdk: 8-9\n")
    if not snippet:
        return text
    note = f"  annotations:\n    kubeletconfig.experimental: {snippet}\nspec:\n"
    return text.replace("spec:\n", note, 1)


@pytest.mark.parametrize(
    ("snippet", "mode", "release", "expected"),
    [
        ("", "AllNodes", None, []),
        ("", "None", None, ["error WPL218"]),
        ("", None, None, ["warning WPL218"]),
        ("", "{{ mode }}", None, []),
        ('\'{"cpuManagerPolicyOptions": {"strict-cpu-reservation": "true"}}\'', "None", None, []),
        ("'{\"cpuManagerPolicyOptions\": {}}'", "None", None, ["error WPL218"]),
        ("'$snippet'", "None", None, []),
        ("", "None", "4.22", ["warning WPL217"]),
    ],
)
def test_cpus_for_dpdk_need_to_be_kept_free(
    tree: Tree, snippet: str, mode: str | None, release: str | None, expected: list[str]
) -> None:
    others = [infrastructure(mode)] if mode is not None else []
    assert said(tree, dpdk(snippet), *others, release=release) == expected


@pytest.mark.parametrize(
    ("value", "mixed", "expected"),
    [("'true'", "true", ["error WPL219"]), ("'T'", "true", ["error WPL219"]),
     ("'no'", "true", []), ("'true'", "false", ["warning WPL211"])],
)  # fmt: skip
def test_dynamic_allocation_and_mixed_cpus(
    tree: Tree, value: str, mixed: str, expected: list[str]
) -> None:
    text = annotated(f"{GROUP_NAME}dra-resource-management", value)
    text = text.replace("  cpu:\n", f"  workloadHints: {{mixedCpus: {mixed}}}\n  cpu:\n")
    assert said(tree, text.replace("  cpu:\n", "  cpu:\n    shared: 8-9\n")) == expected


@pytest.mark.parametrize(
    "spec",
    [
        "hugepages: 7", "hugepages: {pages: 3}", "hugepages: {pages: [1, {}, [2]]}", "net: x",
        "net: {devices: [0x8086, null, []]}", "workloadHints: []", "hardwareTuning: fast",
        "realTimeKernel: true", "numa: 1", "machineConfigLabel: a", "cpu: []", "nodeSelector: 3",
    ],
)  # fmt: skip
def test_any_shape_of_a_field_is_read_without_a_fault(tree: Tree, spec: str) -> None:
    whole, alone = f"{HEAD}spec:\n{SETS}{MASTER}  {spec}\n", f"{HEAD}spec:\n  {spec}\n"
    assert all(item.labels for item in found(tree, whole, alone))
