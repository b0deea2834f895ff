"""The stories of docs/stories.md are true: what is shown there is what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story import Command, File, stories

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

STORIES = stories()
TOLD = {
    "Enable and configure at installation",
    "Enable at installation, configure later",
    "Assisted installer",
    "Changing the reserved CPUs on day 2",
    "Adding a node",
    "Adding a pool",
}

pytestmark = pytest.mark.usefixtures("usual_garbage_collection")


def run(command: Command, capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, str]:
    """Run a command of the page in a folder; return its exit status and all that it prints."""
    program, *arguments = command.words
    if program == "ls":
        (name,) = arguments
        return 0, "\n".join(sorted(path.name for path in (folder / name).iterdir()))
    assert program == "wplint"
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out + err


def test_every_story_is_told() -> None:
    assert STORIES.keys() == TOLD
    for steps in STORIES.values():
        assert any(isinstance(step, Command) and step.words[1] == "render" for step in steps)
        assert any(isinstance(step, Command) and step.words[1] == "lint" for step in steps)


@pytest.mark.parametrize("heading", STORIES)
def test_a_story(
    heading: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ASSET_INPUT_DIR", "ASSET_OUTPUT_DIR", "OWNER_REF"):
        monkeypatch.delenv(name, raising=False)
    for step in STORIES[heading]:
        if isinstance(step, File):
            step.write(tmp_path)
            continue
        status, printed = run(step, capsys, tmp_path)
        assert status == step.status, (step.words, printed)
        for line in step.printed:
            assert line in printed, (step.words, printed)
        if not step.printed:
            assert printed == "", step.words


def test_a_profile_that_comes_later_changes_nothing_but_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    later = STORIES["Enable at installation, configure later"]
    seen: list[dict[str, bytes]] = []
    for step in later:
        if isinstance(step, File):
            step.write(tmp_path)
        elif step.words[1] == "render":
            run(step, capsys, tmp_path)
            folder = tmp_path / "north/openshift"
            seen.append({path.name: path.read_bytes() for path in folder.iterdir()})
    before, after = seen
    assert before.items() < after.items()
    assert {name.partition("_")[0] for name in after.keys() - before.keys()} == {
        "profile.yaml",
        "single",
    }
