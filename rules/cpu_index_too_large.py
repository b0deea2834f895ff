"""CPU numbers that no machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.refusals import refused, severity
from linter.facts.cpus import Grammar
from linter.formats.cpuset import LARGEST_CPU, CpuListProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement

_MISSING = (
    "No machine has such a CPU: a kubelet that reserves it does not start, nor do pods on it."
)


@rule("WPL107", severity=ERROR)
def cpu_index_too_large(statement: CpuStatement) -> Iterator[Draft]:
    """A CPU number is one that a machine can have."""
    error = statement.error
    if error is None or statement.found or error.kind is not CpuListProblem.TOO_LARGE:
        return
    yield finding(
        f"In {statement.where}, {error.message}.",
        statement.error_ref.label("too large"),
        effect=_MISSING if statement.grammar is Grammar.KUBERNETES else refused(statement),
        advice=f"Name CPUs of the machine; Linux knows 0 to {LARGEST_CPU}.",
        severity=severity(statement),
    )
