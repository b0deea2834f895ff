"""The job for GitLab, run from the lines of its page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from integration_pages import blocks
from scratch_repository import committed
from simulated_services import PROJECT, gitlab_job

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from simulated_services import Machine

TEMPLATE = "integrations/gitlab-ci.yml"
BROKEN = "clusters/depot/openshift/pinning.yaml"


def documented(package: str = "anything") -> dict[str, Any]:
    """Return the job of the template as the page completes it, for a package to install."""
    block = blocks("gitlab-ci", "yaml")[0]
    own = yaml.safe_load(block.text)
    (include,) = own["include"]
    assert include["remote"].endswith(f"/{TEMPLATE}")
    job = yaml.safe_load((PROJECT / TEMPLATE).read_text())["wplint"]
    assert set(own["wplint"]["variables"]) <= set(job["variables"])
    variables = job["variables"] | own["wplint"]["variables"] | {"WPLINT_PACKAGE": package}
    return job | {"variables": variables}


def test_the_documented_job_fails_on_a_broken_cluster_and_passes_on_a_repaired_one(
    machine: Machine, repository: Path
) -> None:
    job = documented()
    reports = job["artifacts"]["reports"]
    ended = gitlab_job(machine, job, repository)
    assert ended.status == 1, ended.err
    assert "error[WPL301]" in ended.out
    issues = json.loads((repository / reports["codequality"]).read_text())
    assert (issues[0]["location"]["path"], issues[0]["severity"]) == (BROKEN, "critical")
    assert ET.parse(repository / reports["junit"]).getroot().get("failures") != "0"

    assert main(["lint", str(repository), "--fix"]) == 0
    ended = gitlab_job(machine, job, repository)
    assert ended.status == 0, ended.out
    assert (repository / reports["codequality"]).read_text() == "[]\n"
    assert ET.parse(repository / reports["junit"]).getroot().get("failures") == "0"
    left = {path.name for path in repository.iterdir()}
    assert left == {".git", "clusters", *reports.values()}


def test_reports_are_kept_of_a_job_that_fails() -> None:
    assert documented()["artifacts"]["when"] == "always"


def test_a_job_without_a_package_says_what_is_missing(machine: Machine, repository: Path) -> None:
    ended = gitlab_job(machine, documented(package=""), repository)
    assert ended.status != 0
    assert "WPLINT_PACKAGE: is not set" in ended.err


@pytest.mark.parametrize("words", ["$(touch a)", "`touch a`", "; touch a", "cl*"])
def test_variables_are_no_scripts(words: str, machine: Machine, repository: Path) -> None:
    job = documented()
    job["variables"]["WPLINT_PATHS"] = words
    ended = gitlab_job(machine, job, repository)
    assert ended.status == 2
    assert "cannot use" in ended.err
    assert sorted(path.name for path in repository.iterdir()) == [".git", "clusters"]


def test_the_documented_plan_says_what_a_merge_request_does(
    machine: Machine, repository: Path
) -> None:
    own = yaml.safe_load(blocks("gitlab-ci", "yaml")[1].text)
    assert own["include"][0]["remote"].endswith("/integrations/gitlab-plan.yml")
    template = yaml.safe_load((PROJECT / "integrations/gitlab-plan.yml").read_text())
    job = template["wplint-plan"]
    assert set(own["wplint-plan"]["variables"]) <= set(job["variables"])
    variables = job["variables"] | own["wplint-plan"]["variables"] | {"WPLINT_PACKAGE": "x"}
    committed(repository)
    profile = repository / "clusters" / "depot" / "openshift" / "profile.yaml"
    profile.write_text(profile.read_text().replace("0-3", "0-1").replace("4-7", "2-7"))
    committed(repository)
    job = job | {"variables": variables | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD~1"}}
    ended = gitlab_job(machine, job, repository)
    assert ended.status == 0, ended.err
    assert "management pods move -2-3, nodes reboot" in ended.out
    assert (repository / "wplint-plan.md").read_text().startswith("### wplint plan: 1 of 1")
    assert json.loads((repository / "gl-code-quality-report.json").read_text())
