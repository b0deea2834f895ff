"""Rules about pools, MachineConfigs and KubeletConfigs: when they are silent, and how severe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path


INFRASTRUCTURE = (
    "apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata: {name: cluster}\n"
    "status: {controlPlaneTopology: HighlyAvailable, cpuPartitioning: AllNodes}\n"
)
ROLE = "machineconfiguration.openshift.io/role"


def found(folder: Path, *documents: str, release: str = "", into: str = "openshift") -> list[str]:
    """Return severity and code of everything that all rules say about a directory."""
    path = folder / into / "all.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n---\n".join(documents), encoding="utf-8")
    outcome = lint([str(folder)], rules(), Release.parse(release) if release else None)
    assert outcome.failures == ()
    return sorted(f"{item.severity.value} {item.rule}" for item in outcome.findings)


def profile(role: str = "ran", extra: str = "", name: str = "edge") -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata: {{name: {name}}}\nspec:\n  cpu: {{reserved: '0-3', isolated: '4-47'}}\n{extra}"
        f"  nodeSelector: {{node-role.kubernetes.io/{role}: ''}}\n"
    )


def pool(
    roles: str = "worker, ran", labels: str = "{pool: ran}", name: str = "ran", spec: str = ""
) -> str:
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
        f"metadata: {{name: {name}, labels: {labels}}}\nspec:\n{spec}"
        f"  machineConfigSelector: {{matchExpressions: [{{key: {ROLE}, operator: In, "
        f"values: [{roles}]}}]}}\n"
        f"  nodeSelector: {{matchLabels: {{node-role.kubernetes.io/{name}: ''}}}}\n"
    )


@pytest.mark.parametrize(
    ("roles", "words"), [("worker, ran", "what profile edge reserves"), ("ran", "run on all CPUs")]
)
def test_a_pool_without_a_profile_gets_what_it_inherits(
    tmp_path: Path, roles: str, words: str
) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "all.yaml").write_text(
        "\n---\n".join(
            [INFRASTRUCTURE, profile("worker"), profile("master", name="cp"), pool(roles)]
        )
    )
    chosen = [rule for rule in rules() if rule.code == "WPL501"]
    [finding] = lint([str(tmp_path)], chosen).findings
    assert words in finding.effect


def machine_config(
    config: str, name: str = "98-own", role: str = "ran", version: str = "3.2.0"
) -> str:
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        f"metadata: {{name: {name}, labels: {{{ROLE}: {role}}}}}\nspec:\n  config:\n"
        f"    ignition: {{version: {version}}}\n{config}"
    )


def files(*entries: str) -> str:
    return "    storage:\n      files:\n" + "".join(f"      - {{{entry}}}\n" for entry in entries)


def kubelet(body: str, spec: str = "") -> str:
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\n"
        "metadata: {name: limits}\nspec:\n"
        f"{spec}  machineConfigPoolSelector: {{matchLabels: {{pool: ran}}}}\n"
        f"  kubeletConfig: {body}\n"
    )


def infrastructure(mode: str = "AllNodes", topology: str = "SingleReplica") -> str:
    return (
        "apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata: {name: cluster}\n"
        f"status: {{controlPlaneTopology: {topology}, cpuPartitioning: {mode}}}\n"
    )


def test_a_pool_with_profile_gives_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, profile(), pool()) == []


def test_labels_of_a_pool_may_stand_in_a_second_manifest(tmp_path: Path) -> None:
    bare = pool(labels="{}")
    assert found(tmp_path, profile(), bare) == ["error WPL505"]
    patch = bare.replace("labels: {}", "labels: {pool: ran}").split("spec:")[0] + "spec: {}\n"
    assert "error WPL505" not in found(tmp_path, profile(), bare, patch)


def test_labels_that_a_template_decides_are_not_absent(tmp_path: Path) -> None:
    assert found(tmp_path, profile(), pool(labels='{"{{ key }}": x}')) == []


def test_a_built_in_pool_has_labels_without_a_manifest_of_them(tmp_path: Path) -> None:
    worker = pool(name="worker", roles="worker", labels="{}")
    assert found(tmp_path, profile("worker"), worker) == []


def test_a_label_that_a_pool_in_sight_misses_is_an_error(tmp_path: Path) -> None:
    label = f"  machineConfigLabel: {{{ROLE}: other}}\n"
    assert found(tmp_path, profile(extra=label), pool()) == ["error WPL506"]


def test_a_label_that_a_built_in_pool_misses_is_a_warning(tmp_path: Path) -> None:
    label = f"  machineConfigLabel: {{{ROLE}: other}}\n"
    assert found(tmp_path, profile("worker", label)) == ["warning WPL506"]


@pytest.mark.parametrize("roles", ['"{{ role }}"', "worker"])
def test_a_selector_that_takes_worker_or_is_open_says_nothing(tmp_path: Path, roles: str) -> None:
    assert "warning WPL508" not in found(tmp_path, pool(roles=roles))


def test_a_custom_pool_of_control_plane_nodes_does_not_build_on_worker(tmp_path: Path) -> None:
    assert found(tmp_path, pool(roles="master, ran")) == []


def test_a_label_of_two_pools_is_an_error_where_an_installer_reads_it(tmp_path: Path) -> None:
    objects = (profile("worker"), pool(), profile(name="ran"))
    assert found(tmp_path, *objects) == ["error WPL509"]


def test_a_label_of_two_pools_is_a_warning_elsewhere(tmp_path: Path) -> None:
    objects = (profile("worker"), pool(), profile(name="ran"))
    assert found(tmp_path, *objects, into="site") == ["warning WPL509"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{pool: ran}", []),
        ("{pool: other}", ["error WPL510"]),
        ("{pool: '{{ x }}'}", []),
        ("{}", []),
    ],
)
def test_a_pool_selector_means_the_pool_of_the_profile(
    tmp_path: Path, selector: str, expected: list[str]
) -> None:
    extra = f"  machineConfigPoolSelector: {selector}\n"
    assert found(tmp_path, profile(extra=extra), pool()) == expected


def test_a_pool_selector_that_two_pools_satisfy(tmp_path: Path) -> None:
    extra = "  machineConfigPoolSelector: {pool: ran}\n"
    other = pool(name="gpu", roles="worker, gpu")
    assert found(tmp_path, profile(extra=extra), pool(), other) == ["error WPL510"]


def test_a_pool_selector_of_a_pool_out_of_sight_is_a_warning(tmp_path: Path) -> None:
    extra = "  machineConfigPoolSelector: {pool: master}\n"
    assert found(tmp_path, profile("master", extra)) == ["warning WPL510"]


@pytest.mark.parametrize("role", ["worker", "ran"])
def test_a_single_node_belongs_to_pool_master(tmp_path: Path, role: str) -> None:
    objects = [profile(role), infrastructure("None")] + ([pool()] if role == "ran" else [])
    assert found(tmp_path, *objects) == ["warning WPL511"]


@pytest.mark.parametrize(
    ("entries", "version", "expected"),
    [
        (("path: /a, mode: 420, append: []",), "3.2.0", []),
        (("path: /a, append: [{source: 'data:,x'}]",), "3.2.0", ["error WPL606"]),
        (("path: /a, mode: 420", "path: /a, mode: 420"), "3.2.0", ["error WPL606"]),
        (("filesystem: root, path: /a", "filesystem: root, path: /a"), "2.2.0", []),
        (("filesystem: root, path: /a, append: true",), "2.2.0", ["error WPL606"]),
        (("filesystem: root, path: /a, append: false",), "2.2.0", []),
    ],
)
def test_what_is_appended_or_written_twice(
    tmp_path: Path, entries: tuple[str, ...], version: str, expected: list[str]
) -> None:
    assert found(tmp_path, machine_config(files(*entries), version=version)) == expected


def test_disks_are_for_the_first_boot(tmp_path: Path) -> None:
    config = "    storage: {disks: [{device: /dev/sdx}], directories: [{path: /var/x}]}\n"
    assert found(tmp_path, machine_config(config)) == []


def test_kernel_arguments_of_ignition_are_a_warning(tmp_path: Path) -> None:
    config = "    kernelArguments: {shouldExist: [quiet]}\n"
    assert found(tmp_path, machine_config(config)) == ["warning WPL606"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{clusterDNS: [192.0.2.1]}", ["error WPL609"]),
        ("{clusterDNS: []}", []),
        ("{clusterDomain: ''}", []),
        ("{cgroupDriver: '{{ driver }}'}", []),
        ("{failSwapOn: false}", []),
        ("{failSwapOn: true}", ["warning WPL609"]),
        ("{memorySwap: {swapBehavior: LimitedSwap}}", ["warning WPL609"]),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert found(tmp_path, kubelet(body), pool()) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("  autoSizingReserved: true\n", ["error WPL609"]),
        ("  autoSizingReserved: false\n", []),
        ("  logLevel: 4\n", []),
        ("  logLevel: 11\n", ["error WPL609"]),
    ],
)
def test_settings_beside_the_kubelets_own(tmp_path: Path, spec: str, expected: list[str]) -> None:
    body = "{systemReserved: {memory: 2Gi}}"
    assert found(tmp_path, kubelet(body, spec), pool()) == expected


RUNTIMES = files(
    "path: /etc/crio/crio.conf.d/99-runtimes.conf, mode: 420, contents: {source: 'data:,'}"
)


@pytest.mark.parametrize(
    ("name", "role", "release", "expected"),
    [
        ("98-own", "ran", "", ["info WPL612"]),
        ("40-own", "ran", "", []),
        ("98-own", "worker", "4.14", ["info WPL612"]),
        ("98-own", "worker", "4.15", []),
        ("98-own", "worker", "", []),
        ("50-performance-edge", "ran", "", []),
    ],
)
def test_a_file_of_the_operator_that_a_later_one_writes(
    tmp_path: Path, name: str, role: str, release: str, expected: list[str]
) -> None:
    config = machine_config(RUNTIMES, name, role)
    said = found(tmp_path, profile(), pool(), config, release=release)
    assert [item for item in said if "WPL612" in item] == expected
