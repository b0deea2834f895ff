"""The rules that ship, loaded when somebody first looks at one.

Most runs need none of them: a file that has nothing to do with the matter is left out by a search
for words, and a run in which nothing changed is recalled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.engine.rules import Rule


class ShippedRules(Sequence["Rule"]):
    """All rules that ship, or all of a kind, by code.

    Args:
        load: Returns them.

    """

    def __init__(self, load: Callable[[], tuple[Rule, ...]]) -> None:
        self._load = load
        self._rules: tuple[Rule, ...] | None = None

    @property
    def _loaded(self) -> tuple[Rule, ...]:
        if self._rules is None:
            self._rules = self._load()
        return self._rules

    @overload
    def __getitem__(self, index: int) -> Rule: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, index: int | slice) -> Rule | tuple[Rule, ...]:
        return self._loaded[index]

    def __len__(self) -> int:
        return len(self._loaded)


def _load() -> tuple[Rule, ...]:
    from linter.engine.loader import load_rules

    return load_rules()


SHIPPED = ShippedRules(_load)
"""Every rule that ships."""

_ABOUT_MANIFESTS = ShippedRules(lambda: tuple(rule for rule in SHIPPED if not rule.about_change))


def about_manifests(rules: Sequence[Rule]) -> Sequence[Rule]:
    """Return the rules that judge manifests by themselves, and not a change of them."""
    if rules is SHIPPED:
        return _ABOUT_MANIFESTS
    return tuple(rule for rule in rules if not rule.about_change)


def all_ship(rules: Sequence[Rule]) -> bool:
    """Say whether rules are wplint's own, of which it is known what they look at."""
    return isinstance(rules, ShippedRules) or all(rule.ships for rule in rules)


def words_for(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return what tells some rules from others of the same program."""
    return ("*",) if isinstance(rules, ShippedRules) else tuple(rule.code for rule in rules)
