"""Lists of CPUs that are no strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule
from linter.engine.refusals import refused, severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement


@rule("WPL104", severity=ERROR)
def cpuset_type(statement: CpuStatement) -> Iterator[Draft]:
    """A list of CPUs is a string."""
    if not statement.found:
        return
    value = f", {statement.shown}" if statement.text else ""
    # What is written otherwise than it reads, such as the octal 010, may mean another CPU.
    certain = statement.cpus is not None and statement.cpus.text == statement.text
    string = f'"{statement.text}"'
    yield finding(
        f"{statement.where} is {statement.found}{value}, but must be a string.",
        statement.ref.label(statement.found),
        effect=refused(statement),
        advice=f"Write {string}." if certain else "Write the list as a string, in quotes.",
        severity=severity(statement),
        fix=Fix(f"write {string}", (Replacement(statement.ref, string),)) if certain else None,
    )
