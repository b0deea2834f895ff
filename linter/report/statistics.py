"""How often each rule found something, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.report.counts import by_rule
from linter.report.repository import sentence
from linter.report.styled import EMPTY

if TYPE_CHECKING:
    from linter.engine.outcome import Outcome
    from linter.report.styled import Line


def lines(outcome: Outcome) -> list[Line]:
    """Return a line for each rule with findings: the count, the code and the name."""
    listed = by_rule(outcome)
    if not listed:
        return []
    digits = max(
        (len(str(count)) for count, _, _ in listed),
    )
    return [
        EMPTY,
        (("Findings by rule:", "message"),),
        *(
            ((f"  {count:>{digits}}  ", "note"), (sentence(f"{code}  {name}"), "context"))
            for count, code, name in listed
        ),
    ]
