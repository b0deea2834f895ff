"""The pre-commit hook as it ships, run by pre-commit in a scratch repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import custom_pool, install_config, profile
from git_commands import git_environment
from network import installs, skip_if_offline
from wheel_contents import LEFT_OUT, PROJECT

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "linter",
    "pyproject.toml",
    "rules",
    "schemas",
)
"""What the hook's environment is built from."""


def hooks() -> list[dict[str, object]]:
    text = (PROJECT / ".pre-commit-hooks.yaml").read_text()
    return yaml.safe_load(text)


def test_there_are_hooks_that_check_repair_and_look_at_changes() -> None:
    assert [hook["id"] for hook in hooks()] == ["wplint", "wplint-fix", "wplint-changed"]
    assert hooks()[1]["entry"] == "wplint lint --fix"
    assert hooks()[2]["entry"] == "wplint lint --changed"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_hook_reads_everything_at_every_commit(number: int) -> None:
    hook = hooks()[number]
    assert hook["language"] == "python"
    assert hook["types_or"] == ["yaml", "json"]
    assert hook["pass_filenames"] is False
    assert hook["always_run"] is True
    assert hook["require_serial"] is True


def test_the_entry_is_a_command_of_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run as it stands over the examples, it finds what is wrong in them."""
    monkeypatch.chdir(PROJECT / "examples")
    program, *arguments = str(hooks()[0]["entry"]).split()
    assert program == "wplint"
    assert main(arguments) == 1
    assert "error[WPL301]" in capsys.readouterr().out


class Git:
    """Commands in a repository of a test, untouched by the configuration of whoever runs it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.environment = git_environment() | {
            "HOME": str(home),
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
        }
        self.environment.pop("PYTHONPATH", None)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def __call__(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit_all(self) -> None:
        self("init", "--quiet")
        self("add", ".")
        self("commit", "--quiet", "--no-verify", "-m", "all")

    def try_hook(self, project: Path, hook: str = "wplint") -> tuple[int, str]:
        """Run a hook of a project on what is staged here."""
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(project), hook]
        done = self.run(*command)
        said = done.stdout + done.stderr
        skip_if_offline(said)
        return done.returncode, said


needs_pre_commit = pytest.mark.skipif(
    find_spec("pre_commit") is None or shutil.which("git") is None,
    reason="needs pre-commit and git",
)


def committed_project(tmp_path: Path) -> Git:
    """Return a repository that holds the project, as a hook's environment is built from one."""
    project = Git(tmp_path / "project", tmp_path)
    project.folder.mkdir()
    for name in SHIPPED:
        source = PROJECT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns(*LEFT_OUT)
            shutil.copytree(source, project.folder / name, ignore=ignore)
        else:
            shutil.copy(source, project.folder / name)
    project.commit_all()
    return project


@installs
@needs_pre_commit
def test_a_commit_that_only_deletes_a_manifest_fails(tmp_path: Path) -> None:
    """The pool that a profile is for goes away, and the profile stays."""
    project = committed_project(tmp_path)
    scratch = Git(tmp_path / "scratch", tmp_path)
    cluster = scratch.folder / "openshift"
    cluster.mkdir(parents=True)
    (scratch.folder / "install-config.yaml").write_text(INSTALL_CONFIG)
    (cluster / "profile.yaml").write_text(PROFILE)
    (cluster / "pool.yaml").write_text(POOL)
    scratch.commit_all()

    (cluster / "notes.yaml").write_text("a: 1\n")
    scratch("add", ".")
    status, said = scratch.try_hook(project.folder)
    assert (status, "Passed" in said) == (0, True), said

    scratch("reset", "--quiet", "--hard")
    scratch("rm", "--quiet", "openshift/pool.yaml")
    status, said = scratch.try_hook(project.folder)
    assert (status, "Failed" in said) == (1, True), said
    assert "error[WPL502]" in said
    status, said = scratch.try_hook(project.folder, "wplint-changed")
    assert (status, "Failed" in said) == (1, True), said
    assert "error[WPL502]" in said

    scratch("commit", "--quiet", "--no-verify", "-m", "broken")
    (cluster / "notes.yaml").write_text("a: 1\n")
    scratch("add", ".")
    for hook, expected in (("wplint", 1), ("wplint-changed", 0)):
        status, said = scratch.try_hook(project.folder, hook)
        assert status == expected, said
    (cluster / "pool.yaml").write_text(POOL)
    scratch("add", ".")
    for hook in ("wplint", "wplint-changed"):
        status, said = scratch.try_hook(project.folder, hook)
        assert (status, "Passed" in said) == (0, True), said


@installs
@needs_pre_commit
def test_the_repairing_hook_repairs_and_lets_the_repaired_pass(tmp_path: Path) -> None:
    project = committed_project(tmp_path)
    scratch = Git(tmp_path / "scratch", tmp_path)
    kubelet = scratch.folder / "openshift" / "kubelet.yaml"
    kubelet.parent.mkdir(parents=True)
    (scratch.folder / "install-config.yaml").write_text(INSTALL_CONFIG)
    (kubelet.parent / "profile.yaml").write_text(PROFILE)
    (kubelet.parent / "pool.yaml").write_text(POOL)
    kubelet.write_text(KUBELET.replace("0-1,24-25", "0-1,24-29"))
    scratch.commit_all()

    status, said = scratch.try_hook(project.folder, "wplint-fix")
    assert (status, "files were modified by this hook" in said) == (1, True), said
    assert "WPL306" in said
    assert kubelet.read_text() == KUBELET

    scratch("add", ".")
    status, said = scratch.try_hook(project.folder, "wplint-fix")
    assert (status, "Passed" in said) == (0, True), said


INSTALL_CONFIG = install_config("depot", 3, 2)
PROFILE = profile(
    "0-1,24-25", "2-23,26-47", name="radio", selector='node-role.kubernetes.io/radio: ""'
)
KUBELET = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata:
  name: performance-radio
spec:
  machineConfigPoolSelector:
    matchLabels:
      machineconfiguration.openshift.io/role: radio
  kubeletConfig:
    cpuManagerPolicy: static
    reservedSystemCPUs: 0-1,24-25  # the same as in the profile
"""

POOL = custom_pool("radio")
