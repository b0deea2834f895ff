"""systemd units: the CPUs that a unit, or a drop-in of it, asks for.

Formats: systemd.exec(5) for ``CPUAffinity=``, systemd.resource-control(5) for ``AllowedCPUs=``. The
lines of one key add up over the unit and its drop-ins in the order of their names, and an empty one
forgets those before it. The unit that takes CPUs offline is the operator's own:
openshift/cluster-node-tuning-operator ``…/components/machineconfig``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.cpus import CpuStatement, Grammar, is_placeholder, state_cpuset
from linter.formats import systemd
from linter.formats.cpu_lists import parse_systemd_affinity
from linter.formats.cpuset import CpuListError
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.sources.text import Embedded

OFFLINE_UNIT = "set-cpus-offline.service"
"""The unit by which the operator takes the offlined CPUs of a profile offline."""

_AFFINITY = {("Service", "CPUAffinity")} | {
    (section, "AllowedCPUs") for section in ("Service", "Slice", "Scope")
}
_OFFLINE_VARIABLE = "OFFLINE_CPUS="


def unit_affinity(texts: Iterable[Embedded]) -> list[CpuStatement]:
    """Return the lines by which a unit asks for CPUs, those before a reset left out.

    Args:
        texts: The unit's own text, then its drop-ins in the order of their names.

    """
    stated: dict[str, list[CpuStatement]] = {}
    for source in texts:
        for line in systemd.parse(source.text).assignments:
            if (line.section, line.key) not in _AFFINITY:
                continue
            lines = stated.setdefault(line.key, [])
            if line.value:
                lines.append(_state(f"{line.key}=", line.value, Ref(source, line.start, line.end)))
            else:
                lines.clear()
    return [statement for lines in stated.values() for statement in lines]


def offlined_cpus(source: Embedded) -> CpuStatement | None:
    """Return the CPUs that the text of the operator's unit takes offline; None without any."""
    for line in systemd.parse(source.text).find("Service", "Environment"):
        value = line.value.strip('"')
        if not value.startswith(_OFFLINE_VARIABLE) or not line.is_literal:
            continue
        start = line.start + line.value.index(value) + len(_OFFLINE_VARIABLE)
        text = value.removeprefix(_OFFLINE_VARIABLE)
        return state_cpuset("OFFLINE_CPUS", text, Ref(source, start, start + len(text)))
    return None


def _state(where: str, text: str, ref: Ref) -> CpuStatement:
    if is_placeholder(text):
        return CpuStatement(where, text, ref, Grammar.SYSTEMD, templated=True)
    try:
        affinity = parse_systemd_affinity(text)
    except CpuListError as error:
        return CpuStatement(where, text, ref, Grammar.SYSTEMD, error=error)
    cpus = None if affinity.numa else affinity.cpus
    return CpuStatement(where, text, ref, Grammar.SYSTEMD, cpus, needs_cpu_count=affinity.numa)
