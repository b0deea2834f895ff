"""What remains when the MachineConfigs of a pool are merged, and what each lost to.

Rules: openshift/machine-config-operator ``pkg/controller/common/helpers.go`` (MergeMachineConfigs)
and coreos/ignition's merge of file and unit entries, field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import ROLE_LABEL
from linter.model.pools import WORKER
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER
from linter.records import dataclass
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linter.facts.kernel import StatedArgument
    from linter.facts.machine_configs import MachineConfig, NodeFile, Unit
    from linter.model.pools import Pool
    from linter.model.releases import Releases
    from linter.sources.text import Embedded


@dataclass(frozen=True, slots=True)
class FileLayer:
    """One MachineConfig's entry for a file."""

    machine_config: MachineConfig
    file: NodeFile


@dataclass(frozen=True, slots=True)
class EffectiveFile:
    """A file as the node gets it: the entries in merge order; the last with contents wins."""

    path: str
    layers: tuple[FileLayer, ...]

    @property
    def winner(self) -> FileLayer | None:
        """The entry whose contents the node gets, or None where no entry has contents."""
        return next((layer for layer in reversed(self.layers) if layer.file.contents), None)

    @property
    def mode(self) -> int | None:
        """The file's mode from the last entry that states one; None where none does."""
        stated = (layer.file.mode for layer in reversed(self.layers))
        return next((mode.value for mode in stated if isinstance(mode, Value)), None)

    @property
    def shadowed(self) -> tuple[FileLayer, ...]:
        """The entries whose contents an other one replaces, in merge order."""
        winner = self.winner
        return tuple(layer for layer in self.layers if layer is not winner and layer.file.contents)


@dataclass(frozen=True, slots=True)
class UnitLayer:
    """One MachineConfig's entry for a systemd unit."""

    machine_config: MachineConfig
    unit: Unit


@dataclass(frozen=True, slots=True)
class EffectiveUnit:
    """A systemd unit as the node gets it: contents and drop-ins, each from the last that has it."""

    name: str
    layers: tuple[UnitLayer, ...]

    @property
    def contents(self) -> Embedded | None:
        """The unit's text from the last entry that has one."""
        return next((x.unit.contents for x in reversed(self.layers) if x.unit.contents), None)

    @property
    def dropins(self) -> Mapping[str, Embedded]:
        """The drop-ins by name, later entries over earlier ones."""
        return {name: text for layer in self.layers for name, text in layer.unit.dropins}

    @property
    def enabled(self) -> bool | None:
        """Whether it is enabled, by the last entry that says so."""
        stated = [x.unit.enabled for x in self.layers if isinstance(x.unit.enabled, Value)]
        return stated[-1].value if stated else None


@dataclass(frozen=True, slots=True)
class ArgumentLayer:
    """One MachineConfig's kernel argument."""

    machine_config: MachineConfig
    argument: StatedArgument


@dataclass(frozen=True, slots=True)
class MergedConfig:
    """The MachineConfigs of one pool, merged.

    ``order`` are the MachineConfigs in merge order; ``undecided`` those of which templates leave
    open whether the pool takes them.
    """

    order: tuple[MachineConfig, ...]
    undecided: tuple[MachineConfig, ...]
    files: Mapping[str, EffectiveFile]
    units: Mapping[str, EffectiveUnit]
    kernel_arguments: tuple[ArgumentLayer, ...]
    kernel_type: str
    extensions: tuple[str, ...]
    fips: bool

    def file(self, path: str) -> EffectiveFile | None:
        """Return a file of the node, or None where no MachineConfig here writes it."""
        return self.files.get(path)


def merge(pool: Pool, configs: Iterable[MachineConfig], releases: Releases) -> MergedConfig:
    """Select and merge the MachineConfigs of a pool."""
    taken: list[MachineConfig] = []
    undecided: list[MachineConfig] = []
    for config in configs:
        answer = pool.selects(config.manifest.labels)
        if answer is None:
            undecided.append(config)
        elif answer:
            taken.append(config)
    order = merge_order(taken, releases)
    files: dict[str, list[FileLayer]] = {}
    units: dict[str, list[UnitLayer]] = {}
    arguments: list[ArgumentLayer] = []
    kernel_type = "default"
    for config in order:
        for file in config.files:
            files.setdefault(file.path, []).append(FileLayer(config, file))
        for unit in config.units:
            units.setdefault(unit.name, []).append(UnitLayer(config, unit))
        arguments.extend(ArgumentLayer(config, argument) for argument in config.kernel_arguments)
        stated = config.kernel_type
        if isinstance(stated, Value) and stated.value in {"realtime", "64k-pages"}:
            kernel_type = stated.value
    return MergedConfig(
        order=tuple(order),
        undecided=tuple(undecided),
        files={path: EffectiveFile(path, tuple(files[path])) for path in sorted(files)},
        units={name: EffectiveUnit(name, tuple(units[name])) for name in sorted(units)},
        kernel_arguments=tuple(arguments),
        kernel_type=kernel_type,
        extensions=tuple(sorted({name for config in order for name, _ in config.extensions})),
        fips=any(isinstance(config.fips, Value) and config.fips.value for config in order),
    )


def merge_order(configs: Sequence[MachineConfig], releases: Releases) -> list[MachineConfig]:
    """Sort MachineConfigs as they are merged: later ones override earlier ones.

    Until 4.14 names alone decide. Since 4.15 everything of role worker comes first, so that what
    is meant for a custom pool wins. The release is asked for only where that makes a difference.
    """
    by_name = sorted(configs, key=lambda config: config.name.encode())
    worker_first = sorted(by_name, key=_is_other_than_worker)
    if all(one is other for one, other in zip(by_name, worker_first, strict=True)):
        return by_name
    return worker_first if releases.has(CUSTOM_POOL_BEATS_WORKER) else by_name


def _is_other_than_worker(config: MachineConfig) -> bool:
    return config.manifest.labels.values.get(ROLE_LABEL) != WORKER
