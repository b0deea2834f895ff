"""Every rule page is executable: its examples are linted with all rules, and its fix is applied."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linter.engine.findings import Applicability, Finding
from linter.engine.loader import load_rules, tree
from linter.engine.pages import Example, Expectation, Page, page_path, read_page
from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from linter.engine.outcome import Outcome
    from linter.engine.rules import Rule

PAGES = sorted(Path(tree("rules")).glob("*.md"))
every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


@cache
def rules() -> tuple[Rule, ...]:
    return load_rules()


def write(example: Example, folder: Path) -> None:
    for file in example.files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")


def run(example: Example, folder: Path) -> Outcome:
    release = Release.parse(example.release) if example.release else None
    outcome = lint([str(folder)], rules(), release)
    assert outcome.failures == ()
    assert outcome.summary.skipped == ()
    return outcome


def file_name(item: Finding, folder: Path) -> str:
    return Path(item.primary.ref.file.path).relative_to(folder).as_posix()


def as_marked(item: Finding, folder: Path) -> Expectation:
    place = item.primary.ref.in_file()
    line, _ = place.source.position(place.start)
    return Expectation(file_name(item, folder), line, item.severity.value, item.rule)


def fixes_of(page: Page, outcome: Outcome, applicability: Applicability) -> list[Finding]:
    return [
        item
        for item in outcome.findings
        if item.rule == page.code and item.fix and item.fix.applicability is applicability
    ]


def apply(items: list[Finding]) -> None:
    edits = set()
    for item in items:
        assert item.fix is not None
        for replacement in item.fix.replacements:
            edit = replacement.edit()
            assert edit is not None, f"the spelling in the example forbids: {item.fix.description}"
            edits.add((edit.file.path, edit.start, edit.end, edit.new))
    for name, start, end, new in sorted(edits, reverse=True):
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        path.write_text(text[:start] + new + text[end:], encoding="utf-8", newline="")


def without_comments(text: str) -> str:
    """Leave out what only the reader of the page sees."""
    text = re.sub(r"(?m)^\s*#.*\n", "", text)
    return re.sub(r"(?m)\s+# .*$", "", text)


def good_for(bad: Example, page: Page) -> Example | None:
    """Return the Good example of the same heading, or the only one beside an only one."""
    if len(page.bad) == len(page.good) == 1:
        return page.good[0]
    return next((good for good in page.good if good.title == bad.title), None)


def test_there_are_pages() -> None:
    assert PAGES


@every_page
def test_a_page_agrees_with_its_rule(path: Path) -> None:
    page = read_page(str(path))
    rule = next((rule for rule in rules() if page_path(rule) == str(path)), None)
    assert rule is not None, "no rule stands beside this page"
    assert (page.code, page.name, page.severity) == (rule.code, rule.name, rule.severity)
    assert page.bad
    assert page.good
    for heading, text in page.sections.items():
        assert text.strip(), f"the section '{heading}' is empty"


@every_page
def test_bad_gives_exactly_the_marked_findings(path: Path, tmp_path: Path) -> None:
    page = read_page(str(path))
    for number, example in enumerate(page.bad):
        folder = tmp_path / str(number)
        write(example, folder)
        found = sorted(as_marked(item, folder) for item in run(example, folder).findings)
        assert found == sorted(example.expected), f"{path.name}:{example.line} {example.title}"
        assert any(marked.code == page.code for marked in example.expected)


@every_page
def test_good_gives_nothing(path: Path, tmp_path: Path) -> None:
    page = read_page(str(path))
    for number, example in enumerate(page.good):
        folder = tmp_path / str(number)
        write(example, folder)
        found = sorted(as_marked(item, folder) for item in run(example, folder).findings)
        assert found == [], f"{path.name}:{example.line} {example.title}"
        assert example.expected == (), "there are markers in Good"


@every_page
def test_a_page_names_the_fix_that_the_rule_offers(path: Path, tmp_path: Path) -> None:
    page = read_page(str(path))
    offered = set()
    for number, example in enumerate(page.bad):
        folder = tmp_path / str(number)
        write(example, folder)
        outcome = run(example, folder)
        offered |= {a.value for a in Applicability if fixes_of(page, outcome, a)}
    best = "safe" if "safe" in offered else "unsafe" if "unsafe" in offered else "none"
    assert page.fix == best


@every_page
@pytest.mark.parametrize("applicability", list(Applicability), ids=lambda a: a.value)
def test_the_fix_makes_good_of_bad(
    path: Path, tmp_path: Path, applicability: Applicability
) -> None:
    page = read_page(str(path))
    for number, example in enumerate(page.bad):
        folder = tmp_path / str(number)
        write(example, folder)
        before = run(example, folder)
        fixed = fixes_of(page, before, applicability)
        if not fixed:
            continue
        apply(fixed)
        after = run(example, folder)
        rest = {(item.rule, item.message) for item in after.findings}
        assert not rest & {(item.rule, item.message) for item in fixed}
        assert rest <= {(item.rule, item.message) for item in before.findings}, "it breaks others"
        good = good_for(example, page)
        if good is None or applicability is not Applicability.SAFE or rest:
            continue
        for file in good.files:
            text = (folder / file.name).read_text(encoding="utf-8")
            assert without_comments(text) == without_comments(file.text), file.name
