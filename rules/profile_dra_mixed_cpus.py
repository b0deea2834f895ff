"""Dynamic resource allocation together with mixed CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.model.profile_fields import DRA
from linter.model.releases import DRA_ANNOTATION
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases

_TRUE = {"1", "t", "T", "true", "TRUE", "True"}


@rule("WPL219", severity=ERROR)
def profile_dra_mixed_cpus(profile: Profile, releases: Releases) -> Iterator[Draft]:
    """A profile leaves CPUs to dynamic resource allocation, or mixes them, but not both."""
    annotations, hint = profile.manifest.annotations, profile.settings.hints.mixed_cpus
    if annotations.values.get(DRA) not in _TRUE or not known(hint):
        return
    if releases.possibly(DRA_ANNOTATION):
        yield finding(
            f"{profile.manifest.identity} has both the annotation {DRA} and mixedCpus.",
            hint.ref.label("CPUs mixed by the kubelet and CRI-O"),
            annotations.ref_of(DRA).label("CPUs given out by a driver"),
            effect="The operator makes no configuration of the profile.",
            advice="Remove the annotation, or write mixedCpus: false.",
        )
