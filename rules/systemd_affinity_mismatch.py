"""systemd's CPUAffinity= against the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Severity, finding, rule
from linter.engine.differences import difference
from linter.engine.enumeration import MOST
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.formats.cpuset import CpuSet
    from linter.model.affinity import EffectiveAffinity
    from linter.model.node import Reserved


@rule("WPL313", severity=ERROR)
def systemd_affinity_mismatch(affinity: EffectiveAffinity, reserved: Reserved) -> Iterator[Draft]:
    """The CPUAffinity= lines of systemd's configuration add up to the reserved CPUs."""
    cpus, stated = affinity.cpus, affinity.statements
    if cpus is None or cpus == reserved.cpus or any(line.error for line in stated):
        return
    first = next((line for line in stated if line.cpus and line.cpus - reserved.cpus), stated[-1])
    fix = Fix(f"set CPUAffinity to {reserved.cpus}", (Replacement(first.ref, str(reserved.cpus)),))
    yield finding(
        f"CPUAffinity= starts system services on {cpus}, but {reserved.said_by} {reserved.cpus}.",
        first.ref.label("services start here"),
        reserved.labelled(),
        *(line.ref.label("this line adds to it") for line in stated[:MOST] if line is not first),
        effect=difference(
            reserved.cpus,
            cpus,
            lacking="Reserved, but without system services",
            surplus="Not reserved, but open to system services",
        ),
        advice=f"Set CPUAffinity to {reserved.cpus}"
        + (", or remove it: TuneD sets the affinity." if reserved.profile is not None else "."),
        severity=_severity(cpus, reserved),
        fix=fix if len(stated) == 1 and reserved.agreed else None,
    )


def _severity(cpus: CpuSet, reserved: Reserved) -> Severity:
    """Return a warning where it merely adds CPUs that no set names, as TuneD does."""
    profile = reserved.profile
    if profile is None or not reserved.cpus <= cpus or profile.covers_every_cpu:
        return ERROR
    isolated = profile.isolated_cpus()
    return ERROR if isolated is not None and cpus & (isolated - reserved.cpus) else WARNING
