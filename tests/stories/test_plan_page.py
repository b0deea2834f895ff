"""The uses that docs/plan.md documents: what is shown there is what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from git_commands import git
from story import Command, File, headings, stories

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "plan.md"
TOLD = [
    "On a pull request",
    "In a freeze window",
    "What does upgrading this fleet to 4.18 change",
    "A node joins a pool",
]
OTHERS = {"What is compared, and how", "In a pipeline"}
STORIES = stories(PAGE, TOLD)

pytestmark = pytest.mark.usefixtures("usual_garbage_collection")


def test_every_use_is_told() -> None:
    assert list(STORIES) == TOLD
    assert set(headings(PAGE)) == set(TOLD) | OTHERS
    for steps in STORIES.values():
        assert any(isinstance(step, Command) and step.words[1] == "plan" for step in steps)


@pytest.mark.parametrize("heading", TOLD)
def test_a_use(
    heading: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for step in STORIES[heading]:
        if isinstance(step, File):
            step.write(tmp_path)
            continue
        program, *arguments = step.words
        if program == "git":
            git(tmp_path, *arguments)
            continue
        assert program == "wplint"
        status = main(arguments)
        out, err = capsys.readouterr()
        assert status == step.status, (step.words, out, err)
        for line in step.printed:
            assert line in out + err, (step.words, out, err)
