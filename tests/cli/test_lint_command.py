"""``wplint lint``: what goes where, and the exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from linter.cli.lint import LintRequest, status_of
from linter.engine.findings import Severity
from linter.engine.outcome import Outcome, RuleFailure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


def test_agreement_is_status_0_and_an_empty_document(run: Callable[..., Run], sound: Path) -> None:
    done = run("lint", sound)
    assert (done.status, done.out) == (0, "")
    assert "No disagreement found." in done.err


def test_disagreement_is_status_1(run: Callable[..., Run], broken: Path) -> None:
    done = run("lint", broken)
    assert done.status == 1
    assert done.out.startswith("error[WPL301] CRI-O pins management pods to 0-1,20-24")
    assert "1 error" in done.err
    assert "error" not in done.out.replace("error[", "")


def test_nothing_relevant_is_said_aloud(run: Callable[..., Run], tmp_path: Path) -> None:
    done = run("lint", tmp_path)
    assert (done.status, done.out) == (0, "")
    assert "nothing was" in done.err


def test_the_current_directory_is_the_default(
    run: Callable[..., Run], broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(broken)
    assert run("lint").out == run("lint", ".").out
    assert "openshift/profile.yaml" in run("lint").out


def test_files_can_be_named(run: Callable[..., Run], broken: Path) -> None:
    folder = broken / "openshift"
    done = run("lint", folder / "profile.yaml", folder / "50-performance-lane.yaml")
    assert done.status == 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--fail-level", "error"], 0),
        (["--fail-level", "warning"], 1),
        (["--fail-level", "info"], 1),
        (["--fail-level", "info", "--exit-zero"], 0),
    ],
)
def test_fail_level(run: Callable[..., Run], broken: Path, options: list[str], status: int) -> None:
    done = run("lint", broken, "--select", "WPL303", *options)
    assert "warning[WPL303]" in done.out
    assert done.status == status


def test_exit_zero_still_reports(run: Callable[..., Run], broken: Path) -> None:
    done = run("lint", "--exit-zero", broken)
    assert done.status == 0
    assert "error[WPL301]" in done.out


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "WPL301"], {"WPL301"}),
        (["--select", "crio-workload-cpuset-mismatch"], {"WPL301"}),
        (["--select", "WPL3"], {"WPL301", "WPL303"}),
        (["--select", "wpl301, WPL303"], {"WPL301", "WPL303"}),
        (["--select", "WPL301", "--select", "WPL303"], {"WPL301", "WPL303"}),
        (["--ignore", "WPL301"], {"WPL303"}),
        (["--select", "WPL3", "--ignore", "pinning-file-mismatch"], {"WPL301"}),
        (["--ignore", "WPL301,WPL303"], set()),
    ],
)
def test_rules_are_chosen(
    run: Callable[..., Run], broken: Path, options: list[str], codes: set[str]
) -> None:
    done = run("lint", broken, "--output", "json", *options)
    assert {finding["rule"] for finding in json.loads(done.out)["findings"]} == codes


def test_the_release_is_taken_over(run: Callable[..., Run], broken: Path) -> None:
    done = run("lint", broken, "--output", "json", "--openshift-version", "v4.16.3")
    assert [cluster["release"] for cluster in json.loads(done.out)["clusters"]] == ["4.16"]


def test_a_release_that_is_too_new_is_noted(run: Callable[..., Run], sound: Path) -> None:
    done = run("lint", sound, "--openshift-version", "4.99")
    assert done.status == 0
    assert done.err.startswith("wplint: note: OpenShift 4.99 is newer")


def test_several_outputs_at_once(run: Callable[..., Run], broken: Path, tmp_path: Path) -> None:
    report, lines = tmp_path / "report.json", tmp_path / "lines.txt"
    done = run("lint", broken, "-o", f"json={report}", "-o", "full", "--output", f"concise={lines}")
    assert done.status == 1
    assert done.out.startswith("error[WPL301]")
    assert json.loads(report.read_text())["version"] == 1
    assert len(lines.read_text().splitlines()) == 2


def test_a_report_in_a_file_leaves_standard_output_alone(
    run: Callable[..., Run], broken: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    done = run("lint", broken, "--output", f"json={report}")
    assert (done.status, done.out) == (1, "")
    assert report.read_text() == run("lint", broken, "--output", "json=-").out


def test_a_rule_that_broke_outranks_everything() -> None:
    failed = Outcome(failures=(RuleFailure("WPL301", "north", "KeyError: 'x'"),))
    assert status_of(failed, LintRequest(exit_zero=True)) == 2
    assert status_of(failed, LintRequest(fail_level=Severity.ERROR)) == 2
    assert status_of(Outcome(), LintRequest()) == 0


def test_the_same_run_gives_the_same_bytes(run: Callable[..., Run], broken: Path) -> None:
    first = run("lint", broken, "--output", "json")
    again = run("lint", broken, "--output", "json")
    assert first == again
