"""``--changed``: all is judged, and what a change has part in is reported."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from builders import custom_pool, profile
from command_line import cluster
from git_commands import git

from linter.sources.changes import ChangesError, changes_since

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

POOL = custom_pool("radio")
PROFILE = profile("0-1", "2-7", name="radio", selector='node-role.kubernetes.io/radio: ""')


class Repository:
    """A repository of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "-m", "all")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Two broken clusters and a sound one, all committed."""
    folder = tmp_path / "repository"
    folder.mkdir()
    made = Repository(folder)
    for name in ("north", "south"):
        cluster(folder / name, pinned="0-1,20-24")
    (cluster(folder / "east") / "openshift" / "pool.yaml").write_text(POOL)
    (folder / "east" / "openshift" / "radio.yaml").write_text(PROFILE)
    made.commit()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PRE_COMMIT_FROM_REF", raising=False)
    return made


def files(result: Run) -> set[str]:
    """Return the files at which a concise report looks first."""
    return {line.split(":")[0] for line in result.out.splitlines()}


def test_without_a_change_nothing_is_reported_and_that_is_said(
    run: Callable[..., Run], repository: Repository
) -> None:
    for path in repository.folder.rglob("*.yaml"):
        path.touch()
    done = run("lint", "--changed")
    assert (done.status, done.out) == (0, "")
    assert re.search(r"is reported; left out: [1-9]", " ".join(done.err.split()))
    assert run("lint").status == 1


@pytest.mark.parametrize("staged", [False, True])
def test_a_changed_file_is_the_first_place(
    run: Callable[..., Run], repository: Repository, staged: bool
) -> None:
    """The finding points at the MachineConfig first, and the profile was changed."""
    profile = repository.folder / "north" / "openshift" / "profile.yaml"
    assert files(run("lint", "north", "-o", "concise")) == {
        "north/openshift/50-performance-lane.yaml"
    }
    profile.write_text("# reviewed\n" + profile.read_text())
    if staged:
        repository.git("add", "--all")
    done = run("lint", "--changed", "-o", "concise")
    assert done.status == 1
    assert files(done) == {"north/openshift/profile.yaml"}


def test_a_new_file_is_a_changed_one(run: Callable[..., Run], repository: Repository) -> None:
    cluster(repository.folder / "west", pinned="0-1,20-24")
    assert {name.split("/")[0] for name in files(run("lint", "--changed", "-o", "concise"))} == {
        "west"
    }


@pytest.mark.parametrize("how", ["rm", "unlink", "emptied", "replaced"])
def test_what_is_taken_away_counts(
    run: Callable[..., Run], repository: Repository, how: str
) -> None:
    """A pool goes away, and its profile, which nobody touched, has nodes no more."""
    pool = repository.folder / "east" / "openshift" / "pool.yaml"
    assert run("lint", "east").status == 0
    if how == "rm":
        repository.git("rm", "--quiet", "east/openshift/pool.yaml")
    elif how == "unlink":
        pool.unlink()
    else:
        pool.write_text("# none\n" if how == "emptied" else POOL.replace("radio", "other"))
    done = run("lint", "--changed", "-o", "concise")
    assert done.status == 1
    assert "east/openshift/radio.yaml" in files(done)
    assert {name.split("/")[0] for name in files(done)} == {"east"}


def test_a_cluster_that_is_gone_breaks_no_other(
    run: Callable[..., Run], repository: Repository
) -> None:
    repository.git("rm", "-r", "--quiet", "north")
    assert run("lint", "--changed").status == 0


def test_a_file_that_has_nothing_to_do_with_it_may_go(
    run: Callable[..., Run], repository: Repository
) -> None:
    (repository.folder / "notes.yaml").write_text("a: 1\n")
    repository.commit()
    repository.git("rm", "--quiet", "notes.yaml")
    assert run("lint", "--changed").status == 0


def test_since_a_commit(
    run: Callable[..., Run], repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other branch changed in the meantime is not this one's."""
    repository.git("checkout", "--quiet", "-b", "mine")
    path = repository.folder / "north" / "openshift" / "profile.yaml"
    path.write_text("# mine\n" + path.read_text())
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    other = repository.folder / "south" / "openshift" / "profile.yaml"
    other.write_text("# theirs\n" + other.read_text())
    repository.commit()
    repository.git("checkout", "--quiet", "mine")
    expected = {"north/openshift/profile.yaml"}
    assert files(run("lint", "--changed", "-o", "concise")) == set()
    assert files(run("lint", "--changed-since", "main", "-o", "concise")) == expected
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "main")
    assert files(run("lint", "--changed", "-o", "concise")) == expected


def test_before_the_first_commit_all_is_new(run: Callable[..., Run], tmp_path: Path) -> None:
    Repository(tmp_path)
    cluster(tmp_path / "north", pinned="0-1,20-24")
    assert run("lint", tmp_path, "--changed").status == 1


@pytest.mark.parametrize("revision", ["no-such", "--upload-pack=x", "-", "HEAD:north", ""])
def test_what_is_no_commit_is_wrong_usage(
    run: Callable[..., Run], repository: Repository, revision: str
) -> None:
    done = run("lint", f"--changed-since={revision}", "--changed")
    if revision:
        assert done.status == 2
        assert "is no commit of this repository" in done.err
    else:
        assert done.status == 0


def test_outside_of_a_work_tree_it_is_wrong_usage(run: Callable[..., Run], sound: Path) -> None:
    done = run("lint", sound, "--changed")
    assert done.status == 2
    assert "not a git repository" in done.err
    assert run("lint", sound, "--changed", "--baseline", "x", "--update-baseline").status == 2


def test_no_filter_of_the_repository_is_run(repository: Repository) -> None:
    ran = repository.folder / "ran"
    (repository.folder / ".gitattributes").write_text("*.yaml filter=x diff=x\n")
    for key in ("filter.x.clean", "filter.x.process", "diff.x.textconv", "diff.external"):
        repository.git("config", key, f"touch {ran}; cat")
    repository.git("config", "core.fsmonitor", f"touch {ran}")
    path = repository.folder / "north" / "openshift" / "profile.yaml"
    path.write_text("# other\n" + path.read_text())
    changes = changes_since(str(repository.folder))
    assert str(path.resolve()) in changes.touched
    assert not ran.exists()


def test_names_may_hold_anything(repository: Repository) -> None:
    name = 'a b\n"c\u00e9.yaml'
    (repository.folder / name).write_text("kind: Tuned\n")
    repository.commit()
    (repository.folder / name).write_text("kind: Tuned\nb: 1\n")
    changes = changes_since(str(repository.folder))
    path = str((repository.folder / name).resolve())
    assert changes.touched == {path}
    assert changes.former == {path: b"kind: Tuned\n"}


def test_git_that_is_absent_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChangesError, match="git could not be run"):
        changes_since(str(tmp_path))
