"""How much was found and understood, in numbers.

Every report has them, so that none is green for want of input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Severity

if TYPE_CHECKING:
    from linter.engine.outcome import Outcome


def severities(outcome: Outcome) -> dict[str, int]:
    """Return the number of errors, warnings and infos."""
    listed = [finding.severity for finding in outcome.findings]
    return {
        "errors": listed.count(Severity.ERROR),
        "warnings": listed.count(Severity.WARNING),
        "infos": listed.count(Severity.INFO),
    }


def extent(outcome: Outcome) -> dict[str, int]:
    """Return how much was looked at, and how much of it was not understood."""
    summary = outcome.summary
    return {
        "suppressed": len(outcome.suppressed),
        "clusters": len(outcome.clusters),
        "manifests": summary.manifests,
        "files": summary.files,
        "relevant": summary.relevant,
        "templated": summary.templated,
        "skipped": len(summary.skipped),
        "unreadable": summary.unreadable,
        "not_understood": len(summary.not_understood),
        "failures": len(outcome.failures),
    }


def by_rule(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Return count, code and name of each rule that found something, the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for finding in outcome.findings:
        key = (finding.rule, finding.name)
        counts[key] = counts.get(key, 0) + 1
    listed = [(count, code, name) for (code, name), count in counts.items()]
    return sorted(listed, key=lambda entry: (-entry[0], entry[1], entry[2]))
