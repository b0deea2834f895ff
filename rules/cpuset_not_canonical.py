"""Lists of CPUs that are right, but written otherwise than programs write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, Fix, finding, rule
from linter.facts.cpus import Grammar
from linter.formats.cpuset import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement


@rule("WPL103", severity=INFO)
def cpuset_not_canonical(statement: CpuStatement) -> Iterator[Draft]:
    """A list of CPUs is written as Kubernetes prints it."""
    if statement.grammar is not Grammar.KUBERNETES or statement.cpus is None or statement.found:
        return
    text = statement.cpus.text
    if statement.text == text:
        return
    yield finding(
        f"{statement.where} is {quoted(statement.text)}, which Kubernetes prints as {text}.",
        statement.written.label("the same CPUs in other words"),
        effect="The node sees no difference; a comparison of texts, such as a diff against what "
        "the operator generates, does.",
        advice=f"Write {text}.",
        fix=Fix(f"write {text}", (statement.replaced_by(text),)),
    )
