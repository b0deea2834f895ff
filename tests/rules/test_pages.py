"""Every rule page is executable: its examples are linted with all rules, and its fix is applied."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.engine.examples import (
    ABRIDGED,
    apply_fixes,
    as_expected,
    fixes_of,
    good_for,
    run_example,
    topologies_of,
    write_example,
)
from linter.engine.findings import Applicability, Severity
from linter.engine.loader import tree
from linter.engine.pages import page_path, read_page
from linter.fix import FixOptions, fix_tree
from linter.model.releases import Release
from linter.records import replace

if TYPE_CHECKING:
    from linter.engine.outcome import Outcome
    from linter.engine.pages import Example, Page

PASTE = re.compile(r"[\w./-]+\"?(?:: |=)\S|\[[\w.]+\]|\bwplint [a-z]+")
"""What can be pasted: a key or an argument with its value, a table, or a command."""

_NEVER_INVENTED = "CPUs are never invented"
_WHICH = "which of several is meant is a decision"
_GONE = "something is taken out, and nothing put in its place"
_ELSEWHERE = "what should stand there is in no manifest"
_CHANGE = "a change is taken back, or made in other steps"

NOTHING_TO_PASTE = {
    **dict.fromkeys(
        ("WPL107", "WPL201", "WPL215", "WPL232", "WPL233", "WPL234", "WPL235", "WPL307"),
        _NEVER_INVENTED,
    ),
    **dict.fromkeys(
        (
            "WPL003", "WPL322", "WPL503", "WPL504", "WPL509", "WPL602", "WPL603", "WPL606",
            "WPL608", "WPL705", "WPL807", "WPL808", "WPL809",
        ),
        _WHICH,
    ),
    **dict.fromkeys(("WPL013", "WPL217", "WPL609", "WPL612", "WPL805"), _GONE),
    **dict.fromkeys(
        (
            "WPL001", "WPL002", "WPL011", "WPL104", "WPL110", "WPL111", "WPL209", "WPL212",
            "WPL213", "WPL236", "WPL321", "WPL404", "WPL407", "WPL415", "WPL611", "WPL806",
        ),
        _ELSEWHERE,
    ),
    **dict.fromkeys((f"WPL{number}" for number in range(850, 870)), _CHANGE),
}  # fmt: skip
"""Why the advice of a rule without a repair has no text to paste in some example."""

PAGES = sorted(Path(tree("rules")).glob("*.md"))
every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


@cache
def page_at(path: Path) -> Page:
    return read_page(str(path))


def every_page_with(*fixes: str) -> pytest.MarkDecorator:
    """Take the pages that name such a fix, which another test holds to what their rules offer."""
    pages = [path for path in PAGES if page_at(path).fix in fixes]
    return pytest.mark.parametrize("path", pages, ids=lambda path: path.stem)


def run(example: Example, folder: Path) -> Outcome:
    outcome = run_example(example, str(folder), rules())
    assert outcome.failures == ()
    assert outcome.summary.skipped == ()
    return outcome


def written(example: Example, folder: Path) -> Path:
    folder.mkdir()
    write_example(example, str(folder))
    return folder


def test_there_are_pages() -> None:
    assert PAGES


@every_page
def test_a_page_agrees_with_its_rule(path: Path) -> None:
    page = page_at(path)
    rule = next((rule for rule in rules() if page_path(rule) == str(path)), None)
    assert rule is not None, "no rule stands beside this page"
    assert (page.code, page.name, page.severity) == (rule.code, rule.name, rule.severity)
    assert page.bad
    assert page.good
    for heading, text in page.sections.items():
        assert text.strip(), f"the section '{heading}' is empty"


@every_page
def test_bad_gives_exactly_the_marked_findings_and_the_named_fix(
    path: Path, tmp_path: Path
) -> None:
    page = page_at(path)
    offered = set()
    silent: list[str] = []
    for number, example in enumerate(page.bad):
        folder = written(example, tmp_path / str(number))
        outcome = run(example, folder)
        found = sorted(as_expected(item, str(folder)) for item in outcome.findings)
        assert found == sorted(example.expected), f"{path.name}:{example.line} {example.title}"
        silent += [
            item.advice
            for item in outcome.findings
            if item.rule == page.code and item.fix is None and not PASTE.search(item.advice)
        ]
        assert any(marked.code == page.code for marked in example.expected)
        offered |= {a.value for a in Applicability if fixes_of(page, outcome, a)}
    best = "safe" if "safe" in offered else "unsafe" if "unsafe" in offered else "none"
    assert page.fix == best
    if not page.code.startswith("WPL85") and not page.code.startswith("WPL86"):
        assert bool(silent) == (page.code in NOTHING_TO_PASTE), silent


@every_page
def test_good_gives_nothing(path: Path, tmp_path: Path) -> None:
    page = page_at(path)
    for number, example in enumerate(page.good):
        folder = written(example, tmp_path / str(number))
        found = sorted(as_expected(item, str(folder)) for item in run(example, folder).findings)
        assert found == [], f"{path.name}:{example.line} {example.title}"
        assert example.expected == (), "there are markers in Good"


@every_page_with("safe", "unsafe")
def test_the_unsafe_fix_takes_its_finding_away(path: Path, tmp_path: Path) -> None:
    page = page_at(path)
    for number, example in enumerate(page.bad):
        folder = written(example, tmp_path / str(number))
        before = run(example, folder)
        fixed = fixes_of(page, before, Applicability.UNSAFE)
        if not fixed:
            continue
        apply_fixes(fixed)
        after = run(example, folder)
        rest = {
            (item.rule, item.message)
            for item in after.findings
            if item.severity is not Severity.INFO
        }
        assert not rest & {(item.rule, item.message) for item in fixed}
        new = rest - {(item.rule, item.message) for item in before.findings}
        repaired = {(item.rule, item.message) for item in after.findings if item.fix is not None}
        hidden = {rule.code for rule in rules() if page.code in rule.requires}
        new = {one for one in new if one[0] not in hidden}
        assert new <= repaired, "it breaks others, and no further repair follows"


@every_page
def test_the_unsafe_fix_makes_good_of_bad_byte_by_byte(path: Path, tmp_path: Path) -> None:
    page = read_page(str(path))
    compared = 0
    for number, example in enumerate(page.bad):
        folder = written(example, tmp_path / str(number))
        good = good_for(example, page)
        if good is None or not fixes_of(page, run(example, folder), Applicability.UNSAFE):
            continue
        release = Release.parse(example.release) if example.release else None
        options = FixOptions(unsafe=True, topologies=topologies_of(example, str(folder)))
        outcome = fix_tree([str(folder)], rules(), release, options)
        assert outcome.refusal == ""
        compared += 1
        assert {
            file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
            for file in folder.rglob("*.*")
        } == {file.name: file.text for file in good.files}
    assert compared or page.fix != "unsafe", "no example shows what the unsafe fix makes of it"


@every_page_with("safe")
def test_the_safe_fix_makes_good_of_bad_byte_by_byte(path: Path, tmp_path: Path) -> None:
    page = page_at(path)
    compared = 0
    for number, example in enumerate(page.bad):
        folder = written(example, tmp_path / str(number))
        if not fixes_of(page, run(example, folder), Applicability.SAFE):
            continue
        release = Release.parse(example.release) if example.release else None
        options = FixOptions(topologies=topologies_of(example, str(folder)))
        outcome = fix_tree([str(folder)], rules(), release, options)
        assert outcome.refusal == ""
        assert fixes_of(page, outcome.after, Applicability.SAFE) == [], "its own fix is not made"
        good = good_for(example, page)
        if good is None:
            continue
        if fixes_of(page, outcome.after, Applicability.UNSAFE):  # Good shows both
            fix_tree([str(folder)], rules(), release, replace(options, unsafe=True))
        compared += 1
        names = {file.relative_to(folder).as_posix() for file in folder.rglob("*.*")}
        assert names == {file.name for file in good.files}
        for file in good.files:
            text = (folder / file.name).read_text(encoding="utf-8")
            if ABRIDGED in file.text:
                begin, _, end = file.text.partition(ABRIDGED)
                assert text.startswith(begin)
                assert text.endswith(end)
            else:
                assert text == file.text, file.name
    assert compared, "no example shows what the safe fix makes of it"
