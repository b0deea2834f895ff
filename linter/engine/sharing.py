"""Findings of clusters that share their policies: one cause is one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.enumeration import MOST
from linter.engine.findings import Severity
from linter.engine.fingerprints import told_apart
from linter.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.findings import Finding
    from linter.facts.policies import Passage
    from linter.facts.scope import Facts

_MOST_LABELS = 8
"""How many places a finding of several clusters labels at most."""

_MOST_COMPARED = 100
"""In how many clusters further places are looked for."""


def settled(findings: Iterable[Finding], facts: Facts) -> list[Finding]:
    """Complete the findings of a scope by what is known of how its values come about.

    A value that a hub template reads gets the place of the template as a further label; what is
    wrong in manifests that nothing applies is information; and what several clusters may share is
    not repaired for one of them.
    """
    settled: list[Finding] = []
    for found in findings:
        item = _with_passages(found, facts.passages) if facts.passages else found
        if facts.bound:
            item = replace(item, fix=None, alone=facts.described_at is None)
        if facts.dormant:
            item = replace(item, severity=Severity.INFO)
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


def held_by_all(variants: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Return what is found whichever of several policies a cluster gets, as the first has it."""
    if len(variants) == 1:
        return list(variants[0])
    said = [{(item.rule, item.message) for item in variant} for variant in variants]
    everywhere = set.intersection(*said)
    return [item for item in variants[0] if (item.rule, item.message) in everywhere]


def shared(findings: Iterable[Finding]) -> list[Finding]:
    """Make one finding of those that say the same of the same places, for several clusters."""
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
    labels = dict.fromkeys((*worst.labels, *worst.reached))
    for item in group[:_MOST_COMPARED]:
        labels.update(dict.fromkeys((*item.labels, *item.reached)))
    worst = replace(worst, labels=tuple(labels)[:most], reached=())
    if len(names) == 1:
        return worst
    listed = ", ".join(names[:MOST])
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    effect = f"{worst.effect} This concerns {len(names)} clusters: {listed}{more}."
    return replace(worst, cluster=f"{listed}{more}", effect=effect.strip())
