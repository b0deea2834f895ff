"""docs/adopting.md: its examples are linted, and its commands run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import cluster

from linter.engine.baseline import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Run

PAGE = (Path(__file__).parents[2] / "docs" / "adopting.md").read_text("utf-8")
FILES = dict(re.findall(r'^```[a-z]+ title="([^"]+)"\n(.*?)^```', PAGE, re.DOTALL | re.MULTILINE))
COMMANDS = re.findall(r"^\$ wplint (.*)$", PAGE, re.MULTILINE)


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the page, with a .git beside them."""
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_suppress_what_they_say(run: Callable[..., Run], shown: Path) -> None:
    done = run("lint", "--output", "json", "--ignore", "WPL5,WPL4")
    report = json.loads(done.out)
    assert report["findings"] == []
    counts = report["summary"]["suppressed"]
    assert (counts["comment"], counts["annotation"]) == (2, 2)
    for name, text in FILES.items():
        if name.endswith(".yaml"):
            bare = re.sub(r" *# wplint:.*|(?m:^  annotations:\n.*\n.*\n.*\n)", "", text)
            (shown / name).write_text(bare)
    done = run("lint", "--output", "json", "--ignore", "WPL5,WPL4")
    assert len(json.loads(done.out)["findings"]) == 4


def test_the_commands_do_what_they_say(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cluster(tmp_path / "north", pinned="0-1,20-24")
    update, lint = COMMANDS
    assert run(*shlex.split(lint)).status == 2
    assert run(*shlex.split(update)).status == 0
    assert run(*shlex.split(lint)).status == 0
    assert run("lint", "--baseline", "/dev/null").status == 1


def test_the_line_that_is_shown_is_one_of_a_baseline() -> None:
    (line,) = re.findall(r'^\{"rule": .*\}$', PAGE, re.MULTILINE)
    assert Entry(ref=None, **json.loads(line)).line() == line


def test_every_code_of_the_table_is_a_rule(run: Callable[..., Run]) -> None:
    listed = re.findall(r"^\| (WPL\d+) \|", PAGE, re.MULTILINE)
    assert len(listed) == 4
    for code in listed:
        assert run("explain", code).status == 0
