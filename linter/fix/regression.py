"""Regressions: what would be worse after a repair than before.

An error that was not reported before is one of two things. Either an edit brought it about: then
one of the places that it is about was edited. Or it was there all the time and a defect that is now
repaired kept it out of sight, as a profile of an old version does that nothing reads: then all its
places read as they did. The first forbids the repair; the second is reported as what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linter.engine.findings import Severity
from linter.fix.difference import changed_lines
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome
    from linter.fix.outcome import Change, Fixed


class Worse(NamedTuple):
    """What a repair would make worse, and the new error if it is one."""

    words: str
    error: Finding | None = None


def worse(before: Outcome, after: Outcome, changes: Sequence[Change]) -> Worse | None:
    """Return what a repair would make worse: an error of its own, or a rule that breaks.

    Args:
        before: What was found at first.
        after: What is found once the changes are made.
        changes: The files that read otherwise.

    """
    edited = {change.path: changed_lines(change.old, change.new) for change in changes}
    for item in new_errors(before.findings, after.findings):
        if any(_is_edited(label.ref, edited) for label in item.labels):
            place = item.primary.ref.in_file()
            line, _ = place.source.position(place.start)
            where = f"{item.rule} at {item.primary.ref.file.name}:{line}"
            return Worse(f"would bring a new error: {where}: {item.message.rstrip('.')}", item)
    broken = {(failure.rule, failure.cluster) for failure in before.failures}
    for failure in after.failures:
        if (failure.rule, failure.cluster) not in broken:
            return Worse(f"would break rule {failure.rule}: {failure.error}")
    return None


def culprits(error: Finding, fixed: Iterable[Fixed]) -> list[Finding]:
    """Return the repaired findings whose edits an error is about: on its lines, else in its files.

    Line numbers shift where another repair adds lines, which is why files are the second choice.
    """
    lines: dict[str, list[range]] = {}
    for label in error.labels:
        lines.setdefault(label.ref.file.path, []).append(_lines(label.ref))
    near, there = [], []
    for item in fixed:
        for edit in item.edits:
            spans = lines.get(edit.file.path, [])
            own = _lines(Ref(edit.file, edit.start, edit.end))
            if any(own.start < span.stop and span.start < own.stop for span in spans):
                near.append(item.finding)
            if spans:
                there.append(item.finding)
    return near or there


def new_errors(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """Return the errors of the second that the first has not."""
    known = {item.fingerprint for item in before if item.severity is Severity.ERROR}
    return [
        item for item in after if item.severity is Severity.ERROR and item.fingerprint not in known
    ]


def _is_edited(ref: Ref, edited: Mapping[str, Sequence[range]]) -> bool:
    """Say whether one of the lines that a place stands on was edited."""
    own = _lines(ref)
    spans = edited.get(ref.file.path, ())
    return any(own.start < span.stop and span.start < own.stop for span in spans)


def _lines(ref: Ref) -> range:
    outer = ref.in_file()
    first, _ = outer.source.position(outer.start)
    last, _ = outer.source.position(outer.end)
    return range(first, last + 1)
