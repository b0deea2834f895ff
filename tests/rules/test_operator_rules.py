"""Rules about switches, operators, units and TuneD children: when they speak, and how severe."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from builders import rules

from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path


ROLE = "machineconfiguration.openshift.io/role"
PAO = "openshift-performance-addon-operator"
OFFLINE = "set-cpus-offline.service"


def found(folder: Path, *documents: str, release: str = "", into: str = "openshift") -> list[str]:
    """Return severity and code of everything that all rules say about a directory."""
    path = folder / into / "all.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n---\n".join(documents), encoding="utf-8")
    outcome = lint([str(folder)], rules(), Release.parse(release) if release else None)
    assert outcome.failures == ()
    return sorted(f"{item.severity.value} {item.rule}" for item in outcome.findings)


def profile(name: str = "edge", cpu: str = "reserved: '0-3', isolated: '4-47'") -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata: {{name: '{name}'}}\nspec:\n  cpu: {{{cpu}}}\n"
        "  nodeSelector: {node-role.kubernetes.io/master: ''}\n"
    )


def infrastructure(body: str, name: str = "cluster") -> str:
    return (
        "apiVersion: config.openshift.io/v1\nkind: Infrastructure\n"
        f"metadata: {{name: {name}}}\n{body}\n"
    )


def node_file(path: str, text: str) -> str:
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        f"metadata: {{name: 98-own, labels: {{{ROLE}: master}}}}\nspec:\n  config:\n"
        "    ignition: {version: 3.2.0}\n    storage:\n      files:\n"
        f"      - {{path: {path}, mode: 420, contents: {{source: 'data:,{quote(text)}'}}}}\n"
    )


def unit(name: str, text: str, dropin: str = "") -> str:
    dropins = f", dropins: [{{name: 10-own.conf, contents: {dropin!r}}}]" if dropin else ""
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        f"metadata: {{name: 98-own, labels: {{{ROLE}: master}}}}\nspec:\n  config:\n"
        "    ignition: {version: 3.2.0}\n    systemd:\n      units:\n"
        f'      - {{name: {name}, contents: "{text}"{dropins}}}\n'
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.service", "[Service]\\nCPUAffinity=0 1\\n", []),
        ("a.service", "[Service]\\nCPUAffinity=3-4\\n", ["info WPL314"]),
        ("a.service", "[Service]\\nCPUAffinity=4\\nCPUAffinity=\\n", []),
        ("a.service", "[Service]\\nCPUAffinity=numa\\n", []),
        ("a.slice", "[Slice]\\nAllowedCPUs=9\\n", ["info WPL314"]),
        ("a.service", "[Unit]\\nCPUAffinity=9\\n", []),
        ("ovs-vswitchd.service", "[Service]\\nCPUAffinity=9\\n", []),
        ("a.service", "[Service]\\nCPUAffinity=not-cpus\\n", []),
        (OFFLINE, "[Service]\\nEnvironment=OFFLINE_CPUS=9\\n", ["warning WPL317"]),
        (OFFLINE, "[Service]\\nEnvironment=OTHER=9\\n", []),
    ],
)  # fmt: skip
def test_units_that_ask_for_cpus(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    assert found(tmp_path, profile(), unit(name, text)) == expected


def test_a_dropin_forgets_what_the_unit_asks_for(tmp_path: Path) -> None:
    reset = unit("a.service", "[Service]\\nCPUAffinity=9\\n", "[Service]\nCPUAffinity=\n")
    reset = reset.replace("'[Service]\\nCPUAffinity=\\n'", '"[Service]\\nCPUAffinity=\\n"')
    assert found(tmp_path, profile(), reset) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IRQBALANCE_BANNED_CPUS=f\n", ["warning WPL315"]),
        ("IRQBALANCE_BANNED_CPUS=0\n", []),
        ("IRQBALANCE_BANNED_CPUS=7\n", []),
        ("IRQBALANCE_BANNED_CPULIST=0-9\n", ["warning WPL315"]),
        ("IRQBALANCE_BANNED_CPUS=fff0\nIRQBALANCE_BANNED_CPULIST=0-9\n", []),
        ('IRQBALANCE_BANNED_CPUS=""\nIRQBALANCE_BANNED_CPULIST="0-9"\n', ["warning WPL315"]),
        ("#IRQBALANCE_BANNED_CPUS=f\n", []),
        ("IRQBALANCE_BANNED_CPULIST=0-N\n", []),
        ("IRQBALANCE_BANNED_CPUS=$MASK\n", []),
    ],
)
def test_interrupts_on_reserved_cpus(tmp_path: Path, text: str, expected: list[str]) -> None:
    config = node_file("/etc/sysconfig/irqbalance", text)
    assert [x for x in found(tmp_path, profile(), config) if "WPL315" in x] == expected


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([("status: {cpuPartitioning: AllNodes}", "plant")], ["warning WPL406"]),
        ([("status: {cpuPartitioning: None}", "plant")], []),
        ([("status: {cpuPartitioning: AllNodes}", "'{{ name }}'")], []),
        ([("status: {cpuPartitioningMode: AllNodes}", "cluster")], ["warning WPL406"]),
        ([("spec: {cpuPartitioning: '{{ mode }}'}", "cluster")], []),
        ([("status: {controlPlaneTopology: SingleReplica}", "plant")], []),
    ],
)
def test_switches_that_nobody_reads(
    tmp_path: Path, documents: list[tuple[str, str]], expected: list[str]
) -> None:
    manifests = [infrastructure(body, name) for body, name in documents]
    said = found(tmp_path, profile(), *manifests)
    assert [item for item in said if "WPL406" in item] == expected


def addon(kind: str, channel: str = "4.10") -> str:
    if kind == "Namespace":
        return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {PAO}}}\n"
    if kind == "OperatorGroup":
        head = "apiVersion: operators.coreos.com/v1\nkind: OperatorGroup\n"
        return f"{head}metadata: {{name: pao, namespace: {PAO}}}\n"
    head = "apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\n"
    spec = f"spec: {{name: performance-addon-operator, channel: '{channel}'}}\n"
    return f"{head}metadata: {{name: pao, namespace: {PAO}}}\n{spec}"


ADDON = [addon(kind) for kind in ("Namespace", "OperatorGroup", "Subscription")]


@pytest.mark.parametrize(
    ("release", "addons", "expected"),
    [
        ("4.10", [], ["warning WPL701"]),
        ("4.10", ADDON[:2], ["warning WPL701"]),
        ("4.10", ADDON, []),
        ("4.11", [], []),
        ("", [], []),
        ("4.11", ADDON, ["warning WPL702"]),
        ("", ADDON, []),
        ("4.10", [*ADDON[:2], addon("Subscription", "stable")], []),
        ("4.9", ADDON, ["warning WPL702"]),
        ("4.10", [*ADDON[:2], addon("Subscription", "{{ channel }}")], []),
    ],
)
def test_the_operator_of_old_releases(
    tmp_path: Path, release: str, addons: list[str], expected: list[str]
) -> None:
    said = found(tmp_path, profile(), *addons, release=release, into="site")
    assert [item for item in said if "WPL70" in item] == expected


def installed(capabilities: str, mode: str = "AllNodes") -> str:
    return (
        "apiVersion: v1\nbaseDomain: example.org\nmetadata: {name: plant}\n"
        "controlPlane: {name: master, replicas: 1}\ncompute: [{name: worker, replicas: 0}]\n"
        f"cpuPartitioningMode: {mode}\ncapabilities: {capabilities}\n"
    )


@pytest.mark.parametrize(
    ("capabilities", "profiles", "expected"),
    [
        ("{baselineCapabilitySet: None}", [profile()], ["error WPL703"]),
        ("{baselineCapabilitySet: v4.12}", [profile()], ["error WPL703"]),
        ("{baselineCapabilitySet: vCurrent}", [profile()], []),
        ("{additionalEnabledCapabilities: [Console]}", [profile()], []),
        ("{baselineCapabilitySet: '{{ set }}'}", [profile()], []),
        (
            "{baselineCapabilitySet: None, additionalEnabledCapabilities: [NodeTuning]}",
            [profile()],
            [],
        ),
        (
            "{baselineCapabilitySet: None, additionalEnabledCapabilities: ['{{ more }}']}",
            [profile()],
            [],
        ),
        ("{baselineCapabilitySet: None}", [], ["info WPL501", "warning WPL703"]),
    ],
)
def test_the_capability_that_profiles_need(
    tmp_path: Path, capabilities: str, profiles: list[str], expected: list[str]
) -> None:
    assert found(tmp_path, installed(capabilities), *profiles) == expected


def test_a_running_cluster_enables_capabilities_by_itself(tmp_path: Path) -> None:
    version = (
        "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {name: version}\n"
        "spec: {channel: stable-4.16, capabilities: {baselineCapabilitySet: None}}\n"
    )
    assert found(tmp_path, profile(), version, into="dump") == []


def test_a_release_without_capabilities_has_the_operator(tmp_path: Path) -> None:
    capabilities = installed("{baselineCapabilitySet: None}", "None")
    assert found(tmp_path, capabilities, profile(), release="4.12") == []
    assert found(tmp_path, capabilities, profile()) == []


def child(
    text: str, priority: str = "19", labels: str = f"{{{ROLE}: master}}", namespace: str = ""
) -> str:
    lines = "".join(f"      {line}\n" for line in text.splitlines())
    return (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\n"
        f"metadata: {{name: own{f', namespace: {namespace}' if namespace else ''}}}\nspec:\n"
        f"  profile:\n  - name: own\n    data: |\n{lines}  recommend:\n"
        f"  - {{profile: own, priority: {priority}, machineConfigLabels: {labels}}}\n"
    )


EDGE = "[main]\ninclude=openshift-node-performance-edge\n"


@pytest.mark.parametrize(
    ("tuned", "expected"),
    [
        (child(EDGE), []),
        (child(EDGE.replace("edge", "rt-edge")), []),
        (child(EDGE.replace("edge", "edg")), ["error WPL901"]),
        (child(EDGE.replace("edge", "${f:exec:name}")), []),
        (child("[main]\ninclude=openshift-node\n"), []),
        (child(EDGE, "20"), ["warning WPL902"]),
        (child(EDGE, "'{{ priority }}'"), []),
        (child(EDGE + "[variables]\nisolated_cores=4-47\n"), []),
        (child(EDGE + "[variables]\nisolated_cores=2-47\n"), ["error WPL903"]),
        (child(EDGE + "[variables]\nisolated_cores=4-50\n"), ["warning WPL903"]),
        (child(EDGE + "[scheduler]\nisolated_cores=5-47\n"), ["error WPL903"]),
        (child(EDGE + "[scheduler]\nisolated_cores=${isolated_cores}\n"), []),
        (child(EDGE + "[systemd]\ncpu_affinity=0-3\n"), []),
        (child(EDGE + "[systemd]\ncpu_affinity=0-4\n"), ["error WPL903"]),
        (child(EDGE, labels=f"{{{ROLE}: worker}}"), ["warning WPL904"]),
        (child(EDGE, labels="{}"), []),
        (child(EDGE, labels="'{{ labels }}'"), []),
        (child(EDGE, namespace="openshift-cluster-node-tuning-operator"), []),
        (child(EDGE, namespace="'{{ ns }}'"), []),
        (child(EDGE, namespace="plants"), ["error WPL905"]),
    ],
)
def test_children_of_the_operators_profile(tmp_path: Path, tuned: str, expected: list[str]) -> None:
    assert found(tmp_path, profile(), tuned) == expected


def test_the_profile_of_a_child_may_lie_elsewhere(tmp_path: Path) -> None:
    stray = child(EDGE.replace("edge", "other"))
    assert found(tmp_path, profile(), stray, into="site") == ["warning WPL901"]
    assert found(tmp_path, stray, into="site") == []
    assert found(tmp_path, profile("{{ name }}"), stray, into="site") == []


@pytest.mark.parametrize(
    ("mode", "release", "expected"),
    [
        ("AllNodes", "4.13", ["info WPL415", "info WPL501"]),
        ("AllNodes", "4.14", ["info WPL501"]),
        ("AllNodes", "", ["info WPL501"]),
        ("None", "4.13", []),
    ],
)
def test_the_preview_of_several_nodes(
    tmp_path: Path, mode: str, release: str, expected: list[str]
) -> None:
    body = f"status: {{controlPlaneTopology: HighlyAvailable, cpuPartitioning: {mode}}}"
    assert found(tmp_path, infrastructure(body), release=release) == expected


def test_rendered_files_belong_in_the_directory_of_an_installer(tmp_path: Path) -> None:
    rendered = node_file("/etc/own", "on").replace("98-own", "50-performance-edge")
    said = found(tmp_path, profile(), rendered)
    assert "warning WPL801" not in said
