"""Rendered objects that are not what their profile implies any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.engine.enumeration import MOST, enumeration
from linter.model.rendered import rendered_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.render.staleness import Difference


@rule(
    "WPL308",
    severity=ERROR,
    requires=("WPL301", "WPL303", "WPL304", "WPL305", "WPL306", "WPL309", "WPL311", "WPL610"),
)
def stale_rendered(cluster: Cluster, profile: Profile) -> Iterator[Draft]:
    """Rendered objects state what their profile implies now."""
    if sum(other.name == profile.name for other in cluster.facts.profiles) > 1:
        return
    for item in rendered_objects(cluster.facts):
        if item.profile != profile.name:
            continue
        from linter.render.restating import restated
        from linter.render.staleness import compared

        found = compared(cluster, item, profile, cluster.releases.minors)
        if found is None or not found.differences:
            continue
        first, *others = found.differences[:MOST]
        wishes = restated(item, found.differences)
        here = first.stated.ref if first.stated is not None else item.manifest.name_ref
        yield finding(
            f"{item.manifest.identity} is not what profile {profile.name} implies now: "
            f"{enumeration([str(one) for one in found.differences])}.",
            here.label(_words(first)),
            first.implied_by.label("the profile decides it here"),
            *(one.stated.ref.label(_words(one)) for one in others if one.stated is not None),
            effect="Nodes boot with what the file says, and once more when the operator has "
            "rendered it anew.",
            advice="Render it again: wplint render INPUT... -o DIR --force.",
            severity=ERROR if any(one.names_cpus for one in found.differences) else WARNING,
            fix=Fix(f"state what profile {profile.name} implies", wishes) if wishes else None,
        )


def _words(one: Difference) -> str:
    if one.stated is None:
        return f"{one.key} is missing here"
    return f"{one.key} is stated here" if one.implied is not None else "no longer implied"
