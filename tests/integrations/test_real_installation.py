"""A step of GitHub and a job of GitLab that really install wplint before they run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from network import installs, skip_if_offline
from simulated_services import PROJECT, Machine, github_step, gitlab_job
from test_github_action import documented as github_inputs
from test_gitlab_job import documented as gitlab_job_of

if TYPE_CHECKING:
    from pathlib import Path

    from simulated_services import Ended

pytestmark = installs


def checked(ended: Ended, status: int) -> Ended:
    if "pip" in ended.err:
        skip_if_offline(ended.err)
    assert ended.status == status, ended
    return ended


def test_a_step_of_github(tmp_path: Path, repository: Path) -> None:
    machine = Machine(tmp_path, real=True)
    ended = checked(github_step(machine, PROJECT, repository, github_inputs(0)), 1)
    assert "error[WPL301]" in ended.out


def test_a_job_of_gitlab(tmp_path: Path, repository: Path) -> None:
    machine = Machine(tmp_path, real=True)
    ended = checked(gitlab_job(machine, gitlab_job_of(str(PROJECT)), repository), 1)
    assert "error[WPL301]" in ended.out
