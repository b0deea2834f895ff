"""The summary of a step of GitHub Actions: Markdown with every finding and what was understood.

Source: docs.github.com, "Adding a job summary": GitHub-flavoured Markdown, appended to the file
that ``GITHUB_STEP_SUMMARY`` names, at most 1 MiB for each step.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from linter.regexes import regex
from linter.report.counts import extent
from linter.report.full import NOTHING_CHECKED, broken, counted, tally
from linter.report.repository import others, sentence, spot

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome

MOST_BYTES: Final = 900_000
MOST_LISTED: Final = 50

_ACTIVE = regex(r"[&<>\"'`|\\*_\[\]~@#!${}]|:(?=//|[\w+-]+:)|(?<=www)\.", re.ASCII | re.IGNORECASE)
"""What Markdown, HTML, mentions, mathematics or the finding of links would act on."""

_WORDS: Final = (
    ("suppressed", "findings suppressed"),
    ("clusters", "clusters"),
    ("manifests", "manifests that matter"),
    ("relevant", "files read"),
    ("files", "files found"),
    ("templated", "values decided by a template, not judged"),
    ("skipped", "files not read"),
    ("unreadable", "files or payloads not readable to their end"),
    ("not_understood", "objects not understood"),
    ("failures", "rules that broke"),
)


def text(outcome: Outcome) -> str:
    """Return the summary; where findings do not all fit, it says how many are left out."""
    parts = ["## wplint", "", _verdict(outcome), ""]
    parts += _findings(outcome)
    parts += ["| What was looked at | |", "|---|--:|"]
    numbers = extent(outcome)
    parts += [f"| {words} | {numbers[key]} |" for key, words in _WORDS]
    parts.append("")
    summary = outcome.summary
    listed = [broken(failure) for failure in outcome.failures]
    listed += outcome.shortfalls
    listed += [f"{item.name}: {item.reason}" for item in summary.skipped]
    listed += [f"{item.name}: {item.reason}" for item in summary.not_understood]
    listed += outcome.notes
    parts += [f"- {_inert(words)}" for words in listed[:MOST_LISTED]]
    if len(listed) > MOST_LISTED:
        parts.append(f"- and {len(listed) - MOST_LISTED} more")
    return "\n".join(parts).rstrip("\n") + "\n\n"


def _verdict(outcome: Outcome) -> str:
    if outcome.findings:
        return f"**{tally(outcome)}**"
    if not outcome.summary.manifests:
        return f"**{NOTHING_CHECKED}**"
    return "**No disagreement found.**"


def _findings(outcome: Outcome) -> list[str]:
    """Return the table, the most severe findings first, as far as there is room."""
    listed = sorted(outcome.findings, key=lambda finding: -finding.severity.rank)
    if not listed:
        return []
    rows = ["| | Rule | Where | What |", "|---|---|---|---|"]
    room = MOST_BYTES
    for number, finding in enumerate(listed):
        row = _row(outcome, finding)
        room -= len(row.encode("utf-8", "replace")) + 1
        if room < 0:
            rows += ["", f"{counted(len(listed) - number, 'more finding')} did not fit here."]
            break
        rows.append(row)
    return [*rows, ""]


def _row(outcome: Outcome, finding: Finding) -> str:
    said = "<br>".join(_inert(words) for words in (finding.message, *others(outcome, finding)))
    where = _inert(spot(outcome, finding.primary))
    rule = f"{_inert(finding.rule)} {_inert(finding.name)}"
    return f"| {finding.severity.value} | {rule} | {where} | {said} |"


def _inert(words: str) -> str:
    """Return a sentence in which nothing is markup, each active character as its entity."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", sentence(words))
