"""The validating webhook of the Node Tuning Operator, row by row.

While a cluster is installed the webhook does not run, so each of its conditions that manifests
decide is a finding here. Rows are numbered in the order of ``performanceprofile_validation.go``
(openshift/cluster-node-tuning-operator, ``pkg/apis/performanceprofile/v2``). Rows 14 and 15 compare
nodes with each other, which no manifest describes, and row 16 is decided for
the architectures that an install-config names.
"""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.engine.run import lint

if TYPE_CHECKING:
    from pathlib import Path


CPU = "cpu:\n  reserved: 0-1,8-9\n  isolated: 2-7,10-15\n"
SELECTOR = 'nodeSelector:\n  node-role.kubernetes.io/master: ""\n'
PAGES = "hugepages:\n  defaultHugepagesSize: 1G\n  pages:\n"


def profile(*spec: str, name: str = "edge") -> str:
    """Return a profile: each part of its ``spec`` is YAML, and a later key wins."""
    parts: dict[str, str] = {}
    for part in spec:
        parts[part.partition(":")[0]] = dedent(part).strip("\n")
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata:\n  name: {name}\nspec:\n" + indent("\n".join(parts.values()), "  ") + "\n"
    )


def found(folder: Path, *documents: str) -> list[str]:
    """Return severity and code of everything that all rules say about an installer's directory."""
    path = folder / "manifests" / "profile.yaml"
    path.parent.mkdir()
    path.write_text("---\n".join(documents), encoding="utf-8")
    outcome = lint([str(folder)], rules())
    assert outcome.failures == ()
    assert outcome.summary.skipped == ()
    return sorted(f"{item.severity.value} {item.rule}" for item in outcome.findings)


def test_a_profile_without_fault_gives_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, profile(CPU, SELECTOR)) == []


def test_row_1_two_profiles_select_the_same_nodes(tmp_path: Path) -> None:
    first, second = profile(CPU, SELECTOR), profile(CPU, SELECTOR, name="other")
    assert found(tmp_path, first, second) == ["error WPL504"]


def test_row_2_cpu_is_missing(tmp_path: Path) -> None:
    assert found(tmp_path, profile(SELECTOR)) == ["error WPL201", "error WPL201"]


def test_row_3_isolated_is_missing(tmp_path: Path) -> None:
    assert found(tmp_path, profile("cpu:\n  reserved: 0-3", SELECTOR)) == ["error WPL201"]


def test_row_4_reserved_is_missing(tmp_path: Path) -> None:
    assert found(tmp_path, profile("cpu:\n  isolated: 4-7", SELECTOR)) == ["error WPL201"]


@pytest.mark.parametrize("name", ["reserved", "isolated", "offlined", "shared", "ovsDpdk"])
def test_row_5_a_set_cannot_be_parsed(tmp_path: Path, name: str) -> None:
    sets = {"reserved": "0-3", "isolated": "4-7", name: "12-10"}
    cpu = "cpu:\n" + "".join(f"  {key}: {text}\n" for key, text in sets.items())
    assert found(tmp_path, profile(cpu, SELECTOR)) == ["error WPL101"]


def test_row_6_reserved_is_empty(tmp_path: Path) -> None:
    assert found(tmp_path, profile('cpu:\n  reserved: ""\n  isolated: 0-7', SELECTOR)) == [
        "error WPL201"
    ]


def test_row_7_isolated_is_empty(tmp_path: Path) -> None:
    assert found(tmp_path, profile('cpu:\n  reserved: 0-7\n  isolated: ""', SELECTOR)) == [
        "error WPL201"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reserved", "isolated"), ("reserved", "offlined"), ("reserved", "shared"),
        ("reserved", "ovsDpdk"), ("isolated", "offlined"), ("isolated", "shared"),
        ("isolated", "ovsDpdk"), ("offlined", "shared"), ("offlined", "ovsDpdk"),
        ("shared", "ovsDpdk"),
    ],
)  # fmt: skip
def test_row_8_two_sets_overlap(tmp_path: Path, one: str, other: str) -> None:
    sets = {"reserved": "0-3", "isolated": "4-7"}
    sets |= {one: sets.get(one, "8-9"), other: sets.get(other, "10-11")}
    sets[other] += "," + sets[one][0]
    cpu = "cpu:\n" + "".join(f"  {key}: {text}\n" for key, text in sets.items())
    assert "error WPL202" in found(tmp_path, profile(cpu, SELECTOR))


