"""The CPUs that systemd starts services on.

Rules: systemd-system.conf(5) and systemd ``src/core/main.c``: ``CPUAffinity=`` lines add up over
the main file and the drop-ins, sorted by their base names across all directories; an empty one
forgets those before it; the kernel argument ``systemd.cpu_affinity=`` overrides them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.kernel import AFFINITY
from linter.facts.systemd import (
    DIRECTORIES,
    MAIN_FILE,
    is_manager_configuration,
    read_manager_configuration,
)
from linter.formats.cpuset import CpuSet
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import NodeFile
    from linter.facts.systemd import ManagerConfiguration
    from linter.model.merge import ArgumentLayer, FileLayer, MergedConfig
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class EffectiveAffinity:
    """systemd's affinity as far as the manifests state it.

    Attributes:
        cpus: What the ``CPUAffinity=`` lines add up to; None where there are none, or a part of
            them is not known.
        statements: The lines that add up to it, in order, those before a reset left out.
        argument: The last ``systemd.cpu_affinity=`` kernel argument of a MachineConfig.
        places: Where the statements stand, to look one up among thousands.

    """

    cpus: CpuSet | None
    statements: tuple[CpuStatement, ...]
    layers: tuple[FileLayer, ...]
    argument: ArgumentLayer | None
    places: frozenset[Ref]


def fold_affinity(
    merged: MergedConfig,
    read: Callable[[NodeFile], ManagerConfiguration | None] = read_manager_configuration,
) -> EffectiveAffinity:
    """Add up systemd's affinity over the files that the merged MachineConfigs put on a node."""
    statements: list[CpuStatement] = []
    layers: list[FileLayer] = []
    complete = True
    for path in _reading_order(merged):
        winner = merged.files[path].winner
        configuration = read(winner.file) if winner is not None else None
        if winner is None:
            continue
        if configuration is None:
            complete = False
            continue
        for assignment in configuration.assignments:
            if assignment.resets:
                statements.clear()
                layers.clear()
                complete = True
                continue
            statements.append(assignment.statement)
            layers.append(winner)
    cpus: CpuSet | None = None
    if statements and complete and all(s.cpus is not None or s.error for s in statements):
        cpus = CpuSet.EMPTY
        for statement in statements:
            cpus = cpus | (statement.cpus or CpuSet.EMPTY)
    arguments = [x for x in merged.kernel_arguments if x.argument.name == AFFINITY]
    return EffectiveAffinity(
        cpus=cpus,
        statements=tuple(statements),
        layers=tuple(layers),
        argument=arguments[-1] if arguments else None,
        places=frozenset(statement.ref for statement in statements),
    )


def _reading_order(merged: MergedConfig) -> list[str]:
    """Sort by base name; of one base name only the directory of the highest rank counts."""
    by_name: dict[str, str] = {}
    for directory in reversed(DIRECTORIES):
        for path in merged.files:
            if path.startswith(directory) and is_manager_configuration(path):
                by_name[path.rpartition("/")[2]] = path
    main = [MAIN_FILE] if MAIN_FILE in merged.files else []
    return main + [by_name[name] for name in sorted(by_name)]
