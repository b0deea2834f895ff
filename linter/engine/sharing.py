"""Findings of clusters that share their policies: one cause is one finding."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from linter.engine.enumeration import MOST
from linter.engine.findings import Severity
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.engine.findings import Finding, Fix
    from linter.facts.cpus import CpuStatement
    from linter.facts.policies import Passage
    from linter.facts.scope import Facts
    from linter.sources.text import Label, Ref

Place: TypeAlias = tuple[str, int, int]
"""The path of a file, and the span of a text in it."""

_MOST_LABELS = 8
"""How many places a finding of several clusters labels at most."""

_MOST_COMPARED = 100
"""In how many clusters further places are looked for."""


def settled(findings: Iterable[Finding], facts: Facts) -> list[Finding]:
    """Complete the findings of a scope by what is known of how its values come about.

    A value that a hub template reads gets the place of the template as a further label, and what
    is wrong in manifests that nothing applies is information.
    """
    settled: list[Finding] = []
    for found in findings:
        item = _with_passages(found, facts.passages) if facts.passages else found
        if facts.bound:
            item = replace(item, alone=facts.described_at is None)
        if facts.dormant:
            item = replace(item, severity=Severity.INFO, dormant=True)
        settled.append(item)
    return settled


def _with_passages(item: Finding, passages: Sequence[Passage]) -> Finding:
    """Note the places at which policies read the labelled values, at most a few."""
    refs = [label.ref for label in item.labels]
    places = {
        passage.place: passage
        for passage in passages
        if any(
            ref.source is passage.value.source
            and passage.value.start <= ref.start
            and ref.end <= passage.value.end
            for ref in (place.in_file() for place in refs)
        )
        and passage.place not in refs
    }
    added = [passage.place.label(passage.words) for passage in list(places.values())[:MOST]]
    return replace(item, reached=tuple(added)) if added else item


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cluster reads in texts that others may share, and what its fixes ask for there."""

    places: tuple[Place, ...] = ()
    wishes: tuple[tuple[Place, str], ...] = ()


def reading_of(
    statements: Iterable[CpuStatement], findings: Iterable[Finding], facts: Facts
) -> Reading:
    """Return what a cluster reads, and what the fixes of its findings ask for.

    Nobody else reads what its own file says of its nodes (a value that has an alias is never
    repaired), so that counts only where something is asked for there.
    """
    places = {_place(statement.ref) for statement in statements}
    wishes = {
        (place, wish.new)
        for item in findings
        for wish in (item.fix.replacements if item.fix is not None else ())
        for place in places
        if _meet(place, _place(wish.ref))
    }
    own = {_place(node.statement.ref) for node in facts.node_cpusets}
    places -= own.difference(place for place, _ in wishes)
    return Reading(tuple(sorted(places)), tuple(sorted(wishes)))


class Shares:
    """Which clusters read a place, and what they want to read there.

    A place that several clusters share is repaired for all of them or not at all. Places are those
    of statements of CPUs; nothing else that policies bring is repaired.
    """

    def __init__(self) -> None:
        self._readers: dict[str, Counter[tuple[int, int]]] = {}
        self._sorted: dict[str, tuple[list[tuple[int, int]], int]] = {}
        self._wishes: Counter[tuple[Place, str]] = Counter()

    def add(self, reading: Reading) -> None:
        """Note what one cluster reads, and what the fixes of its findings ask for."""
        for path, start, end in reading.places:
            self._readers.setdefault(path, Counter())[start, end] += 1
        self._wishes.update(reading.wishes)

    def agreed(self, items: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings, without their fix where not every cluster asks for the same."""
        for item in items:
            fix = item.fix
            wanted = fix is None or fix.everywhere or self._wanted_by_all(fix)
            yield item if wanted else replace(item, fix=None)

    def _wanted_by_all(self, fix: Fix) -> bool:
        return not fix.creations and all(
            count == self._wishes[place, wish.new]
            for wish in fix.replacements
            for place, count in self._met(_place(wish.ref))
        )

    def _met(self, wish: Place) -> list[tuple[Place, int]]:
        """Return the places that a wish is about; one that nobody reads is wanted by nobody."""
        path, start, end = wish
        readers = self._readers.get(path, Counter())
        if path not in self._sorted:
            longest = max((last - first for first, last in readers), default=0)
            self._sorted[path] = (sorted(readers), longest)
        spans, longest = self._sorted[path]
        near = spans[bisect_left(spans, (start - longest,)) : bisect_right(spans, (end + 1,))]
        met = [((path, *span), readers[span]) for span in near if _meet((path, *span), wish)]
        return met or [(wish, 1)]


def _place(ref: Ref) -> Place:
    outer = ref.in_file()
    return ref.file.path, outer.start, outer.end


def _meet(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]


def held_by_all(variants: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Return what is found whichever of several policies a cluster gets, as the first has it."""
    if len(variants) == 1:
        return list(variants[0])
    said = [{(item.rule, item.message) for item in variant} for variant in variants]
    everywhere = set.intersection(*said)
    return [item for item in variants[0] if (item.rule, item.message) in everywhere]


def shared(findings: Iterable[Finding]) -> list[Finding]:
    """Make one finding of those that say the same of the same places, for several clusters."""
    from linter.engine.fingerprints import told_apart

    groups: dict[tuple[object, ...], list[Finding]] = {}
    for item in findings:
        places = tuple(label.ref.order() for label in item.labels[:2])
        groups.setdefault((item.rule, item.message, places), []).append(item)
    return told_apart(_one(group) for group in groups.values())


def _one(group: list[Finding]) -> Finding:
    """Return one finding of several, with the places of all of them, at most a few."""
    highest = max(item.severity for item in group)
    group = [item for item in group if item.severity is highest]
    of_clusters = [item for item in group if not item.alone] or group
    names = list(dict.fromkeys(item.cluster for item in of_clusters))
    worst = of_clusters[0]
    most = max(len(worst.labels) + len(worst.reached), _MOST_LABELS)
    labels: dict[object, Label] = {}
    for item in (worst, *group[:_MOST_COMPARED]):
        for label in (*item.labels, *item.reached):
            labels.setdefault((label.ref.order(), label.words), label)
    worst = replace(worst, labels=tuple(labels.values())[:most], reached=())
    if len(names) == 1:
        return worst
    listed = ", ".join(names[:MOST])
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    effect = f"{worst.effect} This concerns {len(names)} clusters: {listed}{more}."
    return replace(worst, cluster=f"{listed}{more}", effect=effect.strip())
