"""The page on pre-commit, against the hooks that ship, and run as it is written."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from network import installs, skip_if_offline
from test_hook import (
    INSTALL_CONFIG,
    KUBELET,
    POOL,
    PROFILE,
    Git,
    committed_project,
    hooks,
    needs_pre_commit,
)
from wheel_contents import PROJECT

from linter.cli import main

if TYPE_CHECKING:
    import pytest

PAGE = (PROJECT / "docs" / "integrations" / "pre-commit.md").read_text("utf-8")
URL = "<URL of this repository>"


def configurations() -> list[dict[str, Any]]:
    """Return the repository that each configuration of the page names."""
    texts = re.findall(
        r'^```yaml title="\.pre-commit-config\.yaml"\n(.*?)^```$', PAGE, re.DOTALL | re.MULTILINE
    )
    return [repository for text in texts for repository in yaml.safe_load(text)["repos"]]


def test_the_page_lists_the_hooks_that_ship() -> None:
    rows = re.findall(r"^\| `(wplint[a-z-]*)` \|", PAGE, flags=re.MULTILINE)
    assert rows == [hook["id"] for hook in hooks()]
    for repository in configurations():
        assert repository["repo"] == URL
        assert {hook["id"] for hook in repository["hooks"]} <= set(rows)


def test_the_documented_arguments_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = str(hooks()[0]["entry"]).split()[1:]
    (tmp_path / "clusters").mkdir()
    monkeypatch.chdir(tmp_path)
    for repository in configurations():
        for hook in repository["hooks"]:
            assert main([*entry, *hook.get("args", ())]) == 0


@installs
@needs_pre_commit
def test_the_documented_lines_stop_commits_that_break_a_cluster(tmp_path: Path) -> None:
    """One that deletes a pool only, and one that changes a list; a hook repairs the latter."""
    project = committed_project(tmp_path)
    project("tag", "v0.1.0")
    scratch = Git(tmp_path / "scratch", tmp_path)
    scratch.environment["PATH"] = f"{Path(sys.executable).parent}:{scratch.environment['PATH']}"
    manifests = scratch.folder / "clusters" / "depot" / "openshift"
    manifests.mkdir(parents=True)
    (manifests.parent / "install-config.yaml").write_text(INSTALL_CONFIG)
    for name, text in (("profile", PROFILE), ("pool", POOL), ("kubelet", KUBELET)):
        (manifests / f"{name}.yaml").write_text(text)
    scratch.commit_all()
    repository = configurations()[0]
    install, run = re.findall(r"^(pre-commit .*)$", PAGE, flags=re.MULTILINE)

    def configure(*ids: object) -> None:
        taken = {"repo": str(project.folder), "hooks": [{"id": name} for name in ids]}
        text = yaml.safe_dump({"repos": [repository | taken]})
        (scratch.folder / ".pre-commit-config.yaml").write_text(text)
        scratch("add", ".")

    def ended(*command: str) -> tuple[int, str]:
        done = scratch.run(*command)
        return done.returncode, done.stdout + done.stderr

    configure(*(hook["id"] for hook in repository["hooks"]))
    assert ended(*install.split())[0] == 0
    status, said = ended(*run.split())
    skip_if_offline(said)
    assert (status, "Passed" in said) == (0, True), said
    assert ended("git", "commit", "-m", "hooks")[0] == 0

    scratch("rm", "--quiet", "clusters/depot/openshift/pool.yaml")
    status, said = ended("git", "commit", "-m", "no pool")
    assert (status, "error[WPL502]" in said) == (1, True), said
    scratch("reset", "--quiet", "--hard")

    (manifests / "kubelet.yaml").write_text(KUBELET.replace("0-1,24-25", "0-1,24-29"))
    scratch("add", ".")
    status, said = ended("git", "commit", "-m", "wrong")
    assert (status, "WPL306" in said) == (1, True), said

    configure(*(hook["id"] for hook in hooks()))
    status, said = ended(*run.split())
    assert (status, "files were modified by this hook" in said) == (1, True), said
    scratch("add", ".")
    status, said = ended("git", "commit", "-m", "repaired")
    assert (status, said.count("Passed")) == (0, len(hooks())), said
    assert (manifests / "kubelet.yaml").read_text() == KUBELET
