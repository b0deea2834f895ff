"""Lists of CPUs on the kernel command line that the kernel cannot parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.refusals import reason, refused, spelling
from linter.facts.cpus import Grammar
from linter.formats.cpuset import CpuListProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement


@rule("WPL105", severity=ERROR)
def kernel_list_syntax(statement: CpuStatement) -> Iterator[Draft]:
    """A kernel argument's list of CPUs is one that the kernel can parse."""
    error = statement.error
    if error is None or statement.grammar is not Grammar.KERNEL:
        return
    if error.kind is CpuListProblem.TOO_LARGE:
        return
    yield finding(
        f"{statement.where} cannot be parsed: {reason(statement.text, error)}.",
        statement.error_ref.label("at fault"),
        effect=refused(statement),
        advice=spelling(statement),
    )
