"""docs/configuration.md: what it shows can be used, and its table is that of the settings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from builders import rules

from linter.engine.configuration import configuration_for
from linter.engine.gate_settings import gate_for
from linter.engine.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from command_line import Run

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")


def test_the_file_that_is_shown_sets_everything(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (text,) = re.findall(r'^```toml title="wplint.toml"\n(.*?)^```', PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "wplint.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    found = configuration_for(".")
    for setting in SETTINGS:
        assert getattr(found, setting.attribute), setting.key
    assert gate_for(found, rules()).sections
    (command,) = re.findall(r"^\$ wplint (.*)$", PAGE, re.MULTILINE)
    shown = run(*shlex.split(command))
    assert shown.status == 0
    assert 'fail-level = "info"  # --fail-level' in shown.out
    assert 'openshift-version = "4.16"  # wplint.toml:1' in shown.out


def test_the_table_is_that_of_the_settings() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert rows == [(setting.key, setting.what) for setting in SETTINGS]


def test_the_options_exist(run: Callable[..., Run]) -> None:
    usage = run("lint", "--help").out + run("--help").out
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE)):
        assert option in usage, option
