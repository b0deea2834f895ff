"""The rules that ship, loaded when there is something for them to judge.

Most runs need none of them: a file that has nothing to do with the matter is left out by a search
for words, and a run in which nothing changed is recalled. Hardly any of the others has an object of
each kind, so the module of a rule is not loaded before it is first called. What has to be known of
it until then stands in ``rules/_index.py``, of which :func:`index_text` is the text. A test holds
that against the rules, and a rule that is not as it says there is an error.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, overload

from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linter.engine.rules import Check, Rule

    Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]

_INDEX = "_index.py"


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


def row_of(rule: Rule) -> Row:
    """Return what the index has of a rule: code, module, severity, parameters and causes."""
    module = rule.name.replace("-", "_")
    return (rule.code, module, rule.severity.value, rule.wants, rule.requires)


def index_text(rules: Iterable[Rule]) -> str:
    """Return the text of the index of some rules."""
    lines = [
        '"""What each rule asks for, so that it is loaded only where that is there.',
        "",
        "Written by tests/packaging/readme.py.",
        '"""',
        "",
        "# ruff: noqa: E501",
        "# fmt: off",
        "RULES = (",
        *(f"    {row_of(rule)!r}," for rule in rules),
        ")",
    ]
    return "\n".join(lines).replace("'", '"') + "\n"


def _load() -> tuple[Rule, ...]:
    from linter.engine.findings import Severity
    from linter.engine.loader import load_rules, rule_files
    from linter.engine.rules import PACKAGE, Deferred, Rule

    folder = tree("rules")
    index = ModuleType(f"{PACKAGE}.{_INDEX}")
    SourceFileLoader(index.__name__, os.path.join(folder, _INDEX)).exec_module(index)
    rows: tuple[Row, ...] = index.RULES
    if {os.path.join(folder, f"{row[1]}.py") for row in rows} != set(rule_files(folder)):
        return load_rules()  # a rule is being written
    return tuple(
        Rule(
            row[0], row[1].replace("_", "-"), Severity(row[2]),
            Deferred(partial(_check_of, row), row[3]), row[4],
        )
        for row in rows
    )  # fmt: skip


def _check_of(row: Row) -> Check:
    """Load the check of a rule.

    Raises:
        RuleFileError: It is not what the index says of it.

    """
    from linter.engine.loader import RuleFileError, load_rule
    from linter.engine.rules import PACKAGE

    path = os.path.join(tree("rules"), f"{row[1]}.py")
    rule = load_rule(path, PACKAGE)
    if row_of(rule) != row:
        raise RuleFileError(path, 1, f"{_INDEX} says otherwise of it, and has to be written anew")
    return rule.check


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
