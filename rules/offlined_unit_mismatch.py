"""The unit that takes CPUs offline against the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, Replacement, finding, rule
from linter.engine.differences import difference
from linter.facts.units import OFFLINE_UNIT, offlined_cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.merge import MergedConfig


@rule("WPL317", severity=WARNING)
def offlined_unit_mismatch(merged: MergedConfig, pool_profile: Profile) -> Iterator[Draft]:
    """The unit set-cpus-offline.service takes the CPUs offline that the profile names."""
    unit, wanted = merged.units.get(OFFLINE_UNIT), pool_profile.offlined
    stated = offlined_cpus(unit.contents) if unit is not None and unit.contents else None
    if stated is None or stated.cpus is None or (wanted is not None and wanted.cpus is None):
        return
    cpus = wanted.cpus if wanted is not None else None
    if not stated.cpus or stated.cpus == cpus:
        return
    text = ",".join(str(cpu) for cpu in cpus) if cpus else ""
    yield finding(
        f"Unit {OFFLINE_UNIT} takes {stated.cpus} offline, but the profile "
        + (f"names {cpus}." if cpus else "names no such CPUs."),
        stated.ref.label("taken offline here"),
        (wanted.ref if wanted is not None else pool_profile.cpu_ref).label("profile's CPUs"),
        effect=difference(
            cpus or stated.cpus - stated.cpus,
            stated.cpus,
            lacking="To be offline, but left online",
            surplus="Taken offline although the profile does not say so",
        ),
        advice="Render the profile again.",
        fix=Fix(f"set OFFLINE_CPUS to {cpus}", (Replacement(stated.ref, text),)) if text else None,
    )
