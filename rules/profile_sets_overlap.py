"""CPUs that are in two sets of one profile."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from linter.engine import ERROR, Applicability, Draft, Fix, finding, rule
from linter.engine.differences import cpus
from linter.model.releases import ALL_SETS_DISJOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases


@rule("WPL202", severity=ERROR)
def profile_sets_overlap(profile: Profile, releases: Releases) -> Iterator[Draft]:
    """A CPU is in one set of its profile only."""
    # A profile that states a set is meant for a release that knows it, so an unknown one will do.
    later = releases.possibly(ALL_SETS_DISJOINT)
    hole = profile.uncovered()
    for one, other in combinations(profile.cpu_sets, 2):
        both = one.cpus & other.cpus if one.cpus and other.cpus else None
        if not both or (not later and {one, other} & {profile.shared, profile.ovs_dpdk}):
            continue
        yield finding(
            f"{one.where} {one.shown} and {other.where} {other.shown} share {cpus(both)}.",
            other.ref.label(f"{cpus(both)} here"),
            one.ref.label("and here"),
            effect="The API refuses the profile; while installing, where nothing checks it, "
            "the CPUs are given to both.",
            advice="Name each CPU in one set only."
            + (f" In none of the sets: {cpus(hole)}." if hole else ""),
            fix=_fix(profile) if profile.isolated in {one, other} else None,
        )


def _fix(profile: Profile) -> Fix | None:
    """Take out of the isolated CPUs what other sets name: the platform needs its own more."""
    isolated = profile.isolated
    left = isolated.cpus if isolated is not None else None
    for other in profile.cpu_sets:
        if left is None or other.cpus is None:
            return None
        left = left if other is isolated else left - other.cpus
    if isolated is None or not left:
        return None
    words = f"set {isolated.where} to {left}"
    return Fix(words, (isolated.replaced_by(left.text),), Applicability.UNSAFE)
