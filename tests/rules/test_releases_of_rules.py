"""The releases that a page names are those in which its Bad examples give the rule's finding.

They are looked at where something changes: at both ends of what the page names and just beyond.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linter.engine.examples import run_example, write_example
from linter.engine.injection import kind_of
from linter.engine.loader import load_rules, tree
from linter.engine.pages import read_page
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, ReleaseSpan
from linter.records import replace

if TYPE_CHECKING:
    from linter.engine.pages import Example
    from linter.engine.rules import Rule

PAGES = sorted(Path(tree("rules")).glob("*.md"))


@cache
def rules() -> dict[str, Rule]:
    return {rule.code: rule for rule in load_rules()}


def edges(span: ReleaseSpan) -> list[int]:
    since, until = span.since or OLDEST_MINOR, span.until or NEWEST_MINOR
    near = {OLDEST_MINOR, since - 1, since, until, until + 1, NEWEST_MINOR}
    return sorted(minor for minor in near if OLDEST_MINOR <= minor <= NEWEST_MINOR)


def speaks(code: str, example: Example, folder: str, minor: int) -> bool:
    """Say whether a rule finds something in an example in one release, whatever it names."""
    rule = rules()[code]
    needed = [rule, *(rules()[one] for one in rule.requires)]
    if kind_of(rule.wants).of_run:  # about what the others found, and what they did not
        needed = list(rules().values())
    outcome = run_example(replace(example, release=f"4.{minor}"), folder, needed)
    return any(item.rule == code for item in outcome.findings)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_names_the_releases_of_its_findings(path: Path, tmp_path: Path) -> None:
    page = read_page(str(path))
    span = ReleaseSpan.parse(page.releases)
    folders = []
    for number, example in enumerate(page.bad):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_example(example, str(folder))
        folders.append((example, str(folder)))
    for minor in edges(span):
        found = any(speaks(page.code, example, folder, minor) for example, folder in folders)
        assert found is (minor in span), f"in 4.{minor}"
