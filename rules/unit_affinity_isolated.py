"""systemd units that ask for isolated CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.engine.differences import cpus
from linter.facts.units import unit_affinity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.merge import EffectiveUnit, MergedConfig
    from linter.sources.text import Embedded

_DELIBERATE = ("ovs", "openvswitch", "kubepods", "machine.slice")
"""How units are named that are meant to run on the workload's CPUs."""


@rule("WPL314", severity=INFO, requires=("WPL202",))
def unit_affinity_isolated(merged: MergedConfig, pool_profile: Profile) -> Iterator[Draft]:
    """No systemd unit asks for CPUs that the profile isolates."""
    isolated, written = pool_profile.isolated_cpus(), pool_profile.isolated
    if not isolated or written is None:
        return
    for unit in merged.units.values():
        if unit.name.startswith(_DELIBERATE):
            continue
        for stated in unit_affinity(_texts(unit)):
            if not stated.cpus or not stated.cpus & isolated:
                continue
            reserved = pool_profile.reserved.cpus if pool_profile.reserved is not None else None
            rest = stated.cpus - isolated or reserved
            yield finding(
                f"{stated.where.rstrip('=')} of unit {unit.name} is {stated.shown}, "
                f"but the profile isolates {isolated}.",
                stated.ref.label("runs here"),
                written.ref.label("isolated here"),
                effect=f"The unit shares {cpus(stated.cpus & isolated)} with the workload.",
                advice="Leave these CPUs out, unless the unit is a part of the workload"
                + (f": {stated.where.rstrip('=')}={rest}." if rest else "."),
            )


def _texts(unit: EffectiveUnit) -> list[Embedded]:
    dropins = [text for _, text in sorted(unit.dropins.items())]
    return [unit.contents, *dropins] if unit.contents is not None else dropins
