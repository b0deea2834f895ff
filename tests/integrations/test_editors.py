"""What editors are told to look for, against the lines that they get."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest
from integration_pages import PAGES, blocks, page
from simulated_services import PROJECT

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ERROR_FORMAT = {"%f": "(?P<f>.+?)", "%l": r"(?P<l>\d+)", "%c": r"(?P<c>\d+)", "%m": "(?P<m>.+)"}


@pytest.fixture
def lines(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    """The lines of the documented command in a repository with an error and a warning."""
    (command,) = blocks("editors", "sh")
    program, *arguments = shlex.split(command.text)
    assert program == "wplint"
    monkeypatch.chdir(repository)
    assert main(arguments) == 1
    found = capsys.readouterr().out.splitlines()
    assert {line.split(": ")[1].partition("[")[0] for line in found} >= {"error", "warning"}
    return found


def test_vim_finds_every_line(lines: list[str]) -> None:
    (block,) = blocks("editors", "vim")
    make, formats = (line.partition("=")[2] for line in block.text.splitlines())
    assert make.replace("\\ ", " ") == "wplint lint --output concise"
    patterns = []
    for wanted in formats.replace("\\ ", " ").split(","):
        pattern = re.escape(wanted).replace("%t", "(?P<t>.)")
        for item, group in ERROR_FORMAT.items():
            pattern = pattern.replace(item, group)
        patterns.append(pattern)
    for line in lines:
        (found,) = [match for p in patterns if (match := re.fullmatch(p, line))]
        assert found["t"] in "ewi"
        assert found["f"].endswith(".yaml")
        assert found["m"].startswith("WPL")


def test_visual_studio_code_finds_every_line(lines: list[str]) -> None:
    (block,) = blocks("editors", "json")
    (task,) = json.loads(block.text)["tasks"]
    assert task["command"] == "wplint lint --output concise"
    pattern = task["problemMatcher"]["pattern"]
    for line in lines:
        found = re.search(pattern["regexp"], line)
        assert found is not None, line
        assert found[pattern["file"]].endswith(".yaml")
        assert int(found[pattern["line"]]) > 0
        assert int(found[pattern["column"]]) > 0
        assert found[pattern["severity"]] in {"error", "warning", "info"}
        assert found[pattern["code"]].startswith("WPL")
        assert found[pattern["message"]]


@pytest.mark.parametrize("path", sorted(PAGES.iterdir()), ids=lambda path: path.stem)
def test_links_of_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert (PAGES / target).exists(), target


def test_every_page_is_listed_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    for path in PAGES.iterdir():
        assert f"(docs/integrations/{path.name})" in readme


def test_options_in_pages_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--help"]) == 0
    usage = capsys.readouterr().out
    for path in PAGES.iterdir():
        for option in re.findall(r"wplint lint((?: --[a-z-]+)+)", page(path.stem)):
            assert all(word in usage for word in option.split())
