"""Profiles that the operator is told to leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile

_PAUSE = "performance.openshift.io/pause-reconcile"


@rule("WPL216", severity=WARNING)
def profile_paused(profile: Profile) -> Iterator[Draft]:
    """The operator acts on every profile."""
    annotations = profile.manifest.annotations
    if annotations.values.get(_PAUSE) == "true":
        yield finding(
            f"{profile.manifest.identity} is paused by the annotation {_PAUSE}.",
            annotations.ref_of(_PAUSE).label("paused"),
            effect="Changes of the profile, such as other reserved CPUs, reach no node.",
            advice="Remove the annotation when the reason for it is gone, or write "
            f'{_PAUSE}: "false".',
        )
