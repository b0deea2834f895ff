"""Fields and annotations of a profile that the target release does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.profile_fields import unknown_annotations, unknown_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases


@rule("WPL217", severity=WARNING)
def profile_field_too_new(profile: Profile, releases: Releases) -> Iterator[Draft]:
    """A profile has only fields and annotations that its release and API version know."""
    target = f"release {releases.known or releases}"
    for unknown in unknown_fields(profile, releases):
        yield finding(
            f"{unknown.name} exists since {unknown.since}, but this is for {target}."
            if unknown.since is not None
            else f"{unknown.name} is no field of the API version {profile.manifest.version}.",
            unknown.ref.label("not known there"),
            effect="The API drops the field without a word, and the setting has no effect.",
            advice="Leave the field out, or go to a version that knows it.",
        )
    for unknown in unknown_annotations(profile, releases):
        yield finding(
            f"Annotation {unknown.name} is read since {unknown.since}, but this is for {target}.",
            unknown.ref.label("not read there"),
            effect="No program reads the annotation, so it has no effect.",
            advice="Leave it out, or go to a release that reads it.",
        )
