"""The identity of a finding, which survives moving, reordering and reformatting of files.

It is made of the rule, the cluster and pool, and the objects and payloads that the finding labels;
never of paths, lines or values.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.records import replace
from linter.sources.text import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.findings import Finding
    from linter.facts.manifests import Manifest
    from linter.sources.text import Ref


def fingerprinted(findings: Sequence[Finding], manifests: Iterable[Manifest]) -> list[Finding]:
    """Give each finding its fingerprint; findings that look alike are numbered in order."""
    import hashlib

    if not findings:
        return []
    objects = _Objects(manifests)
    seen: dict[str, int] = {}
    finished: list[Finding] = []
    for item in findings:
        places = "|".join(f"{objects.at(label.ref)}" for label in item.labels)
        identity = f"{item.rule}|{item.cluster}|{item.pool}|{places}"
        ordinal = seen[identity] = seen.get(identity, 0) + 1
        digest = hashlib.sha256(f"{identity}|{ordinal}".encode()).hexdigest()
        finished.append(replace(item, fingerprint=digest[:32]))
    return finished


class _Objects:
    """Finds the object that a place belongs to."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        spans: dict[object, list[tuple[int, int, str]]] = {}
        for manifest in manifests:
            ref = manifest.ref.in_file()
            spans.setdefault(ref.source, []).append((ref.start, ref.end, manifest.identity))
        self._spans = {source: sorted(listed) for source, listed in spans.items()}

    def at(self, ref: Ref) -> str:
        """Return the object's identity and the payload's title."""
        payload = ref.in_payload()
        title = payload.source.title if payload and isinstance(payload.source, Embedded) else ""
        place = ref.in_file()
        listed = self._spans.get(place.source, [])
        index = bisect_right(listed, (place.start, float("inf"), "")) - 1
        identity = listed[index][2] if index >= 0 and place.start < listed[index][1] else ""
        return f"{identity}:{title}"
