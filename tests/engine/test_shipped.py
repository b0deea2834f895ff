"""The rules that ship are known by an index, and loaded when they have something to judge."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from builders import profile

import linter.engine.shipped as shipped_module
from linter.engine.judging import Judge
from linter.engine.loader import RuleFileError, load_rules
from linter.engine.rules import PACKAGE, Deferred
from linter.engine.run import lint
from linter.engine.shipped import index_text, row_of
from linter.report import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.rules import Rule

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the rules that is taken for those that ship."""
    copy = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", copy, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
    return copy


def test_what_the_index_says_is_what_the_rules_say(folder: Path) -> None:
    assert list(map(row_of, shipped_module._load())) == list(map(row_of, load_rules()))
    assert (folder / "_index.py").read_text("utf-8") == index_text(load_rules())


def test_a_rule_is_loaded_when_it_is_looked_at() -> None:
    rule = next(one for one in shipped_module._load() if one.code == "WPL102")
    assert isinstance(rule.check, Deferred)
    sys.modules.pop(f"{PACKAGE}.cpuset_whitespace", None)
    assert rule.wants == ("statement",)
    assert f"{PACKAGE}.cpuset_whitespace" not in sys.modules
    assert rule.summary == "A list of CPUs has no spaces and no line breaks in it."
    assert f"{PACKAGE}.cpuset_whitespace" in sys.modules


def test_while_a_rule_is_written_all_are_loaded(folder: Path) -> None:
    (folder / "cpuset_whitespace.py").unlink()
    with mock.patch.object(shipped_module, "tree", return_value=str(folder)):
        rules = shipped_module._load()
    assert not any(isinstance(rule.check, Deferred) for rule in rules)


@pytest.fixture
def odd_rules(folder: Path) -> Iterator[tuple[Rule, ...]]:
    """Return the rules that ship, of which WPL102 is not as the index says."""
    path = folder / "cpuset_whitespace.py"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("severity=ERROR)", 'severity=ERROR, requires=("WPL101",))'), "utf-8"
    )
    with mock.patch.object(shipped_module, "tree", return_value=str(folder)):
        yield shipped_module._load()


def test_a_rule_that_is_not_as_the_index_says_is_refused(odd_rules: tuple[Rule, ...]) -> None:
    rule = next(one for one in odd_rules if one.code == "WPL102")
    with pytest.raises(RuleFileError, match=r"_index\.py says otherwise"):
        rule.load()


def test_a_rule_that_is_refused_is_a_rule_that_broke(
    odd_rules: tuple[Rule, ...], tree: Callable[[Mapping[str, str]], str]
) -> None:
    folder = tree({"a.yaml": profile("0-1", "1-7")})
    outcome = lint([folder], odd_rules)
    (failure,) = outcome.failures
    assert failure.rule == "WPL102"
    assert "_index.py says otherwise" in failure.error
    assert failure.error.endswith("rules/cpuset_whitespace.py:1)")
    assert "WPL202" in {item.rule for item in outcome.findings}
    assert '"WPL102"' in render("sarif", outcome, 100)
    Judge(odd_rules).load()
