"""Lists of CPUs that their reader cannot parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Applicability, Draft, Fix, finding, rule
from linter.engine.refusals import reason, refused, severity, spelling
from linter.facts.cpus import Grammar
from linter.formats.cpuset import CpuListProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.formats.cpuset import CpuListError

_OWN = (Grammar.KUBERNETES, Grammar.TUNED)
"""Lists of the kernel, of systemd and masks have rules of their own."""


@rule("WPL101", severity=ERROR)
def cpuset_unparsable(statement: CpuStatement) -> Iterator[Draft]:
    """A list of CPUs can be parsed by the program that reads it."""
    error = statement.error
    if error is None or statement.found or statement.grammar not in _OWN:
        return
    if error.kind in {CpuListProblem.WHITESPACE, CpuListProblem.TOO_LARGE}:
        return
    yield finding(
        f"{statement.where} cannot be parsed: {reason(statement.text, error)}.",
        statement.error_ref.label("at fault"),
        effect=refused(statement),
        advice=spelling(statement),
        severity=severity(statement),
        fix=_fix(statement, error),
    )


def _fix(statement: CpuStatement, error: CpuListError) -> Fix | None:
    """Drop commas: at the ends they mean nothing, but between others a number may be missing."""
    if not error.repaired:
        return None
    ends = statement.text.strip(",") == error.repaired
    return Fix(
        f"write {error.repaired}",
        (statement.replaced_by(error.repaired),),
        Applicability.SAFE if ends else Applicability.UNSAFE,
    )
