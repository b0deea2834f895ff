"""``wplint lint --fix`` and its relatives as they are used."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from command_line import START, Run, clean_environment, cluster, wplint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        os.path.relpath(path, folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_fix_repairs_and_ends_well(run: Callable[..., Run], broken: Path, tmp_path: Path) -> None:
    right = contents(cluster(tmp_path / "other" / "broken"))
    done = run("lint", "--fix", broken)
    assert done.status == 0
    assert done.out == ""
    assert "Fixed " in done.err
    assert "set cpuset to 0-1,20-21" in done.err
    assert contents(broken) == right
    again = run("lint", "--fix", broken)
    assert (again.status, "Fixed" in again.err) == (0, False)


def test_fix_fails_for_what_is_left(run: Callable[..., Run], broken: Path) -> None:
    config = next(
        path for path in broken.rglob("*.yaml") if b"kind: MachineConfig\n" in path.read_bytes()
    )
    config.write_text("# DO NOT EDIT\n" + config.read_text())
    before = contents(broken)
    done = run("lint", "--fix", broken)
    assert done.status == 1
    assert "a program writes it" in done.err
    assert "error[WPL301]" in done.out
    assert contents(broken) == before


def test_diff_shows_and_writes_nothing(run: Callable[..., Run], broken: Path, sound: Path) -> None:
    before = contents(broken)
    done = run("lint", "--diff", broken)
    assert done.status == 1
    assert '# -resources = { "cpushares" = 0, "cpuset" = "0-1,20-24" }\n' in done.out
    assert '# +resources = { "cpushares" = 0, "cpuset" = "0-1,20-21" }\n' in done.out
    assert "error[" not in done.out
    assert "Would fix" in done.err
    assert contents(broken) == before
    assert run("lint", "--diff", sound).status == 0
    assert run("lint", "--diff", sound).out == ""
    assert run("lint", "--diff", "--exit-zero", broken).status == 0


def test_diff_exits_1_for_warnings_that_it_would_repair(
    run: Callable[..., Run], broken: Path
) -> None:
    assert run("lint", "--select", "WPL303", broken).status == 0
    assert run("lint", "--select", "WPL303", "--diff", broken).status == 1


def test_a_report_beside_a_difference_goes_to_a_file(
    run: Callable[..., Run], broken: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    assert run("lint", "--diff", "-o", f"json={report}", broken).status == 1
    assert "WPL301" in report.read_text()
    done = run("lint", "--diff", "-o", "json", broken)
    assert (done.status, done.out) == (2, "")
    assert "send the report to a file" in done.err


@pytest.mark.parametrize(
    "options",
    [
        ["--unsafe-fixes"],
        ["--prefer", "kubelet"],
        ["--diff", "--interactive"],
        ["--fix", "--prefer", "somebody"],
    ],
)
def test_options_that_do_not_go_together(
    run: Callable[..., Run], broken: Path, options: list[str]
) -> None:
    done = run("lint", *options, broken)
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_interactive_says_that_it_needs_a_terminal(broken: Path) -> None:
    before = contents(broken)
    done = wplint("lint", "--interactive", str(broken))
    assert (done.status, done.out) == (2, "")
    assert "standard input and standard error must be one" in done.err
    assert contents(broken) == before


@pytest.mark.parametrize(("answers", "status"), [(b"a\na\na\n", 0), (b"q\n", 1)])
def test_interactive_asks_on_a_terminal(broken: Path, answers: bytes, status: int) -> None:
    before = contents(broken)
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answers)
        done = subprocess.run(
            [sys.executable, "-c", START, "lint", "--interactive", str(broken)],
            stdin=theirs,
            stderr=theirs,
            stdout=subprocess.PIPE,
            env=clean_environment(),
            check=False,
            timeout=60,
        )
        said = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == status
    assert "Apply it? [y]es, [n]o, [a]ll of WPL301, [q]uit:" in said
    assert '# +resources = { "cpushares" = 0, "cpuset" = "0-1,20-21" }' in said
    assert (contents(broken) == before) is (status == 1)
