"""The partitioning files that a pool's nodes get, from manifests and from OpenShift itself.

What OpenShift makes takes part in the merge like any other MachineConfig. What the operator keeps
up replaces its copy in the tree, which lasts only until it is rendered anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linter.facts.crio import MAIN_FILE, MANAGEMENT, is_read, read_crio_drop_in
from linter.facts.manifests import ROLE_LABEL
from linter.facts.pinning import PATH as PINNING_PATH
from linter.formats.cpuset import CpuSet
from linter.model.implied import (
    DEFAULT_DROP_IN,
    PROFILE_DROP_IN,
    ImpliedConfig,
    bootstrap_configs,
    profile_configs,
    takes,
)
from linter.model.pools import WORKER
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from linter.facts.crio import CrioDropIn
    from linter.facts.machine_configs import MachineConfig, NodeFile
    from linter.facts.profiles import Profile
    from linter.model.merge import FileLayer
    from linter.model.node import NodeConfig
    from linter.model.releases import Releases
    from linter.sources.text import Ref

    Reader = Callable[[NodeFile], CrioDropIn | None]

__all__ = [
    "DEFAULT_DROP_IN",
    "PROFILE_DROP_IN",
    "Delivery",
    "ImpliedConfig",
    "Table",
    "bootstrap_configs",
    "deliver",
    "in_merge_order",
    "profile_configs",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """A CRI-O management table on the node.

    ``cpuset`` is empty where it pins to nothing and None where that is not known. ``profile`` is
    the profile that implies it, ``ref`` where it is stated or what implies it.
    """

    path: str
    cpuset: CpuSet | None
    made_by: str
    profile: Profile | None = None
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a pool's nodes get.

    Attributes:
        tables: The CRI-O management tables in reading order: the last one counts.
        table_open: Something of unknown contents may replace the table that counts.
        pinning_from: The names of all that bring the kubelet's pinning file, which counts by its
            presence alone.
        pinning_open: Something of which templates decide whether the pool takes it may bring it.
        implied: What OpenShift adds for this pool.
        outdated: Tables of copies in the tree that the operator will replace by other ones.

    """

    tables: tuple[Table, ...]
    table_open: bool
    pinning_from: tuple[str, ...]
    pinning_open: bool
    implied: tuple[ImpliedConfig, ...]
    outdated: tuple[Table, ...]

    @property
    def table(self) -> Table | None:
        """The table that counts."""
        return self.tables[-1] if self.tables else None


def deliver(
    node: NodeConfig,
    implied: Sequence[ImpliedConfig],
    releases: Releases,
    read: Reader = read_crio_drop_in,
) -> Delivery:
    """Put together what manifests state and what OpenShift adds, for one pool.

    Args:
        node: What manifests state for the pool.
        implied: What OpenShift makes for all pools.
        releases: The releases under consideration.
        read: Reads a CRI-O drop-in; one that remembers saves time where there are many pools.

    Raises:
        Undecided: The releases under consideration merge in different orders, and that matters.

    """
    stated_names = {config.name for config in node.merged.order}
    answers = [(config, takes(node.pool, config)) for config in implied]
    taken = [
        config
        for config, answer in answers
        if answer and (config.profile is not None or config.name not in stated_names)
    ]
    maybe = [config for config, answer in answers if answer is None]
    kept_up = {config.name: config for config in taken if config.profile is not None}
    tables, outdated, unknown = _tables(node, taken, kept_up, releases, read)
    counting = _reading_order(tables[-1].path) if tables else (False, b"")
    unknown |= _undecided_paths(node, tables, read)
    unknown |= {config.drop_in for config in maybe if config.drop_in is not None}
    named = {
        config.name
        for config in node.merged.order
        if config.file(PINNING_PATH) is not None and config.name not in kept_up
    }
    return Delivery(
        tables=tuple(tables),
        table_open=any(_reading_order(path) >= counting for path in unknown),
        pinning_from=tuple(sorted(named | {config.name for config in taken if config.pins})),
        pinning_open=any(config.pins for config in maybe)
        or not node.pool.name
        or any(c.file(PINNING_PATH) is not None for c in node.merged.undecided),
        implied=tuple(taken),
        outdated=tuple(outdated),
    )


def _tables(
    node: NodeConfig,
    taken: Sequence[ImpliedConfig],
    kept_up: Mapping[str, ImpliedConfig],
    releases: Releases,
    read: Reader,
) -> tuple[list[Table], list[Table], set[str]]:
    """Return the management tables, the outdated ones, and the paths of unknown contents."""
    tables: list[Table] = []
    outdated: list[Table] = []
    unknown: set[str] = set()
    broken = {drop_in.path for drop_in in node.crio.broken}
    paths = {path for path in node.merged.files if is_read(path)} - broken
    makers: dict[str, list[ImpliedConfig]] = {}
    for config in taken:
        if config.drop_in is not None:
            makers.setdefault(config.drop_in, []).append(config)
    for path in sorted(paths | set(makers), key=_reading_order):
        replaced = kept_up if path == PROFILE_DROP_IN else {}
        layer, copy = _stated_layers(node, path, replaced)
        if copy is not None:
            outdated.extend(_outdated(copy, replaced[copy.machine_config.name], read))
        winner = _last(layer, makers.get(path, []), releases)
        if isinstance(winner, ImpliedConfig):
            tables.append(_implied_table(path, winner))
        elif winner is not None:
            drop_in = read(winner.file)
            if drop_in is None:
                unknown.add(path)
            elif (table := _stated_table(winner, drop_in)) is not None:
                tables.append(table)
    return tables, outdated, unknown


