"""The rules, one line or one row each: for a terminal, for programs, and as a Markdown table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.pages import head_of
from linter.model.releases import ReleaseSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linter.engine.rules import Rule
    from linter.report.styled import Line

_FIX_STYLES = {"safe": "good", "unsafe": "fix", "none": "context"}
_HEADINGS = ("code", "name", "severity", "fix", "releases")


def rule_lines(rules: Sequence[Rule]) -> list[Line]:
    """Return a line for each rule below one of headings; 80 columns where names are short.

    Raises:
        PageError: A rule's page has no proper head.

    """
    codes = max((len(rule.code) for rule in rules), default=0)
    names = max((len(rule.name) for rule in rules), default=0)
    code, name, severity, fix, releases = _HEADINGS
    head = f"{code:<{codes}}  {name:<{names}}  {severity:<8}  {fix:<6}  {releases}"
    lines: list[Line] = [((head, "context"),)]
    for rule in rules:
        known = head_of(rule)
        lines.append(
            (
                (f"{rule.code:<{codes}}", "message"),
                (f"  {rule.name:<{names}}  ", ""),
                (f"{rule.severity.value:<8}", rule.severity.value),
                ("  ", ""),
                (f"{known['fix']:<6}", _FIX_STYLES[known["fix"]]),
                (f"  {known['releases']}", ""),
            )
        )
    return lines


def rule_entry(rule: Rule) -> dict[str, object]:
    """Return what is said of a rule, for JSON; raises PageError like :func:`rule_lines`."""
    head = head_of(rule)
    span = ReleaseSpan.parse(head["releases"])
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "group": rule.group,
        "fix": head["fix"],
        "releases": head["releases"],
        "since": None if span.since is None else f"4.{span.since}",
        "until": None if span.until is None else f"4.{span.until}",
        "summary": rule.summary,
        "requires": list(rule.requires),
    }


def rule_table(rules: Sequence[Rule], link: Callable[[Rule], str] | None = None) -> str:
    """Return the rules as a Markdown table; names lead to where ``link`` says."""
    rows = [
        "| Code | Rule | Severity | Fix | Releases | What holds |",
        "|---|---|---|---|---|---|",
    ]
    for rule in rules:
        head = head_of(rule)
        name = f"[{rule.name}]({link(rule)})" if link is not None else rule.name
        summary = rule.summary.replace("|", "\\|")
        rows.append(
            f"| {rule.code} | {name} | {rule.severity.value} | {head['fix']} | {head['releases']} "
            f"| {summary} |"
        )
    return "\n".join(rows) + "\n"
