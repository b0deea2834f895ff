"""A profile at installation whose kind is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, finding, rule
from linter.facts.profiles import DEFINITION
from linter.model.releases import ADDON_OPERATOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster


@rule("WPL706", severity=WARNING)
def profile_crd_missing(cluster: Cluster, profile: Profile) -> Iterator[Draft]:
    """Up to 4.10 a profile for the installation comes with the definition of its kind."""
    if not cluster.installer or cluster.facts.definitions:
        return
    if cluster.releases.possibly(ADDON_OPERATOR, holds=False):
        return  # a finding that may not hold is none, and asking would cost a second evaluation
    yield finding(
        f"PerformanceProfile {profile.name} is to be created at installation, but no manifest "
        f"defines its kind ({DEFINITION}).",
        profile.ref.label("kind not known yet"),
        effect="The operator that brings the definition is installed later, and until then the "
        "installation tries this manifest again and again.",
        advice="Add the definition (wplint render --with-crd), or create the profile after the "
        "installation.",
        fix=_fix(profile),
    )


def _fix(profile: Profile) -> Fix:
    from linter.render.addition import new_file
    from linter.render.definition import FILE_NAME, definition_text

    return Fix(
        "add the definition",
        (),
        creations=(new_file(FILE_NAME, definition_text(), profile.manifest),),
    )
