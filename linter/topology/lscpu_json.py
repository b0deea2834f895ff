"""What ``lscpu --json`` prints: a list of fields, or with ``--extended`` a list of CPUs.

Fields are flat, or nested in ``children`` in some versions and with ``--hierarchic``; the values of
CPUs are strings in older versions, numbers and booleans later.
Source: util-linux/util-linux ``sys-utils/lscpu.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuSet
from linter.regexes import regex
from linter.sources.yaml_tree import compose
from linter.topology.machine import LARGEST_NODE, Core, NumaNode, Topology
from linter.topology.places import cpu_list, failure, number
from linter.topology.rows import Row, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import File, Ref
    from linter.sources.yaml_tree import Node

_NODE_CPUS = regex(r"NUMA node(\d+) CPU\(s\)")
_ONLINE = "On-line CPU(s) list"
_OFFLINE = "Off-line CPU(s) list"
_CPUS = "CPU(s)"
_NODES = "NUMA node(s)"
_THREADS = "Thread(s) per core"
_READ = {_ONLINE, _OFFLINE, _CPUS, _NODES, _THREADS}


def read_lscpu_json(file: File) -> Topology:
    """Read a topology; raises TopologyError where the text has none."""
    roots, problem = compose(file)
    if problem is not None:
        raise failure(problem.ref, problem.message.replace("YAML", "JSON").rstrip("."))
    root = roots[0]
    if (cpus := root.at("cpus")).is_sequence:
        return from_rows(_rows(cpus), cpus.ref, whole=True)
    if (listed := root.at("lscpu")).is_sequence:
        return _from_fields(listed)
    raise failure(root.ref, "there is neither 'lscpu' nor 'cpus', as lscpu --json prints them")


def _rows(cpus: Node) -> Iterator[Row]:
    for element in cpus.elements():
        if not element.is_mapping:
            raise failure(element.ref, "a CPU is listed as an object, such as {'cpu': 0}")
        cells = {key.lower(): _text(value) for key, value in element.items()}
        yield Row(cells, element.at("cpu").ref)


def _text(node: Node) -> str:
    """Return a scalar as it is written, without quotes; nothing for null and what is no scalar."""
    return str(node.raw.value).strip() if node.is_scalar and not node.is_null else ""


def _place(node: Node) -> Ref:
    return node.content_ref() if node.is_scalar else node.ref


def _from_fields(listed: Node) -> Topology:
    fields: dict[str, Node] = {}
    for name, data in _fields(listed):
        if name not in _READ and not _NODE_CPUS.fullmatch(name):
            continue
        if name in fields and _text(fields[name]) != _text(data):
            raise failure(data.ref, f"'{name}' is stated twice, each time otherwise")
        fields[name] = data
    if _ONLINE not in fields:
        raise failure(
            listed.ref,
            f"there is no field '{_ONLINE}': run LC_ALL=C lscpu --json, without --hex",
        )
    ref = _place(fields[_ONLINE])
    online = cpu_list(_text(fields[_ONLINE]), _ONLINE, ref)
    if not online:
        raise failure(ref, "no CPU is listed that is online")
    offline = CpuSet.EMPTY
    if _OFFLINE in fields:
        offline = cpu_list(_text(fields[_OFFLINE]), _OFFLINE, _place(fields[_OFFLINE]))
    present = online | offline
    nodes = _nodes(fields)
    return Topology(
        online=online,
        ref=ref,
        present=present if _counted(fields, _CPUS) in {None, len(present)} else None,
        cores=_cores(fields, online),
        nodes=nodes or None,
        every_node=len(nodes) == _counted(fields, _NODES),
    )


def _fields(listed: Node) -> Iterator[tuple[str, Node]]:
    """Yield the name, without its colon, and the value of each field, those within it included."""
    waiting = list(listed.elements())[::-1]
    while waiting:
        entry = waiting.pop()
        name = _text(entry.at("field")).rstrip(":")
        if name and entry.at("data").exists:
            yield name, entry.at("data")
        waiting.extend(list(entry.at("children").elements())[::-1])


def _counted(fields: dict[str, Node], name: str) -> int | None:
    text = _text(fields[name]) if name in fields else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _cores(fields: dict[str, Node], online: CpuSet) -> tuple[Core, ...] | None:
    """Return the cores where each has one thread; which CPUs are siblings is not told."""
    if _counted(fields, _THREADS) != 1:
        return None
    ref = _place(fields[_THREADS])
    return tuple(Core(CpuSet.of([cpu]), ref) for cpu in online)


def _nodes(fields: dict[str, Node]) -> tuple[NumaNode, ...]:
    nodes: dict[int, NumaNode] = {}
    for name, data in fields.items():
        found = _NODE_CPUS.fullmatch(name)
        if found is not None:
            ref = _place(data)
            node = number(found[1], LARGEST_NODE, "NUMA node", ref)
            nodes[node] = NumaNode(node, cpu_list(_text(data), name, ref), ref)
    return tuple(nodes[node] for node in sorted(nodes))
