"""A topology from rows of one CPU each, as ``lscpu`` lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import LARGEST_CPU, CpuSet
from linter.records import dataclass
from linter.topology.machine import LARGEST_NODE, Core, NumaNode, Topology
from linter.topology.places import failure, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.sources.text import Ref

_UNKNOWN = {"", "-"}
"""How lscpu writes what it does not know, such as the core of a CPU that is offline."""

_OFFLINE = {"n", "no", "false", "0"}
_ONLINE = {"y", "yes", "true", "1"}


@dataclass(frozen=True, slots=True)
class Row:
    """A CPU as it is listed: texts by the lower-case names of their columns."""

    cells: dict[str, str]
    ref: Ref

    def known(self, column: str) -> str | None:
        """Return a cell, or None where the column is not listed or says nothing."""
        text = self.cells.get(column, "")
        return None if text in _UNKNOWN else text


def from_rows(rows: Iterable[Row], ref: Ref, *, whole: bool) -> Topology:
    """Put a topology together.

    Args:
        rows: The CPUs; no more are read than there can be.
        ref: Where they are listed, for a message about all of them.
        whole: Whether CPUs that are not listed do not exist; else they may be offline, unless
            some that are offline are listed.

    Raises:
        TopologyError: A row means nothing, or two contradict each other.

    """
    listed: dict[int, Row] = {}
    online: dict[int, Row] = {}
    for row in rows:
        cpu = number(row.known("cpu") or "", LARGEST_CPU, "CPU", row.ref)
        if cpu in listed:
            raise failure(row.ref, f"CPU {cpu} is listed twice")
        listed[cpu] = row
        if _is_online(row):
            online[cpu] = row
    if not online:
        raise failure(ref, "no CPU is listed that is online")
    return Topology(
        online=CpuSet.of(online),
        ref=next(iter(online.values())).ref,
        present=CpuSet.of(listed) if whole or len(listed) > len(online) else None,
        cores=_cores(online),
        nodes=_nodes(online),
    )


def _is_online(row: Row) -> bool:
    text = (row.known("online") or "yes").lower()
    if text not in _ONLINE | _OFFLINE:
        raise failure(row.ref, f"'{text[:20]}' is neither yes nor no, as a CPU is online or not")
    return text in _ONLINE


def _cores(online: dict[int, Row]) -> tuple[Core, ...] | None:
    """Return the cores, or None where some CPU's is not told.

    ``lscpu --physical`` numbers cores anew in each socket, so that only both make one.
    """
    threads: dict[tuple[str | None, ...], list[int]] = {}
    for cpu, row in online.items():
        core = row.known("core")
        if core is None:
            return None
        threads.setdefault((row.known("socket"), row.known("node"), core), []).append(cpu)
    return tuple(Core(CpuSet.of(cpus), online[min(cpus)].ref) for cpus in threads.values())


def _nodes(online: dict[int, Row]) -> tuple[NumaNode, ...] | None:
    """Return the NUMA nodes that have CPUs, or None where some CPU's is not told."""
    members: dict[int, list[int]] = {}
    for cpu, row in online.items():
        text = row.known("node")
        if text is None:
            return None
        node = number(text, LARGEST_NODE, "NUMA node", row.ref)
        members.setdefault(node, []).append(cpu)
    return tuple(
        NumaNode(node, CpuSet.of(cpus), online[min(cpus)].ref)
        for node, cpus in sorted(members.items())
    )
