"""What a repair did, for people: per file what was fixed, and what is left and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.report.places import place
from linter.report.visible import prose, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.findings import Finding
    from linter.fix.outcome import FixOutcome, Left


def fix_summary(outcome: FixOutcome) -> str:
    """Return the report of a repair; meant for standard error."""
    lines = [f"note: {told}" for told in outcome.recovered]
    if outcome.refusal:
        lines.append(f"Nothing was fixed: {outcome.refusal}.")
    elif outcome.fixed:
        files = f"{len(outcome.changes)} file{'s' if len(outcome.changes) != 1 else ''}"
        verb = "Fixed" if outcome.written else "Would fix"
        lines.append(f"{verb} {len(outcome.fixed)} in {files}:")
        lines += _by_file([(f.finding, _repair(f.finding)) for f in outcome.fixed])
        gone = [change.name for change in outcome.changes if change.after is None]
        if gone:
            verb = "Removed" if outcome.written else "Would remove"
            lines.append(f"{verb}, as nothing was left: {', '.join(gone)}")
    if outcome.left:
        lines.append(f"Left {len(outcome.left)}:")
        lines += _by_file([(left.finding, _why(left)) for left in outcome.left])
    elif outcome.fixed and not outcome.refusal:
        lines.append("Nothing is left.")
    return "".join(f"{prose(shortened(line))}\n" for line in lines)


def _by_file(items: Sequence[tuple[Finding, str]]) -> list[str]:
    """Return lines for findings beneath the names of their files."""
    grouped: dict[str, list[str]] = {}
    for item, words in items:
        where = place(item.primary.ref)
        spot = f"line {where.span.line}"
        if where.payload_span is not None:
            spot += f" ({where.payload}:{where.payload_span.line})"
        grouped.setdefault(where.path, []).append(f"    {item.rule} {spot}: {words}")
    return [line for name in sorted(grouped) for line in (f"  {name}", *grouped[name])]


def _repair(item: Finding) -> str:
    if item.fix is None:
        return item.message
    names = [new.name for new in item.fix.creations]
    new = f" (new: {', '.join(names)})" if names else ""
    return f"{item.fix.description}{new}"


def _why(left: Left) -> str:
    item = left.finding
    if item.fix is None:
        return f"{left.reason}. {item.advice}".rstrip()
    return f"did not {item.fix.description}: {left.reason}"
