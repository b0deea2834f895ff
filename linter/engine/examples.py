"""The examples of rule pages as tests: writing, running and judging them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.engine.configuration import configuration_for
from linter.engine.gate_settings import configured_gate
from linter.engine.pages import AFTER, BEFORE, Expectation
from linter.engine.run import lint
from linter.model.releases import Release
from linter.sources.deletion import holds_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.findings import Applicability, Finding
    from linter.engine.outcome import Outcome
    from linter.engine.pages import Example, Page
    from linter.engine.rules import Rule
    from linter.topology.machine import Topologies

ABRIDGED = "# …\n"


def write_example(example: Example, folder: str) -> None:
    """Write the files of an example to an empty directory.

    One about a change has its two states in ``before`` and ``after``.
    """
    states = (BEFORE, AFTER) if example.change else ("",)
    for state in states:
        os.makedirs(os.path.join(folder, state), exist_ok=True)
        for file in example.files_of(state) if state else example.files:
            path = os.path.join(folder, state, file.name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as stream:
                stream.write(file.text)


def run_example(example: Example, folder: str, rules: Sequence[Rule]) -> Outcome:
    """Judge the files of an example, which were written to a directory.

    Raises:
        TopologyError: A file that the example gives as a topology is none.

    """
    release = Release.parse(example.release) if example.release else None
    if example.change:
        return _plan(example, folder, rules, release)
    gate = configured_gate(configuration_for(folder), rules)
    return lint([folder], rules, release, topologies=topologies_of(example, folder), gate=gate)


def _plan(example: Example, folder: str, rules: Sequence[Rule], release: Release | None) -> Outcome:
    """Judge the change between the two states of an example."""
    from linter.engine.planning import Targets, plan
    from linter.engine.state_sources import directories

    to = Release.parse(example.to_release) if example.to_release else None
    after = os.path.join(folder, AFTER)
    targets = Targets(release, to, topologies_of(example, after))
    return plan(*directories(os.path.join(folder, BEFORE), after), rules, targets).outcome


def topologies_of(example: Example, folder: str) -> Topologies | None:
    """Read the topologies that an example's options name; None where they name none."""
    if not example.topologies:
        return None
    from linter.topology.given import read_topologies, split_given

    return read_topologies(map(split_given, example.topologies), folder)


def as_expected(item: Finding, folder: str) -> Expectation:
    """Return a finding as a marker would have announced it."""
    place = item.primary.ref.in_file()
    line, _ = place.source.position(place.start)
    name = os.path.relpath(item.primary.ref.file.path, folder).replace(os.sep, "/")
    return Expectation(name.removeprefix(f"{AFTER}/"), line, item.severity.value, item.rule)


def fixes_of(page: Page, outcome: Outcome, applicability: Applicability) -> list[Finding]:
    """Return the findings of a page's rule that offer a fix of this kind."""
    return [
        item
        for item in outcome.findings
        if item.rule == page.code and item.fix and item.fix.applicability is applicability
    ]


def apply_fixes(items: Iterable[Finding]) -> None:
    """Write what the fixes of findings would change.

    Raises:
        ValueError: The spelling of a place forbids its change.

    """
    edits = set()
    for item in items:
        for replacement in item.fix.replacements if item.fix is not None else ():
            edit = replacement.edit()
            if edit is None:
                raise ValueError(f"the spelling in the example forbids: {item.message}")
            edits.add((edit.file.path, edit.start, edit.end, edit.new))
        for file in item.fix.creations if item.fix is not None else ():
            with open(file.path, "w", encoding="utf-8", newline="") as stream:
                stream.write(file.content)
    for path, start, end, new in sorted(edits, reverse=True):
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
        text = text[:start] + new + text[end:]
        with open(path, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
    for path in {path for path, _, _, _ in edits}:
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
        if holds_nothing(text):
            os.unlink(path)


def good_for(bad: Example, page: Page) -> Example | None:
    """Return the Good example of the same heading, or the only one beside an only one."""
    if len(page.bad) == len(page.good) == 1:
        return page.good[0]
    return next((good for good in page.good if good.title == bad.title), None)


def reads_as(text: str, good: str) -> bool:
    """Say whether a file reads as the one of an example, comments aside.

    A line ``# …`` in the example stands for lines that nobody needs to read.
    """
    begin, abridged, end = good.partition(ABRIDGED)
    text = without_comments(text)
    if not abridged:
        return text == without_comments(good)
    return text.startswith(without_comments(begin)) and text.endswith(without_comments(end))


def without_comments(text: str) -> str:
    """Leave out what only the reader of a page sees."""
    text = re.sub(r"(?m)^\s*#.*\n", "", text)
    return re.sub(r"(?m)\s+# .*$", "", text)
