"""``wplint rules --test``: run the examples of somebody's own rules."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.streams import StandardOutput
from linter.cli.usage import UsageError
from linter.engine.loader import RuleError, load_rules
from linter.engine.own_rules import OwnRules
from linter.engine.page_tests import problems_of
from linter.engine.pages import page_path, read_page
from linter.report.styled import paragraph
from linter.report.terminal import width_of, write
from linter.report.visible import prose, shortened
from linter.sources.candidates import printable, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.rules import Rule
    from linter.report.styled import Line

FAILED = 1
BROKEN = 2


def run_examples(folders: Sequence[str]) -> int:
    """Run the examples of the rules in some folders, and print for each whether they hold.

    Returns:
        0 where all do, 1 where some do not, 2 where a rule cannot be used at all.

    Raises:
        UsageError: A folder is none, or has no rule.

    """
    shipped = load_rules()
    own = OwnRules(shipped)
    for folder in folders:
        if not os.path.isdir(folder):
            raise UsageError(f"--test: '{printable(folder)}' is no directory")
        own.load(folder)
    own.settle()
    if not own.rules and not own.failures:
        raise UsageError(f"--test: there is no rule in {', '.join(map(printable, folders))}")
    failed = 0
    with StandardOutput() as stream:
        width = width_of(stream)
        for failure in own.failures:
            write(_failure("broken", failure.rule, [failure.error], width), stream)
        for rule in own.rules:
            lines, holds = _tested(rule, (*shipped, *own.rules), width)
            failed += not holds
            write(lines, stream)
        total = len(own.rules) + len(own.failures)
        words = f"{total} rule{'s' * (total > 1)}: {len(own.rules) - failed} hold, {failed} fail"
        if own.failures:
            words += f", {len(own.failures)} cannot be used"
        good = not failed and not own.failures
        write([((words + ".", "good" if good else "error"),)], stream)
    return BROKEN if own.failures else FAILED if failed else 0


def _tested(rule: Rule, others: Sequence[Rule], width: int) -> tuple[list[Line], bool]:
    """Run the examples of one rule; return what to print, and whether they hold."""
    path = page_path(rule)
    name = f"{rule.code} {rule.name}"
    try:
        page = read_page(path)
    except RuleError as error:  # it was read when the rule was loaded, and has changed since
        return _failure("fails", name, [str(error)], width), False
    problems = problems_of(page, rule, others)
    if problems:
        words = [f"{shown(path)}:{problem.line}: {problem.message}" for problem in problems]
        return _failure("fails", name, words, width), False
    counted = f"{len(page.bad)} bad, {len(page.good)} good"
    return [(("holds   ", "good"), (name, "message"), (f"  {counted}", "context"))], True


def _failure(verdict: str, name: str, problems: Sequence[str], width: int) -> list[Line]:
    lines: list[Line] = [((f"{verdict:<8}", "error"), (prose(name), "message"))]
    for words in problems:
        lines += paragraph((("        ", ""),), shortened(prose(words)), "note", width, hang=10)
    return lines
