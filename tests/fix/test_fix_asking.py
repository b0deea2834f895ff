"""Asking: each repair is shown, decided on, and nobody is asked the same twice."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from builders import pinning, profile, rules
from fix_samples import RESERVED, cluster, crio, machine_config, read, rule_that, setting
from fix_samples import write as write_files

from linter.fix import FixOptions, fix_tree
from linter.fix.asking import TerminalAsker, can_ask
from linter.model.releases import Release

if TYPE_CHECKING:
    from pathlib import Path

    from linter.fix import FixOutcome

RULES = [
    rule_that(setting("spec.cpu.reserved", "0"), "WPL901", "one"),
    rule_that(setting("spec.cpu.isolated", "2-6"), "WPL902", "two"),
]


def asked(tmp_path: Path, answers: str) -> tuple[FixOutcome, str]:
    files = {f"{x}.yaml": profile("0-1", "2-7", name=x, selector=f'a/{x}: ""') for x in "ab"}
    root = write_files(tmp_path, files)
    screen = StringIO()
    options = FixOptions(asker=TerminalAsker(StringIO(answers), screen))
    return fix_tree([root], RULES, None, options), screen.getvalue()


@pytest.mark.parametrize(
    ("answers", "fixed", "asked_for"),
    [
        ("y\nn\ny\nn\n", ["WPL901", "WPL901"], 4),
        ("YES\nno\n\nmaybe\ny\nn\n", ["WPL901", "WPL901"], 6),
        ("a\nn\nn\n", ["WPL901", "WPL901"], 3),
        ("a\na\n", ["WPL901", "WPL902", "WPL901", "WPL902"], 2),
        ("y\nq\n", ["WPL901"], 2),
        ("y\n", ["WPL901"], 2),
        ("", [], 1),
        ("n\n" * 4, [], 4),
    ],
)
def test_answers_are_heeded(tmp_path: Path, answers: str, fixed: list[str], asked_for: int) -> None:
    outcome, screen = asked(tmp_path, answers)
    assert [item.finding.rule for item in outcome.fixed] == fixed
    assert screen.count("Apply it?") == asked_for
    assert outcome.written is bool(fixed)
    reasons = {left.reason for left in outcome.left}
    assert reasons <= {"it was declined", "the questions were ended before it"}
    assert len(outcome.left) == 4 - len(fixed)


def test_what_would_change_is_shown_decoded(tmp_path: Path) -> None:
    files = cluster()
    files["openshift/50-performance-edge.yaml"] = machine_config(crio(infra="0-1"))
    root = write_files(tmp_path, files)
    screen = StringIO()
    options = FixOptions(asker=TerminalAsker(StringIO("n\n"), screen))
    fix_tree([root], rules(), Release.parse("4.16"), options)
    assert f'# +infra_ctr_cpuset = "{RESERVED}"\n' in screen.getvalue()
    assert "error[WPL305]" in screen.getvalue()


def test_a_question_settles_what_nothing_else_does(tmp_path: Path) -> None:
    files = cluster()
    del files["manifests/profile.yaml"], files["openshift/tuned.yaml"]
    files["openshift/50-performance-edge.yaml"] = machine_config(pinning_text=pinning("0-1"))
    root = write_files(tmp_path, files)
    options = FixOptions(asker=TerminalAsker(StringIO("y\n"), StringIO()))
    assert fix_tree([root], rules(), Release.parse("4.16"), options).written
    config = read(tmp_path)["openshift/50-performance-edge.yaml"].decode()
    assert config == machine_config()


def test_only_a_terminal_is_asked() -> None:
    assert not can_ask(StringIO(), StringIO())
    assert not can_ask(None, None)