def test_row_9_several_machine_config_labels(tmp_path: Path) -> None:
    labels = "machineConfigLabel:\n  machineconfiguration.openshift.io/role: master\n  tier: edge"
    assert found(tmp_path, profile(CPU, SELECTOR, labels)) == ["error WPL206"]


def test_row_10_several_pool_selectors(tmp_path: Path) -> None:
    labels = "machineConfigPoolSelector:\n  example.org/pool: master\n  tier: edge"
    assert found(tmp_path, profile(CPU, SELECTOR, labels)) == ["error WPL206"]


@pytest.mark.parametrize("selector", ["", "nodeSelector:", "nodeSelector: {}"])
def test_row_11_no_node_selector(tmp_path: Path, selector: str) -> None:
    assert found(tmp_path, profile(CPU, selector)) == ["error WPL205"]


def test_row_12_several_node_selectors(tmp_path: Path) -> None:
    assert found(tmp_path, profile(CPU, f"{SELECTOR}  tier: edge\n")) == ["error WPL205"]


@pytest.mark.parametrize("key", ["edge", "example.org/role/edge"])
def test_row_13_the_key_names_no_role(tmp_path: Path, key: str) -> None:
    pool = (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
        "metadata:\n  name: edge\nspec:\n  nodeSelector:\n    matchLabels:\n"
        f'      {key}: ""\n  machineConfigSelector:\n    matchExpressions:\n'
        "    - key: machineconfiguration.openshift.io/role\n      operator: In\n"
        "      values: [worker, edge]\n"
    )
    selector = f'nodeSelector:\n  {key}: ""'
    assert "error WPL205" in found(tmp_path, profile(CPU, selector), pool)


def test_row_13_does_not_matter_where_the_role_is_not_needed(tmp_path: Path) -> None:
    spec = (
        'nodeSelector:\n  edge: ""',
        "machineConfigLabel:\n  machineconfiguration.openshift.io/role: edge",
        "machineConfigPoolSelector:\n  example.org/pool: edge",
    )
    assert "error WPL205" not in found(tmp_path, profile(CPU, *spec))


def test_row_16_a_page_size_without_a_kernel(tmp_path: Path) -> None:
    assert found(tmp_path, profile(CPU, SELECTOR, "kernelPageSize: 16k")) == ["error WPL220"]


def test_row_16_large_pages_and_the_real_time_kernel(tmp_path: Path) -> None:
    kernel = ("kernelPageSize: 64k", "realTimeKernel:\n  enabled: true")
    assert found(tmp_path, profile(CPU, SELECTOR, *kernel)) == ["error WPL220"]


@pytest.mark.parametrize(("compute", "valid"), [("amd64", False), ("arm64", True)])
def test_row_16_large_pages_on_x86_64(tmp_path: Path, compute: str, valid: bool) -> None:
    (tmp_path / "install-config.yaml").write_text(
        "apiVersion: v1\nbaseDomain: example.org\nmetadata:\n  name: lab\n"
        "controlPlane:\n  architecture: amd64\n  replicas: 1\n"
        f"compute:\n- architecture: {compute}\n  replicas: 0\n",
        encoding="utf-8",
    )
    said = found(tmp_path, profile(CPU, SELECTOR, "kernelPageSize: 64k"))
    assert said == ([] if valid else ["error WPL220"])


def test_row_17_pages_without_a_default_size(tmp_path: Path) -> None:
    pages = "hugepages:\n  pages:\n  - size: 1G\n    count: 4"
    assert found(tmp_path, profile(CPU, SELECTOR, pages)) == ["error WPL207"]


@pytest.mark.parametrize(
    ("size", "kernel", "valid"),
    [
        ("4M", "", False), ("1g", "", False), ("2M", "", True), ("1G", "", True),
        ("512M", "", True), ("512M", "kernelPageSize: 4k", False),
        ("512M", "kernelPageSize: 64k", True), ("1G", "kernelPageSize: 64k", False),
    ],
)  # fmt: skip
def test_row_18_a_size_that_no_processor_has(
    tmp_path: Path, size: str, kernel: str, valid: bool
) -> None:
    pages = f"hugepages:\n  defaultHugepagesSize: 2M\n  pages:\n  - size: {size}\n    count: 4"
    assert found(tmp_path, profile(CPU, SELECTOR, pages, kernel)) == [
        *([] if valid else ["error WPL207"])
    ]


