"""The identity of a finding, which survives moving, reordering and reformatting of files.

It is made of the rule, the cluster and pool, and the objects and payloads that the finding labels,
with the key of each place in its object; never of paths, lines, values or the order in which they
are met. What several clusters may share, such as a policy of their group, is the same finding
in each of them: the cluster counts only where its own description is labelled.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.engine.roles import Roles
from linter.records import replace
from linter.sources.text import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.findings import Finding
    from linter.facts.scope import Facts
    from linter.model.cluster import Cluster
    from linter.plan.change import ClusterChange
    from linter.sources.nodes import Node
    from linter.sources.text import Ref


def fingerprinted(findings: Sequence[Finding], cluster: Cluster | ClusterChange) -> list[Finding]:
    """Give each finding its fingerprint; findings that look alike are numbered in order."""
    if not findings:
        return []
    objects = _Objects(cluster.facts)
    home = cluster_key(cluster.name, cluster.path)
    seen: dict[str, int] = {}
    finished: list[Finding] = []
    for item in findings:
        places = "|".join(sorted({objects.role(label.ref) for label in item.labels}))
        key = home if objects.concern_one_cluster(item) else ""
        identity = f"{item.rule}|{key}|{item.pool}|{places}"
        resource = objects.resource(item.primary.ref)
        finished.append(replace(item, fingerprint=_digest(identity, seen), resource=resource))
    return finished


def cluster_key(name: str, path: str) -> str:
    """Return the name of a cluster as it is in every copy of the repository.

    The root of a repository is called otherwise in each of them, so a cluster there has no name;
    nor do further directories count which tell it from others of its name.
    """
    folder = os.path.basename(os.path.abspath(path)) if path else ""
    if name not in {folder, path}:
        return name
    return "" if os.path.lexists(os.path.join(path, ".git")) else folder


def told_apart(findings: Iterable[Finding]) -> list[Finding]:
    """Give findings of several clusters that have one fingerprint numbers, in their order."""
    seen: dict[str, int] = {}
    finished: list[Finding] = []
    for item in findings:
        again = item.fingerprint in seen
        digest = _digest(item.fingerprint, seen)
        finished.append(replace(item, fingerprint=digest) if again else item)
    return finished


def text_fingerprint(rule: str, text: str) -> str:
    """Return the fingerprint of a finding about a text that belongs to no object."""
    return _digest(f"{rule}||{' '.join(text.split())}", {})


def _digest(identity: str, seen: dict[str, int]) -> str:
    import hashlib

    ordinal = seen[identity] = seen.get(identity, 0) + 1
    return hashlib.sha256(f"{identity}|{ordinal}".encode("utf-8", "replace")).hexdigest()[:32]


class _Objects:
    """Finds the object that a place belongs to."""

    def __init__(self, facts: Facts) -> None:
        described = facts.described_at
        self._described = described.in_file().source if described is not None else None
        self._shared = facts.bound
        self._roles = Roles()
        self._objects = _spans((item.ref, item.identity, item.root) for item in facts.manifests)
        self._carriers = _spans((carrier.ref, carrier.name, None) for carrier in facts.carriers)

    def concern_one_cluster(self, item: Finding) -> bool:
        """Say whether a finding is about what no other cluster can share."""
        return not self._shared or any(
            label.ref.in_file().source is self._described for label in item.labels
        )

    def role(self, ref: Ref) -> str:
        """Return the object's identity, the key in it, and the payload's title."""
        place = ref.in_file()
        carrier, _ = _around(self._carriers, place)
        identity, root = _around(self._objects, place)
        key = self._roles.at(root, ref, place) if root is not None else ""
        return f"{carrier}>{identity}#{key}:{_title(ref)}"

    def resource(self, ref: Ref) -> str:
        """Return the object's identity, and the payload's title after it."""
        identity, _ = _around(self._objects, ref.in_file())
        return f"{identity} {_title(ref)}".strip()


_Spans = dict[object, list[tuple[int, int, str, "Node | None"]]]


def _spans(named: Iterable[tuple[Ref, str, Node | None]]) -> _Spans:
    spans: dict[object, dict[tuple[int, int, str], Node | None]] = {}
    for whole, name, root in named:
        ref = whole.in_file()
        spans.setdefault(ref.source, {})[ref.start, ref.end, name] = root
    return {
        source: [(*span, listed[span]) for span in sorted(listed)]
        for source, listed in spans.items()
    }


def _around(spans: _Spans, place: Ref) -> tuple[str, Node | None]:
    listed = spans.get(place.source, [])
    index = bisect_right(listed, place.start, key=lambda item: item[0]) - 1
    if index < 0 or place.start >= listed[index][1]:
        return "", None
    return listed[index][2:]


def _title(ref: Ref) -> str:
    payload = ref.in_payload()
    return payload.source.title if payload and isinstance(payload.source, Embedded) else ""
