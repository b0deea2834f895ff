"""The rules of a SARIF log: what GitHub and editors show beside a result, from the rules' pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from linter.engine.findings import Severity
from linter.engine.loader import RuleFileError
from linter.engine.pages import Page, page_for
from linter.regexes import regex
from linter.report.repository import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.engine.outcome import Outcome, Suppressed
    from linter.engine.rules import Rule

LONGEST_DESCRIPTION: Final = 1024
LONGEST_NAME: Final = 255

_LEVELS: Final[Mapping[Severity, tuple[str, str, str]]] = {
    Severity.ERROR: ("error", "error", "very-high"),
    Severity.WARNING: ("warning", "warning", "high"),
    Severity.INFO: ("note", "recommendation", "medium"),
}
"""The level of SARIF, and GitHub's ``problem.severity`` and ``precision``."""

_PAGE_LINK = regex(r"\[([^\]\n]*)\]\([a-z0-9_]+\.md\)")
_FENCE_TITLE = regex(
    r'^(?P<fence>`{3,}\w+) title="(?P<name>[^"\n]*)"(?: state=(?P<state>\w+))?$', re.MULTILINE
)


def descriptors(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the rules that ran, by code, and those that are named by findings alone."""
    listed = {rule.code: _of_rule(rule) for rule in outcome.rules}
    hidden = [item.finding for item in shown_suppressed(outcome)]
    for finding in (*outcome.findings, *hidden):
        if finding.rule not in listed:
            words = sentence(finding.name).strip() or finding.rule
            listed[finding.rule] = _descriptor(finding.rule, finding.name, finding.severity, words)
    return [listed[code] for code in sorted(listed)]


def shown_suppressed(outcome: Outcome) -> Sequence[Suppressed]:
    """Return the suppressed findings that are to be in the log."""
    return outcome.suppressed if outcome.show_suppressed else ()


def _of_rule(rule: Rule) -> dict[str, Any]:
    try:
        summary = rule.summary or rule.name
    except RuleFileError:  # it could not be run either, which is told of
        summary = rule.name
    described = _descriptor(rule.code, rule.name, rule.severity, summary)
    described["properties"]["tags"].append(rule.group.lower().replace(" ", "-"))
    try:
        page = page_for(rule)
    except RuleFileError:  # a rule of the user's own may have none
        return described
    full = _plain(page.sections["What it checks"].strip().partition("\n\n")[0])
    described["fullDescription"]["text"] = full[:LONGEST_DESCRIPTION]
    help_text = _plain(page.sections["How to fix"].strip())
    described["help"] = {"text": help_text, "markdown": _markdown(page)}
    return described


def _descriptor(code: str, name: str, severity: Severity, summary: str) -> dict[str, Any]:
    level, problem, precision = _LEVELS[severity]
    return {
        "id": code,
        "name": _pascal(name) or f"Rule{code}",
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary[:LONGEST_DESCRIPTION]},
        "help": {"text": summary},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["openshift", "workload-partitioning"],
            "precision": precision,
            "problem.severity": problem,
        },
    }


def _pascal(name: str) -> str:
    """Return ``crio-cpushares`` as ``CrioCpushares``."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)[:LONGEST_NAME]


def _plain(markdown: str) -> str:
    return " ".join(_PAGE_LINK.sub(r"\1", markdown).replace("`", "").split())


def _markdown(page: Page) -> str:
    """Return the page: links to other pages keep their words, titles of fences get a line."""
    text = _PAGE_LINK.sub(r"\1", page.text)
    return _FENCE_TITLE.sub(_titled, text)


def _titled(fence: re.Match[str]) -> str:
    """Return the beginning of a fence after a line with its title and state."""
    state = f", {fence['state']}" if fence["state"] else ""
    return f"`{fence['name']}`{state}\n\n{fence['fence']}"
