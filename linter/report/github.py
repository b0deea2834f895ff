"""Annotations of GitHub Actions: workflow commands, after the report for people in a folded group.

Sources: actions/toolkit ``packages/core/src/command.ts`` (``%``, CR and LF are escaped in messages,
``:`` and ``,`` in properties as well); docs.github.com, "Workflow commands": a step shows at most
ten annotations of each of the three kinds; columns are valid only within one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linter.engine.findings import Severity
from linter.report import full
from linter.report.full import NOTHING_CHECKED, broken, counted
from linter.report.places import place
from linter.report.repository import details, others, repository_path, sentence
from linter.report.visible import disarmed
from linter.sources.candidates import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome

COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}

MOST_ANNOTATIONS: Final = 10
"""How many annotations of a kind a step shows; the others are dropped without a word."""

MOST_REMARKS: Final = 4


def text(outcome: Outcome, width: int = 80) -> str:
    """Return the report for people as a group of the log, and an annotation for each finding.

    The most severe come first, after whatever keeps the run from being complete. Where a kind has
    more than a step shows, a last notice says how many findings are in the log alone.
    """
    remarks = _remarks(outcome)
    listed = sorted(outcome.findings, key=lambda finding: -finding.severity.rank)
    shown = _shown(listed, remarks)
    lines: list[str] = []
    if listed:
        lines.append(f"::group::wplint: {counted(len(listed), 'finding')}")
        lines += full.text(outcome, width).removesuffix("\n").split("\n")
        lines.append("::endgroup::")
    lines += [f"::{COMMANDS[kind]} title=wplint::{_data(words)}" for kind, words in remarks]
    lines += [_annotation(outcome, finding) for finding in shown]
    if left := len(listed) - len(shown):
        verb = "is" if left == 1 else "are"
        words = f"{left} more {verb} not shown as annotations; the log of this step has all of them"
        lines.append(f"::notice title=wplint::{words}.")
    return "".join(line + "\n" for line in lines)


def _remarks(outcome: Outcome) -> list[tuple[Severity, str]]:
    """Return what is wrong with the run itself, at most half of what a step shows."""
    remarks = [(Severity.ERROR, broken(failure)) for failure in outcome.failures[:MOST_REMARKS]]
    remarks += [(Severity.ERROR, sentence(words)) for words in outcome.shortfalls]
    if not outcome.summary.manifests and not outcome.shortfalls:
        remarks.append((Severity.WARNING, NOTHING_CHECKED))
    return remarks


def _shown(findings: Sequence[Finding], remarks: Sequence[tuple[Severity, str]]) -> list[Finding]:
    """Return the findings that a step shows, with room for the notice if any is left out."""
    room = dict.fromkeys(Severity, MOST_ANNOTATIONS)
    for kind, _ in remarks:
        room[kind] -= 1
    counts = {kind: sum(item.severity is kind for item in findings) for kind in Severity}
    if any(counts[kind] > room[kind] for kind in Severity):
        room[Severity.INFO] -= 1
    shown: list[Finding] = []
    for finding in findings:
        room[finding.severity] -= 1
        if room[finding.severity] >= 0:
            shown.append(finding)
    return shown


def _annotation(outcome: Outcome, finding: Finding) -> str:
    span = place(finding.primary.ref).span
    properties = {
        "file": printable(repository_path(outcome, finding.primary.ref.file)),
        "line": str(span.line),
        "endLine": str(span.end_line),
    }
    if span.line == span.end_line:
        properties["col"] = str(span.column)
        properties["endColumn"] = str(span.end_column)
    properties["title"] = sentence(f"{finding.rule} {finding.name}")
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    said = [sentence(finding.message), *others(outcome, finding), *details(finding)]
    message = _data("\n".join(said))
    return f"::{COMMANDS[finding.severity]} {listed}::{message}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return disarmed(_data(text).replace(":", "%3A").replace(",", "%2C"), "\\x5b")
