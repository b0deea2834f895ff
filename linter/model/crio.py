"""What CRI-O reads on a node: the fold of its configuration files.

Rules: cri-o/cri-o ``pkg/config/config.go`` (UpdateFromPath, UpdateFromFile): the main file, then
every file of the directory in the order of its path. A later file's workload table replaces an
earlier one whole; of single values the last wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import MAIN_FILE, MANAGEMENT, CrioDropIn, is_read, read_crio_drop_in
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.facts.cpus import CpuStatement
    from linter.facts.crio import CrioWorkload
    from linter.facts.machine_configs import NodeFile
    from linter.model.merge import FileLayer, MergedConfig


@dataclass(frozen=True, slots=True)
class StatedWorkload:
    """A workload table and the drop-in and MachineConfig that it stands in."""

    workload: CrioWorkload
    drop_in: CrioDropIn
    layer: FileLayer

    @property
    def cpuset(self) -> CpuStatement | None:
        """The CPUs that the workload's pods run on, as written."""
        return self.workload.cpuset


@dataclass(frozen=True, slots=True)
class EffectiveCrio:
    """CRI-O's configuration on the nodes of a pool.

    ``management`` is the table that counts, ``shadowed`` are those it replaces, in reading order.
    ``open`` where a file whose contents are unknown is read after what counts, and may replace it;
    ``infra_open`` says the same of ``infra_ctr_cpuset``.
    ``broken`` are files that are no TOML: CRI-O then does not start.
    """

    drop_ins: tuple[tuple[FileLayer, CrioDropIn], ...]
    management: StatedWorkload | None
    shadowed: tuple[StatedWorkload, ...]
    infra_ctr_cpuset: CpuStatement | None
    infra_shadowed: tuple[CpuStatement, ...]
    shared_cpuset: CpuStatement | None
    open: bool
    broken: tuple[CrioDropIn, ...]
    infra_open: bool = False


def fold_crio(
    merged: MergedConfig,
    read: Callable[[NodeFile], CrioDropIn | None] = read_crio_drop_in,
) -> EffectiveCrio:
    """Fold the CRI-O files that the merged MachineConfigs put on a node."""
    drop_ins: list[tuple[FileLayer, CrioDropIn]] = []
    tables: list[StatedWorkload] = []
    infra: list[CpuStatement] = []
    shared: CpuStatement | None = None
    undecided = any(is_read(f.path) for config in merged.undecided for f in config.files)
    unknown_after = unknown_after_infra = False
    broken: list[CrioDropIn] = []
    for path in _reading_order(merged.files):
        winner = merged.files[path].winner
        if winner is None:
            continue
        drop_in = read(winner.file)
        if drop_in is None:
            unknown_after = unknown_after_infra = True
            continue
        if drop_in.problem is not None:
            broken.append(drop_in)
            continue
        drop_ins.append((winner, drop_in))
        if (workload := drop_in.workloads.get(MANAGEMENT)) is not None:
            tables.append(StatedWorkload(workload, drop_in, winner))
            unknown_after = False
        if drop_in.infra_ctr_cpuset is not None:
            infra.append(drop_in.infra_ctr_cpuset)
            unknown_after_infra = False
        shared = drop_in.shared_cpuset or shared
    return EffectiveCrio(
        drop_ins=tuple(drop_ins),
        management=tables[-1] if tables else None,
        shadowed=tuple(tables[:-1]),
        infra_ctr_cpuset=infra[-1] if infra else None,
        infra_shadowed=tuple(infra[:-1]),
        shared_cpuset=shared,
        open=unknown_after or undecided,
        broken=tuple(broken),
        infra_open=unknown_after_infra or undecided,
    )


def _reading_order(files: Mapping[str, object]) -> list[str]:
    paths = [path for path in files if is_read(path)]
    return sorted(paths, key=lambda path: (path != MAIN_FILE, path.encode()))
