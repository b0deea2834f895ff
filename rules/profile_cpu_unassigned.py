"""CPUs of a machine that are in no set of its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.differences import cpus, either
from linter.formats.cpuset import CpuSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.topology.machine import Topology


@rule("WPL231", severity=WARNING, requires=("WPL202", "WPL230"))
def profile_cpu_unassigned(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """Every CPU of a machine is in some set of its profile."""
    reserved, isolated = pool_profile.reserved, pool_profile.isolated
    if reserved is None or isolated is None or not pool_profile.cpu_sets_known:
        return
    stated = CpuSet.EMPTY
    for statement in pool_profile.cpu_sets:
        stated = stated | (statement.cpus or CpuSet.EMPTY)
    missing = topology.online - stated
    if missing:
        yield finding(
            f"{cpus(missing)} of the machine are in none of the profile's sets: it reserves "
            f"{reserved.shown} and isolates {isolated.shown}.",
            isolated.ref.label("not isolated here"),
            reserved.ref.label("nor reserved here"),
            topology.ref.label("the machine's CPUs"),
            effect=f"systemd's services may run on {cpus(missing)} too, because TuneD keeps them "
            "away from the isolated CPUs only.",
            advice=f"Add {missing} to spec.cpu.isolated or to spec.cpu.reserved: "
            + either(isolated, reserved, missing),
        )
