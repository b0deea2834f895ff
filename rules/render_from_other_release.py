"""Rendered objects that another release would have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.model.rendered import rendered_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster


@rule("WPL707", severity=INFO, requires=("WPL308",))
def render_from_other_release(cluster: Cluster, profile: Profile) -> Iterator[Draft]:
    """Rendered objects have the form of the target release."""
    target = cluster.releases.known
    if target is None or sum(p.name == profile.name for p in cluster.facts.profiles) > 1:
        return
    for item in rendered_objects(cluster.facts):
        if item.profile != profile.name or not item.owned:
            continue
        from linter.render.staleness import NEWEST, compared

        found = compared(cluster, item, profile, (min(target, NEWEST).minor,))
        if found is None or not found.fits or min(target, NEWEST) in found.fits:
            continue
        oldest, newest = found.fits[0], found.fits[-1]
        span = f"{oldest} to {newest}" if oldest != newest else str(oldest)
        yield finding(
            f"{item.manifest.identity} is what {span} renders from profile {profile.name}, but the "
            f"cluster is to run {target}.",
            item.manifest.name_ref.label(f"in the form of {span}"),
            advice=f"Render it again: wplint render --openshift-version {target}.",
        )
