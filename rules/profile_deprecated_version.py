"""Profiles of an API version that is no longer read while a cluster is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Replacement, finding, rule
from linter.model.releases import POOL_MATCHING_IN_RENDER
from linter.sources.fields import Missing
from linter.sources.insertion import added_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.releases import Releases

_NEW = "performance.openshift.io/v2"
_FIELD = "globallyDisableIrqLoadBalancing"


@rule("WPL204", severity=ERROR)
def profile_deprecated_version(
    cluster: Cluster, releases: Releases, profile: Profile
) -> Iterator[Draft]:
    """A profile is of the API version v2."""
    if profile.manifest.version not in {"v1", "v1alpha1"}:
        return
    skipped = cluster.install_time and not releases.possibly(POOL_MATCHING_IN_RENDER, holds=False)
    yield finding(
        f"{profile.manifest.identity} is of the old version {profile.manifest.version}.",
        profile.api_version_ref.label("not v2"),
        effect="While a cluster is installed, profiles of this version are passed over without a "
        "word, and no node gets its settings."
        if skipped
        else "A running cluster still converts it; while one is installed, it is passed over.",
        advice=f"Write {_NEW}, and {_FIELD}: true where that field is absent.",
        severity=ERROR if skipped else WARNING,
        fix=_fix(profile),
    )


def _fix(profile: Profile) -> Fix | None:
    """Do what the API's conversion does: absence of the field means true in the old versions."""
    version = Replacement(profile.api_version_ref, _NEW)
    if not isinstance(profile.settings.irq_balancing_off, Missing):
        return Fix("use version v2", (version,))
    added = added_key(profile.manifest.root, ("spec", _FIELD), True)
    if added is None:
        return None
    return Fix(f"use version v2, with {_FIELD}: true", (version, added))
