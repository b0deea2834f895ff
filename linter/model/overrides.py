"""Statements of CPUs that something else on the same node replaces.

Three things replace a statement: another MachineConfig that writes the same file (see
openshift/machine-config-operator ``pkg/controller/common/helpers.go``), another drop-in that CRI-O
reads later (cri-o/cri-o ``pkg/config/config.go``), and what OpenShift adds by itself, see
:mod:`linter.model.delivery`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import MANAGEMENT
from linter.formats.cpuset import CpuSet
from linter.model.delivery import DEFAULT_DROP_IN, bootstrap_configs, deliver, profile_configs
from linter.model.merge import merge_order
from linter.model.partitioning import Mode
from linter.model.pools import ARBITER, MASTER, WORKER
from linter.model.releases import (
    CPU_PARTITIONING_API,
    CUSTOM_POOL_BEATS_WORKER,
    LEGACY_SNO_SUPPORTED,
    Releases,
)
from linter.model.switch import read_switch
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import NodeFile
    from linter.model.cluster import Cluster
    from linter.model.contents import ConfigContents
    from linter.model.crio import StatedWorkload
    from linter.model.delivery import Delivery, ImpliedConfig, Table
    from linter.model.node import NodeConfig
    from linter.model.switch import Switch
    from linter.sources.text import Ref

_MANAGEMENT_CPUSET, _INFRA_CPUSET = "the management cpuset", "infra_ctr_cpuset"
_PINNING_CPUSET, _AFFINITY = "management.cpuset", "CPUAffinity"

_OLDER = Releases.every().where(CUSTOM_POOL_BEATS_WORKER, holds=False)
_NEWER = Releases.every().where(CUSTOM_POOL_BEATS_WORKER)


# --- one file, several MachineConfigs ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatedLayer:
    """What one MachineConfig's entry for a file states; ``cpus`` is None where it states none."""

    config: str
    cpus: CpuSet | None
    ref: Ref

    @property
    def said(self) -> str:
        """The CPUs in words."""
        return str(self.cpus) if self.cpus else "no CPUs"


def conflicting_layers(
    cluster: Cluster, node: NodeConfig
) -> Iterator[tuple[StatedLayer, StatedLayer, str]]:
    """Yield each statement that loses to another value in the same file, the winner, the path.

    An entry that no longer has CRI-O's management table counts where nothing else has one.
    """
    known: _Statements | None = None
    for path, file in node.merged.files.items():
        winner = file.winner
        if winner is None or not file.shadowed:
            continue
        known = known or _Statements(cluster.contents)
        stated = known.of(winner.file)
        for layer in file.shadowed if stated is not None else ():
            if stated is None or layer.machine_config is winner.machine_config:
                continue
            for key, statement in (known.of(layer.file) or {}).items():
                other = stated.get(key)
                loser = StatedLayer(layer.machine_config.name, statement.cpus, statement.ref)
                name = winner.machine_config.name
                if not statement.cpus:
                    continue
                if other is not None and other.cpus not in {None, statement.cpus}:
                    yield loser, StatedLayer(name, other.cpus, other.ref), path
                elif other is None and key == _MANAGEMENT_CPUSET and node.crio.management is None:
                    yield loser, StatedLayer(name, None, winner.file.path_ref), path


class _Statements:
    """The lists of CPUs that the files of a cluster's MachineConfigs state, by what they are."""

    def __init__(self, contents: Iterable[ConfigContents]) -> None:
        self._known: dict[int, Mapping[str, CpuStatement]] = {}
        for config in contents:
            for drop_in in config.drop_ins:
                if drop_in.problem is None:
                    workload = drop_in.workloads.get(MANAGEMENT)
                    table = workload.cpuset if workload is not None else None
                    infra = drop_in.infra_ctr_cpuset
                    self._add(drop_in.file, {_MANAGEMENT_CPUSET: table, _INFRA_CPUSET: infra})
            pinning = config.pinning
            if pinning is not None and pinning.problem is None:
                self._add(pinning.file, {_PINNING_CPUSET: pinning.cpuset})
            for manager in config.managers:
                if len(manager.assignments) == 1:
                    self._add(manager.file, {_AFFINITY: manager.assignments[0].statement})

    def _add(self, file: NodeFile, stated: Mapping[str, CpuStatement | None]) -> None:
        found = {key: statement for key, statement in stated.items() if statement is not None}
        self._known[id(file)] = found

    def of(self, file: NodeFile) -> Mapping[str, CpuStatement] | None:
        """Return the lists in a file; None where its contents are not known or none of ours."""
        return self._known.get(id(file))


@dataclass(frozen=True, slots=True)
class SkewedFile:
    """A file that the two merge orders take from different MachineConfigs, with other CPUs."""

    path: str
    before: StatedLayer
    since: StatedLayer


