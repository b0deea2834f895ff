"""Places that name the target release and disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.release_claims import comparable_claims

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL705", severity=WARNING)
def release_conflict(cluster: Cluster) -> Iterator[Draft]:
    """All manifests of a cluster name the same release."""
    claims = comparable_claims(cluster.facts.installations)
    if not claims:
        return
    first, release = claims[0]
    for claim, other in claims[1:]:
        if other != release:
            yield finding(
                f"The {claim.source} names OpenShift {other} ('{claim.text}'), "
                f"but the {first.source} names {release} ('{first.text}').",
                claim.ref.label(f"{other} here"),
                first.ref.label(f"{release} here"),
                effect="Until they agree, only what holds in every release is reported.",
                advice="Name one release in both, or state it with --openshift-version.",
            )
