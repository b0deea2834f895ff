"""Rules as they are named on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.usage import UsageError
from linter.engine.loader import RuleError, select_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.rules import Rule

MOST_NAMED = 6


def words_of(values: Iterable[str]) -> list[str]:
    """Split the values of a repeatable option at their commas."""
    return [word.strip() for value in values for word in value.split(",")]


def one_rule(rules: Sequence[Rule], word: str) -> Rule:
    """Return the rule that a word names: its code, its name, or a beginning of one of them.

    Raises:
        UsageError: It names no rule, or several.

    """
    text = word.strip().lower()
    beginning = [rule for rule in rules if text and rule.name.startswith(text)]
    exact = [rule for rule in beginning if rule.name == text]
    named = exact or beginning
    if not named:
        try:
            named = list(select_rules(rules, [word]))
        except RuleError as error:
            raise UsageError(str(error)) from error
    if len(named) > 1:
        first = ", ".join(rule.code for rule in named[:MOST_NAMED])
        more = ", ..." if len(named) > MOST_NAMED else ""
        raise UsageError(f"'{word}' names {len(named)} rules: {first}{more}; say which")
    return named[0]
