"""Suppressions of rules that there are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.review import UnknownRule


@rule("WPL012", severity=WARNING)
def suppression_of_unknown_rule(unknown_rule: UnknownRule) -> Iterator[Draft]:
    """A suppression names a rule that there is."""
    meant = f"Did you mean {unknown_rule.nearest}? " if unknown_rule.nearest else ""
    yield finding(
        f"There is no rule '{unknown_rule.ref.text}' to suppress.",
        unknown_rule.ref.label("no rule"),
        effect="It suppresses nothing.",
        advice=f"{meant}Write the whole code or name of a rule; 'wplint rules' lists them.",
    )
