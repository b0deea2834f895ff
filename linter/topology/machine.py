"""What is known of the CPUs of the machines of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuSet
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.sources.text import Ref

LARGEST_NODE = 1023
"""The largest number of a NUMA node that Linux can be built for (``CONFIG_NODES_SHIFT`` is 10)."""


class TopologyError(Exception):
    """A file from which no topology can be read: where, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Core:
    """A physical core: the CPUs that are its threads, and where the first of them is listed."""

    cpus: CpuSet
    ref: Ref


@dataclass(frozen=True, slots=True)
class NumaNode:
    """A NUMA node and its CPUs, none where it is memory alone; and where that is stated."""

    number: int
    cpus: CpuSet
    ref: Ref


@dataclass(frozen=True, slots=True)
class Topology:
    """The CPUs of a machine. What was not told is None.

    Attributes:
        online: The CPUs that run.
        ref: Where they are stated.
        present: The CPUs that there are, those that are offline among them.
        cores: The physical cores with a thread online.
        nodes: The NUMA nodes, by number.
        every_node: Whether a node that is not among these does not exist; else it may be one
            that has no CPUs.

    """

    online: CpuSet
    ref: Ref
    present: CpuSet | None = None
    cores: tuple[Core, ...] | None = None
    nodes: tuple[NumaNode, ...] | None = None
    every_node: bool = False

    @property
    def known(self) -> CpuSet:
        """The CPUs that surely exist."""
        return self.online | (self.present or CpuSet.EMPTY)

    def siblings(self, cpu: int) -> CpuSet:
        """Return the threads of the core of a CPU, itself included; empty where not known."""
        return next((core.cpus for core in self.cores or () if cpu in core.cpus), CpuSet.EMPTY)


@dataclass(frozen=True, slots=True)
class Topologies:
    """The topologies that were given, by what they are for.

    A key is the name of a pool, or a cluster's and a pool's with a slash between them; the empty
    one is for all pools that no other one names.
    """

    given: Mapping[str, Topology]

    def of_cluster(self, name: str) -> Topologies:
        """Return those that a cluster's pools may have, by the pool alone."""
        mine = {key: known for key, known in self.given.items() if "/" not in key}
        for key, known in self.given.items():
            cluster, slash, pool = key.rpartition("/")
            if slash and cluster == name:
                mine[pool] = known
        return Topologies(mine)

    def of_pool(self, pool: str) -> Topology | None:
        """Return the topology of a pool's machines, or None where nobody gave one."""
        return self.given.get(pool) or self.given.get("")

    def pools(self) -> list[str]:
        """Return what is named: pools, and pools of one cluster as ``cluster/pool``."""
        return sorted(key for key in self.given if key)
