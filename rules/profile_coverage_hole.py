"""CPUs that are in no set of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.differences import cpus, either

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster


@rule("WPL203", severity=WARNING, requires=("WPL202",))
def profile_coverage_hole(profile: Profile, cluster: Cluster) -> Iterator[Draft]:
    """Every CPU up to the highest one is in some set of the profile."""
    reserved, isolated, hole = profile.reserved, profile.isolated, profile.uncovered()
    if not hole or reserved is None or isolated is None:
        return
    if cluster.knows_machines(profile):  # profile-cpu-unassigned knows better
        return
    verb = "is" if len(hole) == 1 else "are"
    yield finding(
        f"{cpus(hole)} of the machine {verb} in none of the profile's sets: it reserves "
        f"{reserved.shown} and isolates {isolated.shown}.",
        isolated.ref.label("not isolated here"),
        reserved.ref.label("nor reserved here"),
        effect=f"systemd's services may run on {cpus(hole)} too, because TuneD keeps them away "
        "from the isolated CPUs only.",
        advice=f"Add {hole} to spec.cpu.isolated or to spec.cpu.reserved: "
        + either(isolated, reserved, hole),
    )
