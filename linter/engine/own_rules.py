"""Rules of somebody else: loaded from the folders that a configuration file names, and only then.

They are programs, and run with the rights of whoever runs wplint. A file that cannot be used is a
failure with its place; the other rules run all the same.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from linter.engine.loader import RuleFileError, load_rule, rule_files
from linter.engine.outcome import RuleFailure
from linter.engine.pages import Page, page_path, read_page
from linter.engine.rules import OWN_PREFIX
from linter.sources.candidates import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.rules import Rule


class OwnRules:
    """The rules of some folders, and what is wrong with those that cannot be used."""

    def __init__(self, shipped: Sequence[Rule]) -> None:
        self._shipped = tuple(shipped)
        self._taken = {word for rule in shipped for word in (rule.code, rule.name)}
        self._folders = 0
        self._rules: list[Rule] = []
        self._failures: list[RuleFailure] = []

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those that can be used, by code."""
        return tuple(sorted(self._rules, key=lambda rule: rule.code))

    @property
    def failures(self) -> tuple[RuleFailure, ...]:
        """Files that cannot be used: their place in ``rule``, and why."""
        return tuple(self._failures)

    def load(self, folder: str, root: str | None = None) -> None:
        """Load the rules of a folder.

        Args:
            folder: Its path.
            root: A directory that no link in it may lead out of.

        """
        self._folders += 1
        for path in rule_files(folder):
            if root is not None and not _inside(path, root):
                self._fail(RuleFileError(path, 1, f"it leads out of {shown(root)}"))
                continue
            try:
                with _nothing_written():
                    rule = load_rule(path, f"linter.own_rules_{self._folders}")
                self._check(rule, path)
            except RuleFileError as error:
                self._fail(error)
            else:
                self._rules.append(rule)
                self._taken |= {rule.code, rule.name}

    def settle(self) -> None:
        """Take out the rules that require one which there is not, or each other in a circle."""
        from graphlib import CycleError, TopologicalSorter

        known = {rule.code: rule for rule in (*self._shipped, *self._rules)}
        for rule in self.rules:
            missing = next((code for code in rule.requires if code not in known), None)
            if missing is not None:
                self._drop(rule, f"it requires '{missing}', which is no rule")
        graph = {rule.code: rule.requires for rule in known.values()}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = set(error.args[1])
            for rule in self.rules:
                if rule.code in circle:
                    self._drop(rule, "it requires, by way of others, itself")

    def _check(self, rule: Rule, path: str) -> None:
        line = rule.function.__code__.co_firstlineno
        if rule.ships:
            words = (
                f"codes with {OWN_PREFIX} are wplint's own: take letters of yours, as in ACME101"
            )
            raise RuleFileError(path, line, words)
        for word in (rule.code, rule.name):
            if word in self._taken:
                raise RuleFileError(path, line, f"there is a rule '{word}' already")
        check_head(rule, read_page(page_path(rule)))

    def _drop(self, rule: Rule, words: str) -> None:
        code = rule.function.__code__
        self._rules.remove(rule)
        self._fail(RuleFileError(code.co_filename, code.co_firstlineno, words))

    def _fail(self, error: RuleFileError) -> None:
        self._failures.append(RuleFailure(f"{shown(error.path)}:{error.line}", "", error.message))


def check_head(rule: Rule, page: Page) -> None:
    """Hold the head of a rule's page against the rule; raises RuleFileError where they differ."""
    for what, said, known in (
        ("code", page.code, rule.code),
        ("name", page.name, rule.name),
        ("severity", page.severity.value, rule.severity.value),
    ):
        if said != known:
            raise RuleFileError(page.path, 2, f"its {what} is '{said}', but the rule's '{known}'")


@contextmanager
def _nothing_written() -> Iterator[None]:
    """Keep Python from leaving its bytecode in somebody else's folder."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _inside(path: str, root: str) -> bool:
    real = os.path.realpath(path)
    return os.path.commonpath((real, root)) == root
