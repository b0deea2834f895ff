r"""Files of ``/sys`` that say how the CPUs of a machine hang together, one ``PATH:VALUE`` a line.

That is what ``grep`` prints of them::

    cd /sys/devices/system && grep -s . cpu/online cpu/present node/online \
        cpu/cpu*/topology/{thread_siblings_list,core_id,physical_package_id} node/node*/cpulist

The paths may begin with ``/sys/devices/system/``. Lines about other files of ``/sys`` are passed
over. Source: torvalds/linux ``Documentation/ABI/stable/sysfs-devices-system-cpu`` and ``-node``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import LARGEST_CPU, CpuSet
from linter.records import dataclass, field
from linter.regexes import regex
from linter.sources.text import Ref
from linter.topology.machine import LARGEST_NODE, Core, NumaNode, Topology
from linter.topology.places import cpu_list, failure, number

if TYPE_CHECKING:
    from linter.sources.text import File

_LINE = regex(r"(?:/sys/devices/system/)?((?:cpu|node)/[A-Za-z0-9_./-]+):[ \t]*(.*)")
_ELSEWHERE = regex(r"/sys/[^:]*:")
_CPU_FILE = regex(r"cpu/cpu(\d+)/topology/(\w+)")
_NODE_FILE = regex(r"node/node(\d+)/cpulist")
_SIBLINGS = ("core_cpus_list", "thread_siblings_list")
"""The threads of a CPU's core: the name since Linux 5.3, and the older one."""


@dataclass(slots=True)
class _Stated:
    """What the lines say: values by file, and those of each CPU's and node's files."""

    lists: dict[str, tuple[str, Ref]] = field(default_factory=dict)
    of_cpu: dict[int, dict[str, tuple[str, Ref]]] = field(default_factory=dict)
    nodes: dict[int, tuple[str, Ref]] = field(default_factory=dict)


def read_sysfs(file: File) -> Topology:
    """Read a topology; raises TopologyError where the text has none."""
    stated = _read(file)
    if "cpu/online" not in stated.lists:
        raise failure(Ref(file, 0, 0), "no line states /sys/devices/system/cpu/online")
    text, ref = stated.lists["cpu/online"]
    online = cpu_list(text, "cpu/online", ref)
    if not online:
        raise failure(ref, "no CPU is listed that is online")
    present = stated.lists.get("cpu/present")
    nodes = tuple(
        NumaNode(node, cpu_list(text, f"NUMA node {node}", ref), ref)
        for node, (text, ref) in sorted(stated.nodes.items())
    )
    bare = _bare_nodes(stated)
    return Topology(
        online=online,
        ref=ref,
        present=cpu_list(present[0], "cpu/present", present[1]) if present else None,
        cores=_cores(stated, online),
        nodes=tuple(sorted((*nodes, *bare), key=lambda node: node.number)) or None,
        every_node="node/online" in stated.lists,
    )


def _read(file: File) -> _Stated:
    stated = _Stated()
    for line in range(1, file.line_count + 1):
        start, end = file.line_span(line)
        text = file.text[start:end].rstrip()
        found = _LINE.fullmatch(text)
        if found is None:
            if text and not _ELSEWHERE.match(text):
                raise failure(
                    Ref(file, start, end),
                    "this is no line such as '/sys/devices/system/cpu/online:0-15'",
                )
            continue
        value = (found[2], Ref(file, start + found.start(2), start + found.end(2)))
        _add(stated, found[1], value)
    return stated


def _add(stated: _Stated, name: str, value: tuple[str, Ref]) -> None:
    if of_cpu := _CPU_FILE.fullmatch(name):
        cpu = number(of_cpu[1], LARGEST_CPU, "CPU", value[1])
        known = stated.of_cpu.setdefault(cpu, {}).setdefault(of_cpu[2], value)
    elif of_node := _NODE_FILE.fullmatch(name):
        node = number(of_node[1], LARGEST_NODE, "NUMA node", value[1])
        known = stated.nodes.setdefault(node, value)
    else:
        known = stated.lists.setdefault(name, value)
    if known[0] != value[0]:
        raise failure(value[1], f"{name} is stated twice, each time otherwise")


def _bare_nodes(stated: _Stated) -> list[NumaNode]:
    """Return the nodes without CPUs: ``grep`` prints no line of their empty list."""
    if "node/online" not in stated.lists:
        return []
    text, ref = stated.lists["node/online"]
    return [
        NumaNode(node, CpuSet.EMPTY, ref)
        for node in cpu_list(text, "node/online", ref)
        if node not in stated.nodes
    ]


def _cores(stated: _Stated, online: CpuSet) -> tuple[Core, ...] | None:
    """Return the cores, or None where some CPU's is not told."""
    cores: dict[object, Core] = {}
    home: set[int] = set()
    for cpu in online:
        files = stated.of_cpu.get(cpu, {})
        listed = next((files[name] for name in _SIBLINGS if name in files), None)
        if listed is not None:
            threads = cpu_list(listed[0], f"the siblings of CPU {cpu}", listed[1])
            key: object = threads.bits
            torn = key not in cores and any(one in home for one in threads)
            if cpu not in threads or torn:
                raise failure(listed[1], f"the siblings of CPU {cpu} contradict those of another")
            if key not in cores:
                home.update(threads)
                cores[key] = Core(threads, listed[1])
        elif "core_id" in files and "physical_package_id" in files:
            key = (files["physical_package_id"][0], files["core_id"][0])
            known = cores.get(key, Core(CpuSet.EMPTY, files["core_id"][1]))
            cores[key] = Core(known.cpus | CpuSet.of([cpu]), known.ref)
        else:
            return None
    return tuple(cores.values())
