"""Whether workload partitioning is on, and how large the cluster is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from linter.facts.installation import ALL_NODES
from linter.records import dataclass
from linter.sources.fields import Invalid, Missing, Templated, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.installation import Enablement, Installation
    from linter.facts.manifests import Labels


class Mode(Enum):
    """What the enablement signals of a cluster say together."""

    ALL_NODES = "AllNodes"
    OFF = "None"
    UNKNOWN = "unknown"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Partitioning:
    """Whether workload partitioning is on. ``SILENT``: no manifest is of a kind that says so."""

    mode: Mode
    signals: tuple[Enablement, ...]

    @property
    def enabled_by(self) -> Enablement | None:
        """The first signal that switches it on."""
        for signal in self.signals:
            if isinstance(signal.mode, Value) and signal.mode.value == ALL_NODES:
                return signal
        return None


@dataclass(frozen=True, slots=True)
class Size:
    """How large the cluster is, as far as the manifests say; None is not known."""

    single_node: bool | None
    worker_nodes: bool | None
    arbiter: bool
    nodes: tuple[Labels, ...] = ()
    """The labels of the nodes that are listed one by one."""


def read_partitioning(
    installations: Iterable[Installation], *, elsewhere: bool = False
) -> Partitioning:
    """Fold the signals of a cluster; ``elsewhere`` where there may be some that nobody read."""
    signals = tuple(i.enablement for i in installations if i.enablement is not None)
    partitioning = Partitioning(Mode.SILENT, signals)
    if not signals:
        return Partitioning(Mode.UNKNOWN, ()) if elsewhere else partitioning
    if partitioning.enabled_by is not None:
        return Partitioning(Mode.ALL_NODES, signals)
    if any(isinstance(signal.mode, Templated | Invalid) for signal in signals):
        return Partitioning(Mode.UNKNOWN, signals)
    return Partitioning(Mode.OFF, signals)


def read_size(installations: Iterable[Installation]) -> Size:
    """Fold what installation manifests say of the cluster's size; a stated topology comes first."""
    single: bool | None = None
    workers: bool | None = None
    arbiter = False
    nodes: tuple[Labels, ...] = ()
    for installation in installations:
        topology = installation.topology
        if topology is None:
            continue
        if topology.control_plane_topology is not None:
            single = topology.control_plane_topology == "SingleReplica"
            arbiter |= topology.control_plane_topology == "HighlyAvailableArbiter"
        elif topology.control_plane is not None:
            single = topology.control_plane == 1 if single is None else single
        if topology.workers is not None:
            workers = topology.workers > 0
        nodes = topology.nodes or nodes
    if single and workers is None:
        workers = False
    return Size(single, workers, arbiter, nodes)


def stated_off(signal: Enablement) -> bool:
    """Say whether a signal leaves partitioning off: by ``None``, or by being absent."""
    mode = signal.mode
    return isinstance(mode, Missing) or (isinstance(mode, Value) and mode.value != ALL_NODES)