def skewed_files(cluster: Cluster, node: NodeConfig) -> Iterator[SkewedFile]:
    """Yield each file that an upgrade across 4.15 changes, with what counts on either side.

    The pinning file is left out where one side is empty: that is OpenShift's own doing in a pool
    that inherits from the worker pool, and nothing reads the list.
    """
    known: _Statements | None = None
    for path, file in node.merged.files.items():
        layers = {id(x.machine_config): x for x in file.layers if x.file.contents}
        if len(layers) < 2:
            continue
        configs = [layer.machine_config for layer in layers.values()]
        old, new = (layers[id(merge_order(configs, side)[-1])] for side in (_OLDER, _NEWER))
        if old is new:
            continue
        known = known or _Statements(cluster.contents)
        mine, other = known.of(old.file) or {}, known.of(new.file) or {}
        for key in (key for key in mine if key in other):
            one, two = mine[key], other[key]
            if one.cpus is None or two.cpus is None or one.cpus == two.cpus:
                continue
            if key != _PINNING_CPUSET or (one.cpus and two.cpus):
                yield SkewedFile(
                    path,
                    StatedLayer(old.machine_config.name, one.cpus, one.ref),
                    StatedLayer(new.machine_config.name, two.cpus, two.ref),
                )


# --- CRI-O's management tables -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShadowedTable:
    """A management table that pins to CPUs and does not count, and the one that counts.

    ``harmless``: what counts is what the profile reserves, so the shadowed table merely misleads.
    ``implied_by``: where the switch stands that brings a table which no manifest holds.
    """

    stated: StatedWorkload
    cpuset: CpuStatement
    counts: Table
    harmless: bool
    implied_by: Ref | None


def shadowed_tables(cluster: Cluster, node: NodeConfig) -> Iterator[ShadowedTable]:
    """Yield the tables of a pool that pin to other CPUs than the table that counts.

    Nothing where it is not known which table counts, or what it pins to.
    """
    if node.crio.management is None or node.profiles_open or len(node.profiles) > 1:
        return
    switch = _switch(cluster)
    if _is_inert(cluster, switch):
        return
    counts = _last_table(_crio_delivery(cluster, node, switch))
    if counts is None or counts.cpuset is None:
        return
    reserved = node.reserved
    harmless = counts.profile is not None or (
        reserved is not None and reserved.profile is not None and counts.cpuset == reserved.cpus
    )
    signal = cluster.partitioning.enabled_by
    for stated in (*node.crio.shadowed, node.crio.management):
        cpuset = stated.cpuset
        if cpuset is None or not cpuset.cpus or stated.drop_in.path == counts.path:
            continue
        if cpuset.cpus != counts.cpuset:
            implied = counts.ref is None and signal is not None
            yield ShadowedTable(
                stated, cpuset, counts, harmless, signal.ref if signal and implied else None
            )


def empty_tables(cluster: Cluster, node: NodeConfig) -> Iterator[tuple[Table, bool]]:
    """Yield the tables of a pool with a profile that pin to nothing although they count.

    The table that the operator makes of the profile is taken into account: what it replaces on
    the node does not count, unless it is a copy of that very table. The default table of a
    partitioned cluster is empty by nature and left out.

    Yields:
        The table, and whether its pods are certain to float: partitioning is on, and nothing will
        replace the table.

    """
    if node.crio.management is None or node.profiles_open or node.profile is None:
        return
    switch = _switch(cluster)
    if _is_inert(cluster, switch):
        return
    delivery = _crio_delivery(cluster, node, switch)
    counts = _last_table(delivery)
    for table in (*delivery.outdated, *((counts,) if counts is not None else ())):
        if table.profile is not None or table.ref is None or table.path == DEFAULT_DROP_IN:
            continue
        if table.cpuset == CpuSet.EMPTY:
            yield table, switch.enabled and table is counts


def _switch(cluster: Cluster) -> Switch:
    return read_switch(
        cluster.nodes,
        cluster.partitioning,
        cluster.size,
        cluster.releases,
        installing=cluster.install_time,
    )


def _is_inert(cluster: Cluster, switch: Switch) -> bool:
    """Say whether tables pin nothing, as partitioning is off and hand-made files do not suffice."""
    if switch.mode is not Mode.OFF or switch.enabled:
        return False
    return switch.single_node is False or not cluster.releases.has(LEGACY_SNO_SUPPORTED)


def _crio_delivery(cluster: Cluster, node: NodeConfig, switch: Switch) -> Delivery:
    """Put together the drop-ins of a pool.

    Where nothing says whether partitioning is on, it may be: the operator's drop-ins are then
    taken to be there, so that no table is called lost which they may replace.
    """
    releases = cluster.releases
    names = switch.rendered & {node.pool.name, MASTER, WORKER, ARBITER}
    implied: list[ImpliedConfig] = list(bootstrap_configs(names, releases))
    open_mode = switch.mode in {Mode.SILENT, Mode.UNKNOWN}
    if switch.enabled or (open_mode and releases.has(CPU_PARTITIONING_API)):
        implied.extend(profile_configs(cluster.matches, pinned=True))
    return deliver(node, implied, releases, cluster.readers.crio)


def _last_table(delivery: Delivery) -> Table | None:
    return None if delivery.table_open else delivery.table
