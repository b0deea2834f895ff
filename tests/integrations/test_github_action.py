"""The action, run as GitHub's runner does, from the lines of its page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml
from integration_pages import blocks, page
from scratch_repository import committed
from simulated_services import PROJECT, github_step

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from integration_pages import Block
    from simulated_services import Machine

ACTION = yaml.safe_load((PROJECT / "action.yml").read_text())
BROKEN = "clusters/depot/openshift/pinning.yaml"


def documented(number: int) -> dict[str, str]:
    """Return the inputs that the page gives to the action in one of its workflows."""
    workflow = yaml.safe_load(blocks("github-actions", "yaml")[number].text)
    (steps,) = [job["steps"] for job in workflow["jobs"].values()]
    (step,) = [step for step in steps if "repository of wplint" in step.get("uses", "")]
    return step["with"]


def test_the_documented_step_fails_on_a_broken_cluster_and_passes_on_a_repaired_one(
    machine: Machine, repository: Path
) -> None:
    ended = github_step(machine, PROJECT, repository, documented(0))
    assert ended.status == 1, ended.err
    assert f"::error file={BROKEN},line=" in ended.out
    assert "error[WPL301] CRI-O pins management pods to 0-2" in ended.out
    summary = machine.folder / "summary.md"
    assert "| error | WPL301 crio-workload-cpuset-mismatch |" in summary.read_text()

    assert main(["lint", str(repository), "--fix"]) == 0
    summary.unlink()
    ended = github_step(machine, PROJECT, repository, documented(0))
    assert (ended.status, ended.out) == (0, ""), ended
    assert "**No disagreement found.**" in summary.read_text()


def test_the_documented_step_writes_what_code_scanning_reads(
    machine: Machine, repository: Path
) -> None:
    ended = github_step(machine, PROJECT, repository, documented(2))
    assert ended.status == 1
    assert "::error file=" in ended.out
    log = json.loads((repository / "wplint.sarif").read_text())
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == BROKEN


def test_the_documented_plan_comments_on_what_a_change_does(
    machine: Machine, repository: Path
) -> None:
    committed(repository)
    profile = repository / "clusters" / "depot" / "openshift" / "profile.yaml"
    profile.write_text(profile.read_text().replace("0-3", "0-1").replace("4-7", "2-7"))
    inputs = documented(1)
    assert inputs["plan-from"].startswith("${{ github.event.pull_request.base.sha")
    inputs["plan-from"] = "HEAD"
    ended = github_step(machine, PROJECT, repository, inputs)
    assert ended.status == 0, ended.err
    assert "WPL860" in ended.out
    comment = (repository / "plan.md").read_text()
    assert "management pods move -2-3, nodes reboot" in comment
    ended = github_step(machine, PROJECT, repository, inputs | {"fail-on": "reboot"})
    assert ended.status == 1
    ended = github_step(machine, PROJECT, repository, inputs | {"plan-from": "--output=x"})
    assert ended.status == 2


def test_inputs_reach_the_program_whole_and_run_nothing(machine: Machine, repository: Path) -> None:
    """Whatever stands in an input is an argument: no pattern, no command, no option."""
    machine.command("wplint", '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\n')
    hostile = "$(touch a) `touch b` ; touch c\n--fix\n  * \"'"
    ended = github_step(
        machine,
        PROJECT,
        repository,
        {
            "paths": hostile,
            "format": "github\n$(touch d)",
            "fail-level": "$(touch e)",
            "openshift-version": "; touch f",
            "strict": "true",
            "arguments": "--ignore\nWPL2 03",
        },
    )
    assert ended.status == 0, ended.err
    assert ended.out == (
        "<lint><--output=github><--output=$(touch d)><--fail-level=$(touch e)>"
        "<--openshift-version=; touch f><--strict><--ignore><WPL2 03><-->"
        "<$(touch a) `touch b` ; touch c><--fix><  * \"'>"
    )
    assert sorted(path.name for path in repository.iterdir()) == [".git", "clusters"]


def test_no_expression_stands_in_a_script_and_nothing_is_uploaded() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step


def test_a_step_in_another_directory_still_names_files_from_the_root(
    machine: Machine, repository: Path
) -> None:
    inputs = {"working-directory": "clusters", "arguments": "--select\nWPL301"}
    ended = github_step(machine, PROJECT, repository, inputs)
    assert ended.status == 1
    assert f"::error file={BROKEN},line=" in ended.out


def test_strict_fails_a_step_that_has_nothing_to_check(machine: Machine, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = github_step(machine, PROJECT, empty)
    assert ended.status == 0
    assert ended.out.startswith("::warning title=wplint::No manifest here")
    ended = github_step(machine, PROJECT, empty, {"strict": "true"})
    assert ended.status == 1
    assert ended.out.startswith("::error title=wplint::No manifest has anything")


def test_every_input_is_documented() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", page("github-actions"), flags=re.MULTILINE)
    assert rows == list(ACTION["inputs"])


@pytest.mark.parametrize("block", blocks("github-actions", "yaml"), ids=lambda block: block.title)
def test_workflows_ask_for_no_more_than_they_need(block: Block) -> None:
    workflow = yaml.safe_load(block.text)
    assert workflow["permissions"]["contents"] == "read"
    assert set(workflow["permissions"]) <= {"contents", "security-events", "pull-requests"}
    assert ("pull-requests" in workflow["permissions"]) is ("gh pr comment" in block.text)