def test_row_18_the_default_size(tmp_path: Path) -> None:
    pages = "hugepages:\n  defaultHugepagesSize: 3G"
    assert found(tmp_path, profile(CPU, SELECTOR, pages)) == ["error WPL207"]


@pytest.mark.parametrize(
    ("nodes", "twice"),
    [(("", ""), True), (("node: 1", "node: 1"), True), (("", "node: 0"), False),
     (("node: 0", "node: 1"), False), (("node: $n", "node: $n"), False)],
)  # fmt: skip
def test_row_19_the_same_pages_twice(tmp_path: Path, nodes: tuple[str, str], twice: bool) -> None:
    pages = PAGES + "".join(f"  - size: 1G\n    count: 4\n    {node}\n" for node in nodes)
    assert found(tmp_path, profile(CPU, SELECTOR, pages)) == (["error WPL207"] if twice else [])


@pytest.mark.parametrize("policy", ["single", "Restricted", '""'])
def test_row_20_no_such_topology_policy(tmp_path: Path, policy: str) -> None:
    numa = f"numa:\n  topologyPolicy: {policy}"
    assert found(tmp_path, profile(CPU, SELECTOR, numa)) == ["error WPL208"]


def test_row_21_network_queues_without_reserved_cpus(tmp_path: Path) -> None:
    spec = ("cpu:\n  isolated: 4-7", "net:\n  userLevelNetworking: true")
    assert found(tmp_path, profile(SELECTOR, *spec)) == ["error WPL201"]


def devices(*entries: str) -> str:
    return "net:\n  userLevelNetworking: true\n  devices:\n" + "".join(
        f"  - {{{entry}}}\n" for entry in entries
    )


def test_row_22_an_interface_without_a_name(tmp_path: Path) -> None:
    assert found(tmp_path, profile(CPU, SELECTOR, devices('interfaceName: ""'))) == ["error WPL209"]


@pytest.mark.parametrize("text", ['"8086"', '"0x"', '"0x80861"', '"0x80g6"', "0x8086", '""'])
def test_row_23_no_identifier(tmp_path: Path, text: str) -> None:
    for number, name in enumerate(("vendorID", "deviceID")):
        other = "" if name == "vendorID" else ', vendorID: "0x8086"'
        folder = tmp_path / str(number)
        folder.mkdir()
        device = devices(f"{name}: {text}{other}")
        assert found(folder, profile(CPU, SELECTOR, device)) == ["error WPL209"]


def test_row_23_identifiers(tmp_path: Path) -> None:
    listed = devices('vendorID: "0x8086", deviceID: "0x1593"', 'vendorID: "0xAB"', "vendorID: $v")
    assert found(tmp_path, profile(CPU, SELECTOR, listed)) == []


def test_row_24_a_model_without_its_vendor(tmp_path: Path) -> None:
    assert found(tmp_path, profile(CPU, SELECTOR, devices('deviceID: "0x1593"'))) == [
        "error WPL209"
    ]


def test_row_25_a_real_time_kernel_without_the_hint(tmp_path: Path) -> None:
    spec = ("realTimeKernel:\n  enabled: true", "workloadHints:\n  realTime: false")
    assert found(tmp_path, profile(CPU, SELECTOR, *spec)) == ["error WPL210"]


def test_row_26_two_ways_with_power(tmp_path: Path) -> None:
    hints = "workloadHints:\n  highPowerConsumption: true\n  perPodPowerManagement: true"
    assert found(tmp_path, profile(CPU, SELECTOR, hints)) == ["error WPL210"]


@pytest.mark.parametrize("shared", ["", '  shared: ""\n'])
def test_row_27_mixed_cpus_without_shared_ones(tmp_path: Path, shared: str) -> None:
    hints = "workloadHints:\n  mixedCpus: true"
    assert found(tmp_path, profile(CPU + shared, SELECTOR, hints)) == ["error WPL211"]


@pytest.mark.parametrize(
    ("isolated", "reserved"), [("2500000", None), (None, "2500000"), ("0", "2500000")]
)
def test_row_28_one_frequency_of_two(
    tmp_path: Path, isolated: str | None, reserved: str | None
) -> None:
    stated = (("isolatedCpuFreq", isolated), ("reservedCpuFreq", reserved))
    tuning = "hardwareTuning:\n" + "".join(
        f"  {name}: {value}\n" for name, value in stated if value is not None
    )
    assert found(tmp_path, profile(CPU, SELECTOR, tuning)) == ["error WPL212"]
