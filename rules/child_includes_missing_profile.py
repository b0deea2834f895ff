"""Child TuneD profiles of PerformanceProfiles that are not here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.facts.generated_names import GENERATED_TUNED
from linter.model.children import inclusions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL901", severity=ERROR)
def child_includes_missing_profile(cluster: Cluster) -> Iterator[Draft]:
    """A child TuneD profile includes that of a PerformanceProfile of this cluster."""
    facts = cluster.facts
    profiles = [profile for profile in facts.profiles if profile.name]
    if not profiles or len(profiles) < len(facts.profiles) or facts.profiles_open:
        return
    known = {profile.name for profile in profiles}
    here = {profile.name for tuned in facts.tuneds for profile in tuned.profiles}
    for inclusion in inclusions(cluster):
        if inclusion.included in here or not known.isdisjoint(inclusion.parents):
            continue
        names = enumeration(sorted(known))
        meant = f"{GENERATED_TUNED}{profiles[0].name}"
        yield finding(
            f"TuneD profile {inclusion.profile.name} includes {inclusion.included}, "
            f"but the profile here is {names}."
            if len(profiles) == 1
            else f"TuneD profile {inclusion.profile.name} includes {inclusion.included}, "
            f"but the profiles here are {names}.",
            inclusion.ref.label("no such profile"),
            profiles[0].ref.label("a profile that there is"),
            effect="TuneD leaves it out, and with it all isolation of CPUs."
            if inclusion.optional
            else "TuneD cannot load it, and sets none of the node's kernel arguments.",
            advice=f"Write include={meant}."
            if len(profiles) == 1
            else f"Include the one of the profile that is meant, such as include={meant}.",
            severity=ERROR if cluster.installer else WARNING,
        )
