"""The page that ``wplint plan`` prints: the clusters at a glance, one of them in depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.differences import cpus
from linter.plan.effects import Effect
from linter.records import replace
from linter.report.cpu_picture import picture
from linter.report.full import document_lines, suppressed_words
from linter.report.plan.words import (
    STYLES,
    cluster_words,
    counted,
    effect_words,
    far,
    headline,
    listed,
    pools_said,
    reach_words,
    tally,
    worst,
)
from linter.report.show.rows import INDENT, clean, where
from linter.report.show.sayings import roles
from linter.report.show.view import spans
from linter.report.styled import EMPTY, limited, paragraph
from linter.report.visible import columns, fitted, prose, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.outcome import Outcome, SkippedFile
    from linter.engine.planning import ClusterPlan, Plan
    from linter.plan.effects import Changed, PoolChange
    from linter.report.styled import Line
    from linter.sources.text import Ref

MOST_CLUSTERS = 60
MOST_REACHES = 12
MOST_FILES = 5

_EFFECT_WIDTH = 34
_WIDEST = (28, 16, 5)


def lines(
    plan: Plan, width: int, cluster: str | None = None, pool: str | None = None
) -> list[Line]:
    """Return a plan as styled lines.

    Args:
        plan: The plan.
        width: The number of columns to use, held between 40 and 120.
        cluster: The name of the cluster to show in depth; None for all of them at a glance.
        pool: The name of the only pool to show in depth; None for all of them.

    """
    width = limited(width)
    page: list[Line] = []
    if cluster is None and pool is None:
        page += _glance(plan, width)
    else:
        for one in plan.clusters:
            if cluster in {None, one.name}:
                page += _in_depth(one, width, pool)
    found = document_lines(_only(plan.outcome, cluster), width)
    return [*page, *([EMPTY] if found else []), *found]


def _only(outcome: Outcome, cluster: str | None) -> Outcome:
    """Return the findings that concern a cluster, or may: of many not all are named."""
    if cluster is None:
        return outcome
    kept = tuple(
        finding
        for finding in outcome.findings
        if cluster in finding.cluster.split(", ") or finding.cluster.endswith(" more")
    )
    return replace(outcome, findings=kept)


def summary_lines(plan: Plan, width: int) -> list[Line]:
    """Return what was compared and found, and what could not be read."""
    width = limited(width)
    summary, findings = plan.outcome.summary, plan.outcome.findings
    every = len(plan.clusters) + plan.untouched
    words = f"Compared {plan.old} with {plan.new}: {counted(every, 'cluster')}"
    words += f", {counted(summary.files, 'file')}, {counted(len(findings), 'finding')}."
    page = paragraph((), clean(words), "note", width)
    if plan.outcome.suppressed:
        page += paragraph((), suppressed_words(plan.outcome), "note", width)
    page += _not_read(summary.skipped, width)
    for failure in plan.outcome.failures:
        words = f"Rule {failure.rule} broke on cluster {failure.cluster}: {failure.error}"
        lead: Line = (("internal error: ", "error"),)
        page += paragraph(lead, shortened(prose(words)), "message", width, 2)
    for note in plan.outcome.notes:
        page += paragraph((("note: ", "info"),), shortened(prose(note)), "note", width, 2)
    return page


def _not_read(files: Sequence[SkippedFile], width: int) -> list[Line]:
    if not files:
        return []
    words = f"{counted(len(files), 'entry' if len(files) == 1 else 'entrie')} not read:"
    page = paragraph((("warning: ", "warning"),), words, "message", width, 2)
    for item in files[:MOST_FILES]:
        words = shortened(prose(f"{item.name}: {item.reason}"))
        page += paragraph((("  ", ""),), words, "note", width, 4)
    rest = len(files) - MOST_FILES
    return [*page, (("  ", ""), (f"and {rest} more", "context"))] if rest > 0 else page


# --- all clusters at a glance --------------------------------------------------------------------


def _glance(plan: Plan, width: int) -> list[Line]:
    touched = listed(plan)
    style = "message" if touched else "good"
    page = paragraph((), headline(plan), style, width)
    for effect, number in tally(plan) if len(touched) > 1 else ():
        lead: Line = ((f"{number:>6}  ", "note"),)
        page += paragraph(lead, effect.value, STYLES.get(effect, "note"), width)
    if not touched:
        return page
    page += [EMPTY, *_table(touched, width)]
    silent = len(plan.clusters) - len(touched)
    if silent:
        words = f"{counted(silent, 'cluster')} more with other manifests and the same nodes"
        page += paragraph(((" " * INDENT, ""),), words, "context", width)
    if far(plan):
        page += [EMPTY, *_far(plan, width)]
    return page


def _table(clusters: Sequence[ClusterPlan], width: int) -> list[Line]:
    """Return a row for each cluster, and one more for each further pool that is touched."""
    shown = clusters[:MOST_CLUSTERS]
    rows = [row for one in shown for row in _rows(one)]
    titles = ("cluster", "pool", "nodes")
    sizes = [
        min(limit, max([len(title), *(columns(cells[index]) for cells, _, _ in rows)]))
        for index, (title, limit) in enumerate(zip(titles, _WIDEST, strict=True))
    ]
    while sum(sizes) + 2 * len(sizes) + INDENT > width - _EFFECT_WIDTH and max(sizes) > 6:
        sizes[sizes.index(max(sizes))] -= 1
    room = width - sum(sizes) - 2 * len(sizes) - INDENT
    page = [
        _cells((*titles,), sizes, "context", "effect"),
        _cells(["─" * size for size in sizes], sizes, "gutter", "─" * min(room, _EFFECT_WIDTH)),
    ]
    for cells, words, style in rows:
        lead = _cells([fitted(text, size) for text, size in zip(cells, sizes, strict=True)], sizes)
        page += paragraph(lead, words, style, width)
    rest = len(clusters) - len(shown)
    if rest > 0:
        words = f"and {counted(rest, 'cluster')} more; --output json names all of them"
        page += paragraph(((" " * INDENT, ""),), words, "context", width)
    return page


def _rows(cluster: ClusterPlan) -> Iterator[tuple[list[str], str, str]]:
    name = clean(cluster.name)
    if words := cluster_words(cluster):
        yield [name, "", ""], clean(words), "info" if cluster.unknown else "note"
        return
    for pool in pools_said(cluster):
        number = str(pool.size) if pool.size is not None else "?"
        words = clean(effect_words(pool)) + _differs(cluster, pool)
        yield [name, clean(pool.name) or "?", number], words, _style(pool)
        name = ""


def _style(change: PoolChange) -> str:
    effect = worst(change)
    return "good" if effect is None else STYLES.get(effect, "note")


def _differs(cluster: ClusterPlan, pool: PoolChange) -> str:
    """Say where the effects on a pool depend on the release, which no manifest names."""
    others = [
        minor
        for change in cluster.changes[:-1]
        for one in change.pools
        if one.name == pool.name and one.effects != pool.effects
        for minor in change.after.releases.minors
    ]
    return f"; otherwise in {spans(sorted(others))}" if others else ""


def _cells(texts: Sequence[str], sizes: Sequence[int], style: str = "code", last: str = "") -> Line:
    padded = [
        text + " " * (size - columns(text) + 2) for text, size in zip(texts, sizes, strict=True)
    ]
    return ((" " * INDENT + "".join(padded) + last, style),)


def _far(plan: Plan, width: int) -> list[Line]:
    """Return how far each edited line reaches, in the order in which waves roll them out."""
    page: list[Line] = []
    reaches = far(plan)
    for reach in reaches[:MOST_REACHES]:
        nodes = f"{'' if reach.counted else 'at least '}{counted(reach.nodes, 'node')}"
        words = f"reaches {counted(len(reach.clusters), 'cluster')}"
        words += f", {nodes}" if reach.nodes or reach.counted else ""
        words += f", wave {reach.wave}" if reach.wave is not None else ""
        place = where(reach.ref, width - INDENT)
        page.append(((" " * INDENT, ""), *place))
        page += paragraph(((" " * 2 * INDENT, ""),), words, "message", width)
        page += paragraph(((" " * 2 * INDENT, ""),), clean(reach_words(reach)), "note", width)
    rest = len(reaches) - MOST_REACHES
    if rest > 0:
        words = f"and {counted(rest, 'edited line')} more"
        page += paragraph(((" " * INDENT, ""),), words, "context", width)
    return page


# --- one cluster in depth ------------------------------------------------------------------------


def _in_depth(cluster: ClusterPlan, width: int, pool: str | None) -> list[Line]:
    name = fitted(prose(cluster.name), width - 20)
    path = fitted(prose(cluster.path), width - columns(name) - 11)
    page: list[Line] = [
        (("cluster ", "context"), (name, "message"), ("   ", ""), (path, "path")),
    ]
    change = cluster.change
    if change is None:
        lead: Line = ((" " * INDENT, ""),)
        return [*page, *paragraph(lead, clean(cluster_words(cluster)), "note", width)]
    if change.upgraded:
        old, new = change.before.releases.minors, change.after.releases.minors
        words = f"OpenShift {spans(old)} → {spans(new)}"
        page += paragraph(((" " * INDENT, ""),), words, "note", width)
    for one in change.pools:
        if pool == one.name or (pool is None and (one.effects or one.changed)):
            page += [EMPTY, *_pool(one, width, _differs(cluster, one))]
    return page


def _pool(change: PoolChange, width: int, differs: str) -> list[Line]:
    lead: Line = ((" " * INDENT, ""), ("pool ", "context"))
    name = clean(change.name) or "without a known name"
    size = change.size
    nodes = "" if size is None else f"   {counted(size, 'node')}"
    page: list[Line] = [(*lead, (fitted(name, width - 20), "message"), (nodes, "context"))]
    pad: Line = ((" " * 2 * INDENT, ""),)
    page += paragraph(pad, clean(effect_words(change)) + differs, _style(change), width)
    if change.taken:
        words = f"{cpus(change.taken)} belonged to the workload."
        page += paragraph(((" " * 3 * INDENT, ""),), words, "note", width)
    page += _reasons(change, width)
    if change.changed:
        page += [EMPTY, *_statements(change.changed, width)]
    page += _pictures(change, width)
    return page


def _reasons(change: PoolChange, width: int) -> list[Line]:
    """Return why nodes fare as they do on either side, where that changes."""
    old, new = change.old, change.new
    if old is not None and new is not None and old.outcome.fate is new.outcome.fate:
        return []
    page: list[Line] = []
    for words, state in (("before: ", old), ("after: ", new)):
        if state is not None:
            lead: Line = ((" " * 3 * INDENT, ""), (words, "context"))
            said_of = f"{state.outcome.fate.value}. {state.outcome.why}"
            page += paragraph(lead, clean(said_of), "note", width, 4 * INDENT)
    return page


def _statements(changed: Sequence[Changed], width: int) -> list[Line]:
    """Return the statements that differ, those of one cause together, with both places."""
    groups: dict[tuple[object, ...], list[Changed]] = {}
    for one in changed:
        old = one.old.ref.order() if one.old is not None else None
        new = one.new.ref.order() if one.new is not None else None
        groups.setdefault((one.reboots, old, new, one.words), []).append(one)
    page: list[Line] = []
    for group in groups.values():
        first = group[0]
        lead: Line = ((" " * 2 * INDENT, ""), ("~ " if first.reboots else "  ", "warning"))
        keys = ", ".join(clean(one.key) for one in group)
        before, after = map(clean, first.words)
        page += paragraph(lead, f"{before} → {after}", "message", width)
        page += paragraph(((" " * 3 * INDENT, ""),), keys, "note", width)
        page += _places(first, width)
    return page


def _places(changed: Changed, width: int) -> Iterator[Line]:
    """Yield where a statement stands before and afterwards; once where that is the same."""
    old = changed.old.ref if changed.old is not None else None
    new = changed.new.ref if changed.new is not None else None
    pad = " " * 3 * INDENT
    if old is not None and new is not None and _shown(old, width) == _shown(new, width):
        old = None
    for words, ref in (("was ", old), ("is  ", new)):
        if ref is not None:
            yield ((pad, ""), (words, "context"), *where(ref, width - len(pad) - 4))


def _shown(ref: Ref, width: int) -> Line:
    return where(ref, width)


def _pictures(change: PoolChange, width: int) -> list[Line]:
    """Return the CPUs before and afterwards, where they differ."""
    drawn = [
        picture(roles(state.node), [], width, 2 * INDENT) if state is not None else []
        for state in (change.old, change.new)
    ]
    if drawn[0] == drawn[1] or Effect.REMOVED in change.effects:
        return []
    page: list[Line] = []
    for words, lines_ in zip(("before", "after"), drawn, strict=True):
        if lines_:
            page += [EMPTY, ((" " * 2 * INDENT, ""), (words, "context")), *lines_]
    return page
