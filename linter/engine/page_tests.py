"""A rule page as a test: its examples, run and held against what they announce."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from linter.engine.examples import (
    apply_fixes,
    as_expected,
    fixes_of,
    good_for,
    reads_as,
    run_example,
    write_example,
)
from linter.engine.findings import Applicability
from linter.records import dataclass
from linter.topology.machine import TopologyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.outcome import Outcome
    from linter.engine.pages import Example, Page
    from linter.engine.rules import Rule


@dataclass(frozen=True, slots=True)
class PageProblem:
    """What is otherwise than a page says, and the line of the page that says it."""

    line: int
    message: str


def problems_of(page: Page, rule: Rule, shipped: Sequence[Rule]) -> list[PageProblem]:
    """Run the examples of a page and return what is otherwise than it says.

    Args:
        page: The page of the rule.
        rule: The rule; it runs alone, but for those that it requires and those of which an
            example announces a finding.
        shipped: The other rules that there are.

    """
    problems = [
        PageProblem(1, f"the section '{heading}' is empty")
        for heading, text in page.sections.items()
        if not text.strip()
    ]
    offered: set[Applicability] = set()
    for heading, examples in (("Bad", page.bad), ("Good", page.good)):
        if not examples:
            problems.append(PageProblem(1, f"there is no example in '{heading}'"))
        for example in examples:
            test = _Test(page, example, heading, _needed(rule, example, shipped))
            problems.extend(test.run())
            offered |= test.offered
    best = min(offered, key=list(Applicability).index).value if offered else "none"
    if page.fix != best:
        problems.append(PageProblem(2, f"the head says 'fix: {page.fix}', but it is '{best}'"))
    return problems


def _needed(rule: Rule, example: Example, shipped: Sequence[Rule]) -> list[Rule]:
    wanted = {one.code for one in example.expected} | set(rule.requires)
    return [rule, *(one for one in shipped if one.code in wanted and one.code != rule.code)]


class _Test:
    """One example of a page; ``offered`` are the fixes that its findings offered."""

    def __init__(self, page: Page, example: Example, heading: str, rules: list[Rule]) -> None:
        self._page = page
        self._example = example
        self._heading = heading
        self._rules = rules
        self.offered: set[Applicability] = set()

    def run(self) -> Iterator[PageProblem]:
        """Yield what is wrong."""
        with TemporaryDirectory() as folder:
            write_example(self._example, folder)
            try:
                outcome = run_example(self._example, folder, self._rules)
            except (TopologyError, ValueError) as error:
                yield self._problem(str(error))
                return
            yield from self._broken(outcome)
            yield from self._unexpected(outcome, folder)
            if self._heading == "Bad":
                yield from self._repaired(outcome, folder)

    def _problem(self, message: str) -> PageProblem:
        title = f" '{self._example.title}'" if self._example.title else ""
        return PageProblem(self._example.line, f"{self._heading}{title}: {message}")

    def _broken(self, outcome: Outcome) -> Iterator[PageProblem]:
        for failure in outcome.failures:
            yield self._problem(f"the rule {failure.rule} broke: {failure.error}")
        for skip in outcome.summary.skipped:
            yield self._problem(f"{skip.name} was not read: {skip.reason}")

    def _unexpected(self, outcome: Outcome, folder: str) -> Iterator[PageProblem]:
        """Compare findings and markers."""
        messages = {as_expected(item, folder): item.message for item in outcome.findings}
        found = sorted(as_expected(item, folder) for item in outcome.findings)
        expected = list(self._example.expected)
        if self._heading == "Bad" and all(one.code != self._page.code for one in expected):
            yield self._problem(f"no line is marked with {self._page.code}")
        if self._heading == "Good" and expected:
            yield self._problem("a good example has no markers")
        for one in expected:
            if one in found:
                found.remove(one)
            else:
                place = f"{one.file}:{one.line}"
                yield self._problem(f"{place}: {one.severity}[{one.code}] is marked and not found")
        for one in found:
            place = f"{one.file}:{one.line}"
            what = f"{one.severity}[{one.code}] is found and not marked: {messages[one]}"
            yield self._problem(f"{place}: {what}")

    def _repaired(self, outcome: Outcome, folder: str) -> Iterator[PageProblem]:
        """Apply the fixes: they must take the findings away, and a safe one must give the Good."""
        for applicability in Applicability:
            items = fixes_of(self._page, outcome, applicability)
            if not items:
                continue
            self.offered.add(applicability)
            try:
                apply_fixes(items)
            except ValueError as error:
                yield self._problem(str(error))
                return
            after = run_example(self._example, folder, self._rules)
            if {item.message for item in fixes_of(self._page, after, applicability)} & {
                item.message for item in items
            }:
                yield self._problem("the fix does not take the finding away")
            good = good_for(self._example, self._page)
            if applicability is Applicability.SAFE and good is not None and not after.findings:
                yield from self._compared(good, folder)

    def _compared(self, good: Example, folder: str) -> Iterator[PageProblem]:
        for file in good.files:
            path = os.path.join(folder, file.name)
            text = ""
            if os.path.isfile(path):
                with open(path, encoding="utf-8", newline="") as stream:
                    text = stream.read()
            if not reads_as(text, file.text):
                yield self._problem(f"the fix makes another {file.name} than the good example has")
