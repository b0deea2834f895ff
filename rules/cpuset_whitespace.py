"""Spaces and line breaks in lists of CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.refusals import refused, severity
from linter.facts.cpus import Grammar
from linter.formats.cpuset import CpuListProblem, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement


@rule("WPL102", severity=ERROR)
def cpuset_whitespace(statement: CpuStatement) -> Iterator[Draft]:
    """A list of CPUs has no spaces and no line breaks in it."""
    error = statement.error
    if error is None or statement.found or statement.grammar is not Grammar.KUBERNETES:
        return
    if error.kind is not CpuListProblem.WHITESPACE:
        return
    tight = error.repaired
    yield finding(
        f"{statement.where} is {quoted(statement.text)}, but a list of CPUs has no whitespace.",
        statement.written.label("whitespace in here"),
        effect=refused(statement),
        advice=f"Write {tight}." if tight else "Write the CPUs that are meant.",
        severity=severity(statement),
        fix=Fix(f"write {tight}", (statement.replaced_by(tight),)) if tight else None,
    )
