"""One line per finding, for editors, ``grep`` and short terminals.

``path:line:column: error[WPL301] message [payload:line:column]``; everything that could break or
colour the line is spelled out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.report.places import place
from linter.report.visible import prose, shortened

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome


def text(outcome: Outcome, width: int = 0) -> str:  # noqa: ARG001 - a line is as long as it is
    """Return a line for each finding, in report order; empty where nothing was found."""
    return "".join(line(finding) + "\n" for finding in outcome.findings)


def line(finding: Finding) -> str:
    """Return a finding on one line, without a line break. The path is never shortened."""
    where = place(finding.primary.ref)
    row = (
        f"{where.path}:{where.span.line}:{where.span.column}: "
        f"{finding.severity.value}[{finding.rule}] {shortened(finding.message)}"
    )
    if where.payload_span is not None:
        spot = where.payload_span
        row += f" [{shortened(where.payload)}:{spot.line}:{spot.column}]"
    return prose(row)
