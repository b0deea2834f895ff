"""systemd's manager configuration: the CPUs that services run on.

Files and their order are those of systemd-system.conf(5): the main file first, then the drop-ins of
all directories by their base names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar, is_placeholder
from linter.formats import systemd
from linter.formats.cpu_lists import parse_systemd_affinity
from linter.formats.cpuset import CpuListError
from linter.records import dataclass
from linter.sources.text import Ref

if TYPE_CHECKING:
    from linter.facts.machine_configs import NodeFile

MAIN_FILE = "/etc/systemd/system.conf"
DIRECTORIES = (
    "/etc/systemd/system.conf.d/",
    "/run/systemd/system.conf.d/",
    "/usr/local/lib/systemd/system.conf.d/",
    "/usr/lib/systemd/system.conf.d/",
)


def is_manager_configuration(path: str) -> bool:
    """Say whether systemd's manager reads a file of this path."""
    if path == MAIN_FILE:
        return True
    folder, _, name = path.rpartition("/")
    return f"{folder}/" in DIRECTORIES and name.endswith(".conf")


@dataclass(frozen=True, slots=True)
class AffinityAssignment:
    """One ``CPUAffinity=`` line. An empty one forgets those before it."""

    statement: CpuStatement
    resets: bool


@dataclass(frozen=True, slots=True)
class ManagerConfiguration:
    """A ``system.conf`` or a drop-in of it; its ``CPUAffinity=`` lines in order."""

    file: NodeFile
    assignments: tuple[AffinityAssignment, ...]


def read_manager_configuration(file: NodeFile) -> ManagerConfiguration | None:
    """Read the manager's ``CPUAffinity=`` lines; None where the contents are not known."""
    source = file.text
    if source is None:
        return None
    assignments: list[AffinityAssignment] = []
    for line in systemd.parse(source.text).assignments:
        if line.section == "Manager" and line.key == "CPUAffinity":
            ref = Ref(source, line.start, line.end)
            assignments.append(_state(line.value, ref))
    return ManagerConfiguration(file, tuple(assignments))


def _state(text: str, ref: Ref) -> AffinityAssignment:
    where = "CPUAffinity="
    if is_placeholder(text):
        statement = CpuStatement(where, text, ref, Grammar.SYSTEMD, templated=True)
        return AffinityAssignment(statement, resets=False)
    try:
        affinity = parse_systemd_affinity(text)
    except CpuListError as error:
        statement = CpuStatement(where, text, ref, Grammar.SYSTEMD, error=error)
        return AffinityAssignment(statement, resets=False)
    cpus = None if affinity.numa else affinity.cpus
    statement = CpuStatement(
        where, text, ref, Grammar.SYSTEMD, cpus,
        needs_cpu_count=affinity.numa, ignored=affinity.ignored,
    )  # fmt: skip
    return AffinityAssignment(statement, affinity.resets)
