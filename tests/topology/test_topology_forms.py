"""Every form in which a machine says what CPUs it has, and what is refused with its place."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from machines import Machine, columns, extended, fields, machines, sysfs

from linter.formats.cpuset import CpuSet, parse_cpuset
from linter.sources.text import File
from linter.topology.machine import Topology, TopologyError
from linter.topology.reading import LARGEST, parse_topology, read_topology


def parsed(text: str) -> Topology:
    return parse_topology(File("cpus", text))


def cores_of(topology: Topology) -> set[CpuSet] | None:
    return None if topology.cores is None else {core.cpus for core in topology.cores}


def nodes_of(topology: Topology) -> dict[int, CpuSet] | None:
    if topology.nodes is None:
        return None
    return {node.number: node.cpus for node in topology.nodes}


@given(machines())
def test_all_forms_say_the_same(machine: Machine) -> None:
    cores = {machine.siblings(cpu) for cpu in machine.online}
    nodes = {node: machine.node_cpus(node) for node in machine.listed_nodes}
    online, present = CpuSet.of(machine.online), CpuSet.range(0, len(machine.cores) - 1)
    for text in (
        extended(machine),
        extended(machine, old=True),
        sysfs(machine),
        sysfs(machine, siblings=False, whole_paths=False),
    ):
        read = parsed(text)
        assert (read.online, read.present) == (online, present)
        assert (cores_of(read), nodes_of(read)) == (cores, nodes)
    read = parsed(columns(machine))
    assert (read.online, read.present) == (online, None)
    assert (cores_of(read), nodes_of(read), read.every_node) == (cores, nodes, False)
    for text in (fields(machine), fields(machine, nested=True)):
        read = parsed(text)
        assert (read.online, read.present) == (online, present)
        assert (nodes_of(read), read.every_node) == (nodes, True)
        assert cores_of(read) == (None if any(len(core) > 1 for core in cores) else cores)


@given(st.text(alphabet='#,-0123456789{}[]":cpusnodeline/\n ', max_size=200) | st.text())
@example('{"lscpu": [{"field": "On-line CPU(s) list:", "data": {"a": 1}}]}')
@example('{"cpus": [{"cpu": {"a": 1}}, [], null]}')
@example('{"cpus": [1]}')
@example("# CPU\n\u0662\n")
@example("cpu/online:0\nnode/node\u0662/cpulist:0\n")
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read = parsed(text)
    except TopologyError as error:
        message = str(error)
    else:
        assert read.online
        return
    assert message.startswith("cpus:")
    assert message.isprintable()


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "1:1", "the file is empty"),
        ("CPU NODE SOCKET CORE\n  0    0      0    0\n", "1:1", "this is no topology"),
        ("0,0,0,0\n", "1:1", "no comment above names the columns"),
        ("# CPU,Core\n0,0\n0,1\n", "3:1", "CPU 0 is listed twice"),
        ("# CPU,Core\n0,0\n1,1,1\n", "3:1", "3 values"),
        ("# CPU,Core\n9000,0\n", "2:1", "'9000' is no number of a CPU"),
        ("# CPU,Node\n0,1024\n", "2:1", "'1024' is no number of a NUMA node"),
        ("# CPU,Online\n0,maybe\n", "2:1", "'maybe' is neither yes nor no"),
        ("# CPU,Online\n0,N\n", "1:1", "no CPU is listed that is online"),
        ("# CPU,Core\n", "1:1", "no CPU is listed that is online"),
        ('{"lscpu": []}', "1:11", "LC_ALL=C lscpu --json"),
        ('{"a": 1}', "1:1", "neither 'lscpu' nor 'cpus'"),
        ('{"cpus": [\n  {"cpu": "x"}\n]}', "2:11", "'x' is no number of a CPU"),
        ('{"cpus": [\n  7\n]}', "2:3", "a CPU is listed as an object"),
        ('{"cpus": [', "1:11", "no JSON"),
        (
            '{"lscpu": [{"field": "On-line CPU(s) list:", "data": "0xf"}]}',
            "1:55",
            "'0xf' is not a CPU number",
        ),
        ("cpu/present:0\n", "1:1", "no line states /sys/devices/system/cpu/online"),
        ("cpu/online:0-1\nnonsense\n", "2:1", "this is no line such as"),
        ("cpu/online:0\ncpu/online:1\n", "2:12", "stated twice"),
        (
            "cpu/online:0-1\ncpu/cpu0/topology/core_cpus_list:0-1\ncpu/cpu1/topology/core_cpus_list:1",
            "3:34",
            "contradict",
        ),
        ("cpu/online:\n", "1:12", "no CPU is listed that is online"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(TopologyError) as caught:
        parsed(text)
    assert str(caught.value).startswith(f"cpus:{place}: ")
    assert words in str(caught.value)


def test_what_is_not_told_is_unknown() -> None:
    read = parsed("# CPU\n0\n1\n")
    assert (read.present, read.cores, read.nodes, read.every_node) == (None, None, None, False)
    read = parsed("# CPU,Core,Node\n0,0,0\n1,,0\n")
    assert read.cores is None
    assert nodes_of(read) == {0: CpuSet.of([0, 1])}


def test_an_offline_cpu_in_columns_means_that_all_are_listed() -> None:
    read = parsed("# CPU,Online,Core\n0,Y,0\n1,N,\n")
    assert (read.online, read.present) == (CpuSet.of([0]), CpuSet.of([0, 1]))


def test_physical_core_numbers_count_in_their_socket() -> None:
    read = parsed("# CPU,Core,Socket\n0,0,0\n1,0,1\n")
    assert cores_of(read) == {CpuSet.of([0]), CpuSet.of([1])}


def test_a_node_that_is_memory_alone_is_known() -> None:
    lines = "cpu/online:0-1\nnode/online:0-1\nnode/node0/cpulist:0-1\n"
    assert nodes_of(parsed(lines)) == {0: CpuSet.of([0, 1]), 1: CpuSet.EMPTY}
    listed = (
        '{"lscpu": [{"field": "On-line CPU(s) list:", "data": "0"},'
        '{"field": "NUMA node(s):", "data": "2"}, {"field": "NUMA node0 CPU(s):", "data": "0"},'
        '{"field": "NUMA node1 CPU(s):", "data": null}]}'
    )
    read = parsed(listed)
    assert (nodes_of(read), read.every_node) == ({0: CpuSet.of([0]), 1: CpuSet.EMPTY}, True)


def test_a_count_that_differs_leaves_open_which_cpus_there_are() -> None:
    text = (
        '{"lscpu": [{"field": "CPU(s):", "data": "4"},'
        '{"field": "On-line CPU(s) list:", "data": "0-1"}]}'
    )
    assert parsed(text).present is None


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match="cannot be read"):
        read_topology(str(tmp_path / "none"))
    (tmp_path / "large").write_bytes(b"# CPU\n" + b"0\n" * LARGEST)
    with pytest.raises(TopologyError, match="larger than 4194304 bytes"):
        read_topology(str(tmp_path / "large"))
    (tmp_path / "bytes").write_bytes(b"# CPU\n\xff")
    with pytest.raises(TopologyError, match="2: "):
        read_topology(str(tmp_path / "bytes"))


def test_hostile_files_cost_little() -> None:
    """As many lines as a file may have, and the largest lists, in every form."""
    everything = "0-8191"
    lists = "".join(f"cpu/cpu{n}/topology/core_cpus_list:{everything}\n" for n in range(8192))
    numbers = ",".join(["0"] * (LARGEST // 2))
    started = time.process_time()
    assert parsed(f"cpu/online:{everything}\n{lists}").cores is not None
    for text in (
        "# CPU\n" + "0\n" * (LARGEST // 2),
        '{"cpus": [' + '{"cpu": 0},' * 20_000 + "]}",
        f"# CPU\n{numbers}\n",
        '{"lscpu": ' + "[" * 10_000,
        "cpu/online:0\n" + "".join(f"cpu/a{n}:0\n" for n in range(50_000)) + "x\n",
    ):
        with pytest.raises(TopologyError):
            parsed(text)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("arguments", [["-J"], ["-J", "-e"], ["-p"]], ids=" ".join)
def test_what_this_machine_prints(arguments: list[str]) -> None:
    online = Path("/sys/devices/system/cpu/online")
    if shutil.which("lscpu") is None or not online.exists():
        pytest.skip("this machine has no lscpu, or no /sys")
    done = subprocess.run(
        ["lscpu", *arguments], capture_output=True, check=True, env={"LC_ALL": "C"}, text=True
    )
    assert parsed(done.stdout).online == parse_cpuset(online.read_text().strip())
