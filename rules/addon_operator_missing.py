"""Profiles without the operator that old releases need for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, finding, rule
from linter.engine.enumeration import enumeration
from linter.facts.operators import KINDS, NAMESPACE
from linter.model.releases import ADDON_OPERATOR, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL701", severity=WARNING)
def addon_operator_missing(cluster: Cluster, releases: Releases) -> Iterator[Draft]:
    """Until 4.10 the Performance Addon Operator is installed where there are profiles."""
    facts = cluster.facts
    if not facts.profiles or facts.pools_open or releases.known is None:
        return
    here = {addon.manifest.kind for addon in facts.addons}
    missing = [kind for kind in KINDS if kind not in here]
    if not missing or not releases.has(ADDON_OPERATOR):
        return
    yield finding(
        f"OpenShift {releases.known} handles profiles by the Performance Addon Operator, "
        f"but its {enumeration(missing)} {'is' if len(missing) == 1 else 'are'} not here.",
        facts.profiles[0].ref.label("needs the operator"),
        *(addon.ref.label("a part of the operator") for addon in facts.addons[:2]),
        effect="Until somebody installs the operator, no node gets anything of the profile.",
        advice=f"Add them for the namespace {NAMESPACE}, unless they are installed otherwise.",
        fix=_fix(cluster, missing, str(releases.known)),
    )


def _fix(cluster: Cluster, missing: list[str], release: str) -> Fix:
    """Put the missing manifests beside those that are there, else beside the profile."""
    from linter.render.addition import new_files
    from linter.render.addon_operator import addon_operator

    like = [addon.manifest for addon in cluster.facts.addons] or [
        cluster.facts.profiles[0].manifest
    ]
    manifests = [one for one in addon_operator(release) if one.object["kind"] in missing]
    return Fix(f"add its {enumeration(missing)}", (), creations=new_files(manifests, like[0]))
