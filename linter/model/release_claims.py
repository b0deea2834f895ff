"""Which of the places that name a release speak of the same cluster, best source first.

A directory may hold release images that no cluster of it uses (ClusterImageSets are offers), and a
ClusterVersion's channel may be that of a later release; neither contradicts anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.installation import CHANNEL
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.installation import Installation, ReleaseClaim

IMAGE_SET = "ClusterImageSet"


def comparable_claims(
    installations: Iterable[Installation],
) -> list[tuple[ReleaseClaim, Release]]:
    """Return the claims about one cluster, with the release that each names.

    Empty where objects of one kind, but of several names, claim a release: these are then several
    clusters. Claims that name no release are left out.
    """
    found = [i for i in installations if i.release is not None and i.release.source != CHANNEL]
    named = {i.release.text for i in found if i.release is not None and i.kind != IMAGE_SET}
    offers = [i for i in found if i.kind == IMAGE_SET]
    used = offers if len(offers) == 1 else [i for i in offers if i.name in named]
    stated = [i for i in found if i.kind != IMAGE_SET] + used
    if len({(i.kind, i.name) for i in stated}) > len({i.kind for i in stated}):
        return []
    return [
        (i.release, release)
        for i in sorted(stated, key=lambda i: _trust(i.kind))
        if i.release is not None and (release := Release.mentioned_in(i.release.text)) is not None
    ]


def _trust(kind: str) -> int:
    return {"ClusterVersion": 0, IMAGE_SET: 1}.get(kind, 2)
