"""A plan as a comment on a pull request: a short summary, and the details folded.

Written for GitHub and GitLab, which cut comments at 65 536 characters and refuse longer ones. Names
and values of manifests are hostile: each character that Markdown or HTML would act on becomes its
entity, and what would mention people or refer to issues stands in a code element, where neither
service looks for references.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from linter.regexes import regex
from linter.report.full import suppressed_words
from linter.report.places import place
from linter.report.plan.words import (
    cluster_words,
    counted,
    effect_words,
    far,
    headline,
    listed,
    pools_said,
    reach_words,
    tally,
)
from linter.report.visible import prose, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.engine.findings import Finding
    from linter.engine.planning import Plan
    from linter.plan.effects import Changed
    from linter.sources.text import Ref

LONGEST: Final = 60_000
"""Characters of a comment."""

MOST_ROWS: Final = 25
"""Rows of the table that is not folded."""

_RESERVE: Final = 800
"""Characters kept free for saying what was cut, and for ends of elements."""

_ACTIVE = regex(
    r"[&<>\"'`|\\*\[\]~$]|(?<!\w)_|_(?!\w)|:(?=//|[\w+-]+:)|(?<=www)\.", re.ASCII | re.IGNORECASE
)
_REFERENCE = regex(r"([@#!~%$&^])(?=[\w\[\"'{/])")


def markdown(plan: Plan) -> str:
    """Return the comment, at most :data:`LONGEST` characters of it; it says what was left out."""
    writer = _Writer(LONGEST - _RESERVE)
    writer.put([f"### wplint plan: {_words(headline(plan))}", ""])
    writer.put([f"From {_code(plan.old)} to {_code(plan.new)}.", ""])
    severities = [finding.severity.value for finding in plan.outcome.findings]
    parts = [f"{counted(number, 'cluster')}: {effect.value}" for effect, number in tally(plan)]
    parts += [
        counted(severities.count(name), name)
        for name in ("error", "warning", "info")
        if name in severities
    ]
    if plan.outcome.suppressed:
        parts.append(suppressed_words(plan.outcome).rstrip("."))
    writer.put([*(f"- {part}" for part in parts), ""] if parts else [])
    rows = list(_rows(plan))
    head = ["| Cluster | Pool | Nodes | Effect |", "|---|---|--:|---|"]
    if rows:
        writer.rows("", head, rows[:MOST_ROWS], "rows")
    findings = [line for finding in plan.outcome.findings for line in _finding(finding)]
    writer.folded(f"{counted(len(severities), 'finding')}", [], findings, "lines of findings")
    writer.folded("How far each edited line reaches", [], list(_reaches(plan)), "edited lines")
    writer.folded("What changes on the nodes", [], list(_statements(plan)), "lines of statements")
    writer.folded(f"{len(rows) - MOST_ROWS} more pools", head, rows[MOST_ROWS:], "rows")
    notes = [
        f"- {_words(item.name)}: {_words(item.reason)}" for item in plan.outcome.summary.skipped
    ]
    notes += [f"- {_words(note)}" for note in plan.outcome.notes]
    writer.folded("What was not read", [], notes, "entries")
    return writer.text()


class _Writer:
    """Puts parts together as long as there is room, and remembers what did not fit."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._lines: list[str] = []
        self._cut: list[str] = []

    def put(self, lines: Iterable[str]) -> None:
        """Add lines that are always there and short."""
        for line in lines:
            self._lines.append(line)
            self._room -= len(line) + 1

    def folded(self, title: str, head: Sequence[str], rows: Sequence[str], nouns: str) -> None:
        """Add lines that people unfold; nothing where there are none."""
        if rows:
            opening = ["<details>", f"<summary>{_words(title)}</summary>", "", *head]
            self.rows(title, opening, rows, nouns, ["", "</details>", ""])

    def rows(
        self,
        title: str,
        head: Sequence[str],
        rows: Sequence[str],
        nouns: str,
        end: Sequence[str] = ("",),
    ) -> None:
        """Add as many rows as fit between a head and an end."""
        frame = sum(len(line) + 1 for line in (*head, *end))
        fitting, room = 0, self._room - frame
        for row in rows:
            room -= len(row) + 1
            if room < 0:
                break
            fitting += 1
        if fitting:
            self.put([*head, *rows[:fitting], *end])
        if fitting < len(rows):
            where = f" of “{title}”" if title else " of the table"
            self._cut.append(f"{len(rows) - fitting} {nouns}{where}")

    def text(self) -> str:
        """Return the document."""
        if self._cut:
            said = "; ".join(self._cut)
            self._lines += ["", f"_Cut to fit into a comment: {said}. `--output json` has all._"]
        return "\n".join(self._lines).rstrip("\n") + "\n"


def _rows(plan: Plan) -> Iterator[str]:
    for cluster in listed(plan):
        if words := cluster_words(cluster):
            yield f"| {_code(cluster.name)} | | | {_words(words)} |"
        for pool in pools_said(cluster):
            nodes = "?" if pool.size is None else str(pool.size)
            effect = _words(effect_words(pool))
            yield f"| {_code(cluster.name)} | {_code(pool.name)} | {nodes} | {effect} |"


def _finding(finding: Finding) -> Iterator[str]:
    head = f"- **{finding.severity.value}** {finding.rule} {_words(finding.message)}"
    yield f"{head} {_place(finding.primary.ref)}"
    for words in (finding.effect, finding.advice):
        if words:
            yield f"  <br>{_words(words)}"
    for label in finding.labels[1:]:
        yield f"  <br>{_words(label.words)}: {_place(label.ref)}"


def _reaches(plan: Plan) -> Iterator[str]:
    for reach in far(plan):
        wave = f", wave {reach.wave}" if reach.wave is not None else ""
        least = "" if reach.counted else "at least "
        nodes = f", {least}{counted(reach.nodes, 'node')}" if reach.nodes else ""
        words = f"{counted(len(reach.clusters), 'cluster')}{nodes}{wave}"
        yield f"- {_place(reach.ref)}: {words}<br>{_words(reach_words(reach))}"


def _statements(plan: Plan) -> Iterator[str]:
    for cluster in listed(plan):
        for pool in pools_said(cluster):
            if pool.changed:
                yield f"- {_code(cluster.name)} {_code(pool.name)}"
                yield from map(_statement, pool.changed)


def _statement(changed: Changed) -> str:
    old, new = changed.words
    ref = changed.either.ref
    mark = "" if changed.reboots else " (no reboot)"
    return f"  - {_words(changed.key)}: {_code(old)} → {_code(new)}{mark} {_place(ref)}"


def _place(ref: Ref) -> str:
    where = place(ref)
    return _code(f"{where.path}:{where.span.line}:{where.span.column}")


def _code(text: str) -> str:
    """Return a value of a manifest as code, in which nothing is markup."""
    return f"<code>{_entities(shortened(prose(text)))}</code>" if text else ""


def _words(text: str) -> str:
    """Return a sentence in which nothing is markup, a mention or a reference."""
    parts: list[str] = []
    at = 0
    text = shortened(prose(text))
    for found in _REFERENCE.finditer(text):
        parts += [_entities(text[at : found.start()]), f"<code>&#{ord(found[1])};</code>"]
        at = found.end()
    return "".join([*parts, _entities(text[at:])])


def _entities(text: str) -> str:
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", text)
