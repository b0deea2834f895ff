"""The configuration file: where it is found, what it may say, and that the command line wins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linter.engine.configuration import Configuration, ConfigurationError, configuration_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Run

PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: edge
spec:
  cpu:
    reserved: 0-3
    isolated: 2-7
  nodeSelector:
    node-role.kubernetes.io/master: ""
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "profile.yaml").write_text(PROFILE)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wplint.toml", 'openshift-version = "4.16"'),
        (".wplint.toml", 'openshift-version = "4.16"'),
        ("pyproject.toml", '[tool.wplint]\nopenshift-version = "4.16"'),
    ],
)
@pytest.mark.parametrize("below", ["", "site"])
def test_it_is_found_upwards_until_the_repository(
    tree: Path, name: str, text: str, below: str
) -> None:
    (tree / below / name).write_text(text)
    found = configuration_for(str(tree / "site" / "profile.yaml"))
    assert found.openshift_version == "4.16"
    assert found.path == str(tree.resolve() / below / name)


def test_nothing_above_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / "wplint.toml").write_text('openshift-version = "4.16"')
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    assert configuration_for(str(inner)) == Configuration()


def test_without_a_repository_only_the_directory_itself_counts(tmp_path: Path) -> None:
    (tmp_path / "wplint.toml").write_text('openshift-version = "4.16"')
    (tmp_path / "below").mkdir()
    assert configuration_for(str(tmp_path / "below")) == Configuration()
    assert configuration_for(str(tmp_path)).openshift_version == "4.16"


def test_a_pyproject_without_wplint_is_passed_over(tree: Path) -> None:
    (tree / "site" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tree / "wplint.toml").write_text('fail-level = "warning"')
    assert configuration_for(str(tree / "site")).fail_level == "warning"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("openshift_version = '4.16'", "did you mean 'openshift-version'?"),
        ("openshift-version = 4.16", 'openshift-version = "4.16"'),
        ("select = 'WPL3'", 'select = ["WPL3"]'),
        ("fail-level = 'fatal'", "'fatal', not one of"),
        ("= 3", "no TOML"),
        ("a = " + "[" * 100_000, "no TOML"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tree: Path, text: str, words: str) -> None:
    (tree / "wplint.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        configuration_for(str(tree))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tree) in str(caught.value)


def test_the_command_line_beats_the_file(run: Callable[..., Run], tree: Path) -> None:
    (tree / "wplint.toml").write_text('ignore = ["WPL202"]\nopenshift-version = "4.16"')
    assert run("lint", str(tree)).status == 0
    shown = run("lint", str(tree), "--ignore", "WPL001")
    assert shown.status == 1
    assert "OpenShift 4.16" in shown.out
    other = run("lint", str(tree), "--ignore", "WPL001", "--openshift-version", "4.14")
    assert "OpenShift 4.14" in other.out


def test_the_settings_that_readme_shows_can_be_used(tree: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    shown = readme.partition("```toml\n")[2].partition("```")[0]
    (tree / "wplint.toml").write_text(shown)
    assert configuration_for(str(tree)) == Configuration(
        str(tree.resolve() / "wplint.toml"), "4.16", ("WPL1", "WPL3"), ("WPL203",), "warning"
    )


def test_a_broken_file_is_wrong_usage(run: Callable[..., Run], tree: Path) -> None:
    (tree / "wplint.toml").write_text("nonsense = 1")
    for command in ("lint", "facts", "show"):
        result = run(command, str(tree))
        assert result.status == 2
        assert "nonsense" in result.err