def _stated_layers(
    node: NodeConfig, path: str, replaced: Collection[str]
) -> tuple[FileLayer | None, FileLayer | None]:
    """Return the stated entry that wins a path, and the one that the operator will replace."""
    file = node.merged.file(path)
    layers = [layer for layer in file.layers if layer.file.contents] if file is not None else []
    lasting = [layer for layer in layers if layer.machine_config.name not in replaced]
    copies = [layer for layer in layers if layer.machine_config.name in replaced]
    return (lasting[-1] if lasting else None), (copies[-1] if copies else None)


def _implied_table(path: str, config: ImpliedConfig) -> Table:
    stated = config.profile.reserved if config.profile is not None else None
    ref = stated.ref if stated is not None else None
    return Table(path, config.cpuset, config.name, config.profile, ref)


def _stated_table(layer: FileLayer, drop_in: CrioDropIn) -> Table | None:
    workload = drop_in.workloads.get(MANAGEMENT)
    if workload is None:
        return None
    cpuset = workload.cpuset.cpus if workload.cpuset is not None else CpuSet.EMPTY
    ref = workload.cpuset.ref if workload.cpuset is not None else workload.ref
    return Table(drop_in.path, cpuset, layer.machine_config.name, None, ref)


def _outdated(copy: FileLayer, operator: ImpliedConfig, read: Reader) -> Iterator[Table]:
    """Yield the table of a copy that says other CPUs than the operator will."""
    drop_in = read(copy.file)
    table = _stated_table(copy, drop_in) if drop_in is not None else None
    if table is None or table.cpuset is None or operator.cpuset is None:
        return
    if operator.drop_in is None or operator.cpuset != table.cpuset:
        yield table


def in_merge_order(
    node: NodeConfig, delivery: Delivery, releases: Releases
) -> tuple[MachineConfig | ImpliedConfig, ...]:
    """Return all that is merged for a pool, written or implied; of a copy what is written.

    Raises:
        Undecided: The releases under consideration merge in different orders.

    """
    written = {config.name for config in node.merged.order}
    implied = [config for config in delivery.implied if config.name not in written]
    return tuple(_sorted([*node.merged.order, *implied], _place_of, releases))


def _last(
    layer: FileLayer | None, made: Sequence[ImpliedConfig], releases: Releases
) -> FileLayer | ImpliedConfig | None:
    """Return who is merged last of a stated entry and implied ones that write the same path."""
    rivals: list[FileLayer | ImpliedConfig] = [*made]
    if layer is not None:
        rivals.append(layer)

    def place_of(rival: FileLayer | ImpliedConfig) -> tuple[bool, bytes]:
        return _place_of(rival if isinstance(rival, ImpliedConfig) else rival.machine_config)

    return _sorted(rivals, place_of, releases)[-1] if rivals else None


def _sorted(
    rivals: Sequence[T], place_of: Callable[[T], tuple[bool, bytes]], releases: Releases
) -> list[T]:
    """Sort as :func:`linter.model.merge.merge_order` does."""
    by_name = sorted(rivals, key=lambda rival: place_of(rival)[1])
    worker_first = sorted(by_name, key=lambda rival: place_of(rival)[0])
    if all(one is other for one, other in zip(by_name, worker_first, strict=True)):
        return by_name
    return worker_first if releases.has(CUSTOM_POOL_BEATS_WORKER) else by_name


def _place_of(config: MachineConfig | ImpliedConfig) -> tuple[bool, bytes]:
    """Return whether a MachineConfig is meant for others than workers, and its name."""
    if isinstance(config, ImpliedConfig):
        role = config.role
    else:
        role = config.manifest.labels.values.get(ROLE_LABEL)
    return role != WORKER, config.name.encode()


def _undecided_paths(node: NodeConfig, tables: Sequence[Table], read: Reader) -> set[str]:
    """Return CRI-O's files in MachineConfigs that the pool may take, if they could matter."""
    counting = {table.path for table in tables}
    paths: set[str] = set()
    for config in node.merged.undecided:
        for file in config.files:
            if not is_read(file.path) or file.contents is None:
                continue
            drop_in = read(file)
            if drop_in is None or MANAGEMENT in drop_in.workloads or file.path in counting:
                paths.add(file.path)
    return paths


def _reading_order(path: str) -> tuple[bool, bytes]:
    return path != MAIN_FILE, path.encode()
