"""``init``, ``--watch``, ``--profile-rules`` and the completion of a shell."""

from __future__ import annotations

import atexit
import os
import re
import select
import signal
import subprocess
import sys
import time
import tomllib
from typing import TYPE_CHECKING

import pytest
from command_line import START, clean_environment, cluster, wplint

from linter.engine.configuration import Configuration, configuration_for
from linter.engine.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


# --- init ----------------------------------------------------------------------------------------


def uncommented(text: str) -> str:
    """Return the settings of a file as if each had been set."""
    keys = "|".join(re.escape(setting.sample.partition(" =")[0]) for setting in SETTINGS)
    return re.sub(rf"(?m)^# ((?:{keys}) = )", r"\1", text)


def test_init_writes_what_can_be_used_and_what_was_found(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cluster(tmp_path / "north", pinned="0-1,20-24")
    cluster(tmp_path / "south")
    done = run("init")
    assert (done.status, done.out) == (0, "Wrote wplint.toml.\n")
    text = (tmp_path / "wplint.toml").read_text()
    assert tomllib.loads(text) == {}
    assert "# Found without it: north, south." in text
    assert "2 findings today, 1 of severity error" in text
    assert "No release is named by those of north, south" in text
    (tmp_path / "wplint.toml").write_text(uncommented(text))
    found = configuration_for(str(tmp_path))
    for setting in SETTINGS:
        assert getattr(found, setting.attribute), setting.key


def test_init_overwrites_nothing(
    run: Callable[..., Run], sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sound)
    (sound / ".wplint.toml").write_text("fail-level = 'info'")
    done = run("init")
    assert done.status == 2
    assert ".wplint.toml is there already" in done.err
    assert not (sound / "wplint.toml").exists()
    (sound / ".wplint.toml").unlink()
    assert run("init").status == 0
    written = (sound / "wplint.toml").read_text()
    assert run("init").status == 2
    assert (sound / "wplint.toml").read_text() == written
    assert run("init", "none").status == 2


def test_init_survives_hostile_names(run: Callable[..., Run], tmp_path: Path) -> None:
    cluster(tmp_path / 'a\nselect = ["WPL3"]')
    assert run("init", tmp_path).status == 0
    path = str(tmp_path.resolve() / "wplint.toml")
    assert configuration_for(str(tmp_path)) == Configuration(path)


# --- profile -------------------------------------------------------------------------------------


def test_rules_are_timed_and_find_the_same(run: Callable[..., Run], broken: Path) -> None:
    plain = run("lint", broken, "--output", "json")
    timed = run("lint", broken, "--output", "json", "--profile-rules")
    assert (timed.status, timed.out) == (plain.status, plain.out)
    assert re.search(r"Rules took \d+\.\d ms", timed.err)
    assert re.search(r"\d+\.\d\d ms +\d+ calls  WPL\d{3} ", timed.err)


# --- completion ----------------------------------------------------------------------------------


def completed(words: str, cwd: Path) -> list[str]:
    done = wplint(
        cwd=cwd,
        _WPLINT_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )
    assert done.err == ""
    return done.out.split()


def test_a_shell_completes_commands_options_and_rules(tmp_path: Path) -> None:
    assert "lint" in completed("wplint li", tmp_path)
    assert "--show-settings" in completed("wplint lint --show", tmp_path)
    assert "WPL301" in completed("wplint explain WPL3", tmp_path)
    assert "WPL1,WPL301" in completed("wplint lint --select WPL1,WPL30", tmp_path)


def test_the_help_says_how_to_install_it(tmp_path: Path) -> None:
    assert "--install-completion" in wplint("--help", cwd=tmp_path).out


# --- watch ---------------------------------------------------------------------------------------


def test_a_change_is_seen_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    tree = cluster(tmp_path / "c")
    with subprocess.Popen(
        [sys.executable, "-c", START, "lint", "c", "--watch", "--output", "concise"],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        seen = until(process.stdout.fileno(), "Watching")
        assert "No disagreement found" in seen
        profile = tree / "openshift" / "profile.yaml"
        profile.write_text(profile.read_text().replace("0-1,20-21", "0-1,20-22"))
        assert "WPL202" in until(process.stdout.fileno(), "Watching")
        (tree / "wplint.toml").write_text("nonsense = 1\n")
        assert "there is no setting 'nonsense'" in until(process.stdout.fileno(), "Watching")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stdout.read() == b""


def until(stream: int, words: str) -> str:
    """Read from a stream until some words have come, and what follows on their line."""
    text = ""
    deadline = time.monotonic() + 30
    while words not in text or not text.endswith("\n"):
        assert time.monotonic() < deadline, text
        if select.select([stream], [], [], 1)[0]:
            text += os.read(stream, 65536).decode()
    return text


@pytest.mark.parametrize("option", ["--fix", "--update-baseline"])
def test_what_writes_is_not_watched(run: Callable[..., Run], sound: Path, option: str) -> None:
    done = run("lint", sound, "--watch", option)
    assert done.status == 2
    assert "--watch only looks on" in done.err


def test_each_round_of_watching_leaves_the_end_of_the_program_as_it_is(
    run: Callable[..., Run], sound: Path
) -> None:
    run("lint", sound)
    registered = atexit._ncallbacks()
    run("lint", sound)
    assert atexit._ncallbacks() == registered
