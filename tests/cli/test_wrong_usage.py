"""Wrong usage: status 2, one line on standard error that says what to do, and no traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", "--no-such-option"], "see 'wplint lint --help'"),
        (["lnt"], "see 'wplint --help'"),
        (["--no-such-option"], "see 'wplint --help'"),
        (["lint", "--select"], "see 'wplint lint --help'"),
        (["lint", "no-such-path"], "'no-such-path' (No such file or directory): name a file"),
        (["lint", ""], "name a file or a directory that exists"),
        (["lint", "--output", "xml"], "'xml' is no format; there are full, concise, json"),
        (["lint", "--output", ""], "'' is no format"),
        (["lint", "--output", "json="], "names no file; write json=PATH"),
        (["lint", "-o", "json", "-o", "full"], "cannot both go to standard output"),
        (["lint", "-o", "json=a", "-o", "full=./a"], "cannot both go to"),
        (["lint", "--select", "WPL999"], "'WPL999' is no rule"),
        (["lint", "--ignore", "crio-workload-cpuset-mismtch"], "did you mean 'crio-workload-"),
        (["lint", "--select", ""], "'' is no rule; 'wplint rules' lists them"),
        (["lint", "--select", "WPL301,"], "'' is no rule"),
        (["lint", "--select", "WPL301", "--ignore", "WPL3"], "no rule is left to run"),
        (["lint", "--fail-level", "fatal"], "'fatal' is not one of"),
        (["lint", "--openshift-version", "five"], "'five' is not an OpenShift version such as"),
        (["lint", "--openshift-version", "5.1"], "is not an OpenShift version"),
        (["lint", "--openshift-version", "4.7"], "no workload partitioning, which came with 4.8"),
        (["explain"], "see 'wplint explain --help'"),
        (["explain", "WPL999"], "'WPL999' is no rule"),
        (["explain", ""], "'' is no rule"),
        (["explain", "WPL3"], "rules: WPL301, "),
        (["explain", "WPL301", "WPL303"], "see 'wplint explain --help'"),
        (["rules", "--output", "xml"], "'xml' is not one of"),
        (["rules", "WPL301"], "see 'wplint rules --help'"),
        (["facts", "no-such-path"], "name a file or a directory that exists"),
        (["facts", "--openshift-version", "x"], "'x' is not an OpenShift version"),
    ],
)
def test_wrong_usage(
    run: Callable[..., Run],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("wplint: error: ")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_no_command_is_answered_with_the_help(run: Callable[..., Run]) -> None:
    done = run()
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: wplint")
    assert done.err == run("--help").out


def test_what_was_typed_cannot_reach_the_terminal(run: Callable[..., Run]) -> None:
    for arguments in (["lint", "\x1b[31m\n"], ["lint", "-o", "\x1b[31m\n"], ["explain", "\x1b\n"]):
        done = run(*arguments)
        assert done.status == 2
        assert "\x1b" not in done.err
        assert done.err.count("\n") == 1


def test_a_report_that_cannot_be_written(
    run: Callable[..., Run], broken: Path, tmp_path: Path
) -> None:
    """What was found is not lost: the report on standard output is written first."""
    done = run("lint", broken, "-o", f"json={tmp_path}/no/such/folder.json", "-o", "concise")
    assert done.status == 2
    assert "error[WPL301]" in done.out
    assert "1 error" in done.err
    last = done.err.splitlines()[-1]
    assert last.startswith("wplint: error: --output: cannot write ")
    assert "(No such file or directory): name a file in a folder that exists" in last


def test_a_directory_is_no_file_to_write(
    run: Callable[..., Run], sound: Path, tmp_path: Path
) -> None:
    done = run("lint", sound, "--output", f"full={tmp_path}")
    assert done.status == 2
    assert "(Is a directory)" in done.err
    assert run("lint", sound, "--output", "full=a\0b").status == 2


def test_an_error_that_nobody_expected_is_not_taken_for_findings(
    run: Callable[..., Run], sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("reserved")

    monkeypatch.setattr("linter.cli.lint.lint", fail)
    done = run("lint", sound)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("wplint: internal error: KeyError: 'reserved' (test_wrong_usage.py,")
    assert done.err.count("\n") == 1
    monkeypatch.setenv("WPLINT_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in run("lint", sound).err
