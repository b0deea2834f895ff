"""The identity of a finding, which survives moving, reordering and reformatting of files.

It is made of the rule, the cluster and pool, and the objects and payloads that the finding labels;
never of paths, lines or values. What several clusters may share, such as a policy of their group,
is the same finding in each of them: the cluster counts only where its own description is labelled.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.records import replace
from linter.sources.text import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.findings import Finding
    from linter.facts.scope import Facts
    from linter.sources.text import Ref


def fingerprinted(findings: Sequence[Finding], facts: Facts) -> list[Finding]:
    """Give each finding its fingerprint; findings that look alike are numbered in order."""
    if not findings:
        return []
    objects = _Objects(facts)
    seen: dict[str, int] = {}
    finished: list[Finding] = []
    for item in findings:
        places = "|".join(objects.at(label.ref) for label in item.labels)
        cluster = item.cluster if objects.concern_one_cluster(item) else ""
        identity = f"{item.rule}|{cluster}|{item.pool}|{places}"
        finished.append(replace(item, fingerprint=_digest(identity, seen)))
    return finished


def told_apart(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings of several clusters that have one fingerprint numbers, in their order."""
    seen: dict[str, int] = {}
    finished: list[Finding] = []
    for item in findings:
        again = item.fingerprint in seen
        digest = _digest(item.fingerprint, seen)
        finished.append(replace(item, fingerprint=digest) if again else item)
    return finished


def _digest(identity: str, seen: dict[str, int]) -> str:
    import hashlib

    ordinal = seen[identity] = seen.get(identity, 0) + 1
    return hashlib.sha256(f"{identity}|{ordinal}".encode()).hexdigest()[:32]


class _Objects:
    """Finds the object that a place belongs to."""

    def __init__(self, facts: Facts) -> None:
        described = facts.described_at
        self._described = described.in_file().source if described is not None else None
        self._shared = facts.bound
        self._objects = _spans((manifest.ref, manifest.identity) for manifest in facts.manifests)
        self._carriers = _spans((carrier.ref, carrier.name) for carrier in facts.carriers)

    def concern_one_cluster(self, item: Finding) -> bool:
        """Say whether a finding is about what no other cluster can share."""
        return not self._shared or any(
            label.ref.in_file().source is self._described for label in item.labels
        )

    def at(self, ref: Ref) -> str:
        """Return the object's identity and the payload's title."""
        payload = ref.in_payload()
        title = payload.source.title if payload and isinstance(payload.source, Embedded) else ""
        place = ref.in_file()
        carrier, identity = _around(self._carriers, place), _around(self._objects, place)
        return f"{carrier}>{identity}:{title}" if carrier else f"{identity}:{title}"


_Spans = dict[object, list[tuple[int, int, str]]]


def _spans(named: Iterable[tuple[Ref, str]]) -> _Spans:
    spans: dict[object, set[tuple[int, int, str]]] = {}
    for whole, name in named:
        ref = whole.in_file()
        spans.setdefault(ref.source, set()).add((ref.start, ref.end, name))
    return {source: sorted(listed) for source, listed in spans.items()}


def _around(spans: _Spans, place: Ref) -> str:
    listed = spans.get(place.source, [])
    index = bisect_right(listed, (place.start, float("inf"), "")) - 1
    return listed[index][2] if index >= 0 and place.start < listed[index][1] else ""
