"""Reports for services from the command line, and runs that must not be silently green."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from command_line import cluster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


def test_names_start_at_the_root_of_the_repository_where_services_want_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run]
) -> None:
    repository = tmp_path / "repository"
    cluster(repository / "sites" / "depot", pinned="0-1,20-24")
    subprocess.run(["git", "init", "--quiet", str(repository)], check=True, timeout=60)
    monkeypatch.chdir(repository / "sites")
    shown = "depot/openshift/50-performance-lane.yaml"
    rooted = f"sites/{shown}"
    formats = ("full", "concise", "json", "sarif", "github", "gitlab", "junit")
    options = [word for name in formats[1:] for word in ("-o", f"{name}={tmp_path / name}")]
    done = run("lint", ".", "--select", "WPL301", "-o", "full", *options)
    assert done.status == 1
    assert shown in done.out
    assert rooted not in done.out
    texts = {name: (tmp_path / name).read_text() for name in formats[1:]}
    for name in ("concise", "json"):
        assert shown in texts[name]
        assert rooted not in texts[name]
    assert json.loads(texts["gitlab"])[0]["location"]["path"] == rooted
    assert f"::error file={rooted},line=" in texts["github"]
    place = json.loads(texts["sarif"])["runs"][0]["results"][0]["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == rooted
    assert f"pinned here: {rooted}:" in texts["junit"]


def test_the_summary_of_a_step_is_appended(
    tmp_path: Path, broken: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Run]
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("of another step\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert run("lint", broken, "-o", "full").status == 1
    assert summary.read_text() == "of another step\n"
    assert run("lint", broken, "-o", "full", "-o", f"github={tmp_path / 'log'}").status == 1
    assert summary.read_text().startswith("of another step\n## wplint\n\n**")
    assert "WPL301" in summary.read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    done = run("lint", broken, "-o", "github")
    assert done.status == 2
    assert "GITHUB_STEP_SUMMARY: cannot write" in done.err
    assert "::error file=" in done.out


TEMPLATE = "kind: PerformanceProfile\nspec: {{ .Values.cpus }\n"


def test_a_strict_run_fails_on_what_was_not_read(sound: Path, run: Callable[..., Run]) -> None:
    assert run("lint", sound, "--strict").status == 0
    (sound / "openshift" / "chart.yaml").write_text(TEMPLATE)
    assert run("lint", sound).status == 0
    done = run("lint", sound, "--strict")
    assert done.status == 1
    assert "\nstrict: 1 file was not read.\n" in done.err
    assert run("lint", sound, "--strict", "--exit-zero").status == 0
    assert run("lint", sound, "--strict", "--fix").status == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broken.yaml", "kind: MachineConfig\nspec: [\n"),
        ("latin.yaml", b"kind: MachineConfig\nname: \xe9\n"),
    ],
)
def test_a_strict_run_fails_on_what_is_not_readable_whatever_rules_run(
    name: str, text: str | bytes, sound: Path, run: Callable[..., Run]
) -> None:
    (sound / "openshift" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert run("lint", sound, "--ignore", "WPL001").status == 0
    done = run("lint", sound, "--ignore", "WPL001", "--strict")
    assert done.status == 1
    assert "\nstrict: 1 file or payload was not readable.\n" in done.err


def test_a_strict_run_fails_where_nothing_matters(tmp_path: Path, run: Callable[..., Run]) -> None:
    (tmp_path / "a.yaml").write_text("kind: Service\n")
    lenient = run("lint", tmp_path)
    assert lenient.status == 0
    assert lenient.err.startswith("warning: No manifest here")
    done = run("lint", tmp_path, "--strict", "-o", "junit")
    assert done.status == 1
    assert "strict: No manifest has anything to do with workload partitioning." in done.err
    assert ET.fromstring(done.out).get("failures") == "1"


def test_junit_heeds_the_fail_level_of_the_run(broken: Path, run: Callable[..., Run]) -> None:
    for level in ("error", "info"):
        done = run("lint", broken, "-o", "junit", "--fail-level", level)
        assert (done.status == 1) is (ET.fromstring(done.out).get("failures") != "0")


def test_statistics_count_findings_by_rule(broken: Path, run: Callable[..., Run]) -> None:
    done = run("lint", broken, "-o", "json", "--statistics")
    findings = json.loads(done.out)["findings"]
    table = done.err.partition("\nFindings by rule:\n")[2]
    rows = [line.split() for line in table.splitlines()]
    assert sum(int(count) for count, _, _ in rows) == len(findings) > 1
    assert [(-int(count), code) for count, code, _ in rows] == sorted(
        (-int(count), code) for count, code, _ in rows
    )
    assert {code for _, code, _ in rows} == {finding["rule"] for finding in findings}
