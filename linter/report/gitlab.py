"""GitLab's Code Quality report: a JSON array, empty where nothing was found.

Source: docs.gitlab.com, "Code Quality report format": ``description``, ``check_name``,
``fingerprint``, ``severity`` (info, minor, major, critical, blocker), ``location.path`` relative to
the project's root without ``./``, ``location.lines.begin``. Entries of one fingerprint are shown as
one. ``check_name`` is not displayed, hence the code in the description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from linter.engine.findings import Severity
from linter.report.json_text import json_text
from linter.report.places import place
from linter.report.repository import others, repository_path, sentence, spot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome

SEVERITIES: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "info",
}


def text(outcome: Outcome, width: int = 0) -> str:  # noqa: ARG001 - for people only
    """Return the report as indented JSON with a line break at its end."""
    seen: dict[str, int] = {}
    return json_text([_issue(outcome, finding, seen) for finding in outcome.findings])


def _issue(outcome: Outcome, finding: Finding, seen: dict[str, int]) -> dict[str, Any]:
    label = finding.primary
    where = place(label.ref)
    description = f"{finding.rule}: {sentence(finding.message)}"
    if where.payload_span is not None:
        description += f" ({spot(outcome, label)})"
    if further := others(outcome, finding):
        description += f" ({'; '.join(further)})"
    return {
        "description": description,
        "check_name": sentence(finding.name),
        "fingerprint": _unique(finding.fingerprint, seen),
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": repository_path(outcome, label.ref.file),
            "lines": {"begin": where.span.line, "end": where.span.end_line},
        },
    }


def _unique(fingerprint: str, seen: dict[str, int]) -> str:
    """Return a fingerprint, numbered where clusters of one name have findings that look alike."""
    seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
    if number == 1:
        return fingerprint
    import hashlib

    return hashlib.sha256(f"{fingerprint}|{number}".encode("utf-8", "replace")).hexdigest()[:32]
