"""README shows what is true: its commands, their output, its tables and its numbers."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml
from readme import INDEX, README, index, refreshed, shell_blocks
from wheel_contents import PROJECT

from linter.cli import main
from linter.cli.app import app
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR
from linter.report import FORMATS

TEXT = README.read_text("utf-8")


def test_tables_and_outputs_are_those_of_today() -> None:
    """If not: ``python tests/packaging/readme.py`` writes them anew."""
    assert refreshed(TEXT) == TEXT


def test_the_index_of_the_rules_is_that_of_today() -> None:
    """If not: ``python tests/packaging/readme.py`` writes it anew."""
    assert INDEX.read_text("utf-8") == index()


def test_the_main_job_finds_the_wrong_digit() -> None:
    shown = TEXT.partition("$ wplint lint examples/\n")[2].partition("```")[0]
    assert shown.startswith("error[WPL301]")
    assert "base64," in (PROJECT / "examples/north/openshift/50-performance-edge.yaml").read_text()
    assert "in 2 clusters." in shown


def test_two_commands_are_all_there_is_to_copy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shell_blocks(TEXT)
    assert first.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert second.startswith(".venv/bin/pip install ")
    assert "&& .venv/bin/pytest" in second
    job = first.rpartition("&& ")[2]
    program, *arguments = shlex.split(job)
    assert program == ".venv/bin/wplint"
    monkeypatch.chdir(PROJECT)
    assert main(arguments) == 1
    assert "ends with status 1" in TEXT
    assert "error[WPL301]" in capsys.readouterr().out


def test_commands_and_options_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = set(re.findall(r"[`$] ?wplint ([a-z]+)", TEXT))
    assert commands == {command.name for command in app.registered_commands}
    for command in commands:
        assert main([command, "--help"]) == 0
    usage = capsys.readouterr().out
    prose = re.sub(r"```sh\n.*?```", "", TEXT, flags=re.DOTALL)
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", prose)):
        assert option in usage, option


def test_formats_are_all_listed() -> None:
    rows = re.findall(r"^\| `([a-z]+)` \|", TEXT, flags=re.MULTILINE)
    assert rows == list(FORMATS)


def test_releases_are_those_that_are_known() -> None:
    assert f"OpenShift 4.{OLDEST_MINOR} to 4.{NEWEST_MINOR}," in TEXT


def test_the_pre_commit_example_names_the_hook() -> None:
    example = re.search(r"^```yaml\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert example is not None
    (repository,) = yaml.safe_load(example[1])["repos"]
    shipped = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in repository["hooks"]] == ["wplint"]
    for hook in shipped:
        assert f"`{hook['id']}`" in TEXT or f"id: {hook['id']}\n" in TEXT


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (PROJECT / name).read_text("utf-8"))
    for target in targets:
        assert target.startswith("https://") or (PROJECT / target).exists(), target
