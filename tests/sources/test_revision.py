"""Files of commits, read from git's objects."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from git_commands import git

from linter.sources.candidates import PathError, Skipped, SkipReason
from linter.sources.discovery import discover
from linter.sources.revision import RevisionError, open_revision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def commit(folder: Path, files: Mapping[str, str | bytes | None]) -> str:
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    monkeypatch.chdir(root)
    return root


def names(revision: str, directory: str = ".", shown: str = "") -> list[str]:
    return [one.name for one in open_revision(directory, revision).discover(shown).candidates]


def test_a_commit_is_read_and_not_the_work_tree(repo: Path) -> None:
    commit(repo, {"a.yaml": "one", "b/c.yml": "two", "d.txt": "no"})
    commit(repo, {"a.yaml": "other", "b/c.yml": None})
    (repo / "e.yaml").write_text("untracked")
    revision = open_revision(".", "HEAD~1")
    found = revision.discover("")
    assert [(one.name, revision.read(one)) for one in found.candidates] == [
        ("a.yaml", b"one"),
        ("b/c.yml", b"two"),
    ]
    assert (repo / "a.yaml").read_text() == "other"


def test_files_have_the_names_and_paths_that_they_have_on_the_disk(repo: Path) -> None:
    commit(repo, {"sub/x/a.yaml": "a", "sub/b.json": "{}", "other.yaml": "o"})
    for directory, shown in ((".", ""), ("sub", "sub/"), ("./sub", "sub/")):
        there = open_revision(directory, "HEAD").discover(shown)
        here = discover([directory])
        assert [one.name for one in there.candidates] == [one.name for one in here.candidates]
        assert [os.path.abspath(one.path) for one in there.candidates] == [
            os.path.abspath(one.path) for one in here.candidates
        ]


@pytest.mark.parametrize("size", [0, 1, 5])
def test_contents_of_any_bytes_come_through(repo: Path, size: int) -> None:
    data = bytes(range(256)) * size + b"\n\nabc 12\n"
    commit(repo, {"a.yaml": data, "b.yaml": b"", "c.yaml": data + b"c"})
    revision = open_revision(".", "HEAD")
    read = {one.name: revision.read(one) for one in revision.discover("").candidates}
    assert read == {"a.yaml": data, "b.yaml": b"", "c.yaml": data + b"c"}


def test_links_lead_to_files_that_have_no_name_of_their_own(repo: Path) -> None:
    for name, target in {
        "link.yaml": "plain.txt",
        "same.yaml": "real.yaml",
        "away.yaml": "../secret.yaml",
        "root.yaml": "/etc/passwd",
        "gone.yaml": "nothing.yaml",
        "loop.yaml": "loop.yaml",
        "folder": "below",
    }.items():
        os.symlink(target, repo / name)
    commit(repo, {"plain.txt": "text", "real.yaml": "real", "below/in.yaml": "in"})
    revision = open_revision(".", "HEAD")
    found = revision.discover("")
    assert [one.name for one in found.candidates] == ["below/in.yaml", "link.yaml", "real.yaml"]
    assert revision.read(found.candidates[1]) == b"text"
    assert {skip.name: skip.reason for skip in found.skipped} == {
        "away.yaml": SkipReason.OUTSIDE_TREE,
        "root.yaml": SkipReason.OUTSIDE_TREE,
        "gone.yaml": SkipReason.DANGLING_LINK,
        "loop.yaml": SkipReason.LOOP,
    }


def test_a_link_out_of_the_directory_is_not_followed(repo: Path) -> None:
    os.makedirs(repo / "in")
    os.symlink("../out.txt", repo / "in" / "a.yaml")
    commit(repo, {"out.txt": "secret"})
    found = open_revision("in", "HEAD").discover("in/")
    assert not found.candidates
    assert [skip.reason for skip in found.skipped] == [SkipReason.OUTSIDE_TREE]


def test_a_submodule_is_named_and_not_read(repo: Path) -> None:
    commit(repo, {"a.yaml": "a"})
    git(repo, "update-index", "--add", "--cacheinfo", "160000", "1" * 40, "vendor/lib")
    git(repo, "commit", "-q", "-m", "submodule")
    revision = open_revision(".", "HEAD")
    (skip,) = revision.discover("").skipped
    assert (skip.name, skip.reason, skip.detail) == (
        "vendor/lib",
        SkipReason.SUBMODULE,
        "at 111111111111",
    )
    assert revision.submodules == {"vendor/lib"}


def test_an_object_that_is_missing_is_told_of(repo: Path) -> None:
    commit(repo, {"a.yaml": "a"})
    revision = open_revision(".", "HEAD")
    (candidate,) = revision.discover("").candidates
    oid = git(repo, "rev-parse", "HEAD:a.yaml")
    (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    answer = revision.read(candidate)
    assert isinstance(answer, Skipped)
    assert "not in this clone" in answer.detail


@pytest.mark.parametrize(
    "wrong", ["", "-h", "--output=x", "nowhere", "HEAD:a.yaml", "a\nb", "main..HEAD", "a\x1bb"]
)
def test_what_is_no_commit_is_refused_in_one_line(repo: Path, wrong: str) -> None:
    commit(repo, {"a.yaml": "a"})
    with pytest.raises(RevisionError) as refused:
        open_revision(".", wrong)
    assert str(refused.value).isprintable()


def test_nul_is_no_revision(repo: Path) -> None:
    commit(repo, {"a.yaml": "a"})
    with pytest.raises(RevisionError):
        open_revision(".", "a\0b")


def test_a_shallow_clone_says_what_to_do(repo: Path, tmp_path: Path) -> None:
    commit(repo, {"a.yaml": "a"})
    commit(repo, {"a.yaml": "b"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repo}", "clone")
    with pytest.raises(RevisionError, match="shallow: fetch its history first"):
        open_revision(str(tmp_path / "clone"), "HEAD~1")


def test_a_directory_in_no_repository(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="in no git work tree"):
        open_revision(str(tmp_path), "HEAD")
    with pytest.raises(PathError):
        open_revision(str(tmp_path / "nowhere"), "HEAD")


def test_nothing_that_the_repository_brings_runs(repo: Path) -> None:
    commit(repo, {"a.yaml": "a", ".gitattributes": "*.yaml filter=evil diff=evil\n"})
    ran = repo / "ran"
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv"):
        git(repo, "config", key, f"touch {ran}")
    git(repo, "config", "core.fsmonitor", f"touch {ran}")
    git(repo, "config", "core.pager", f"touch {ran}")
    git(repo, "config", "alias.ls-tree", f"!touch {ran}")
    revision = open_revision(".", "HEAD")
    (candidate,) = revision.discover("").candidates
    assert revision.read(candidate) == b"a"
    assert not ran.exists()


def test_the_variables_of_a_hook_do_not_lead_elsewhere(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repo, {"a.yaml": "a"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert names("HEAD") == ["a.yaml"]


def test_names_that_are_no_text_are_shown_printable(repo: Path) -> None:
    commit(repo, {os.fsdecode(b"a\xff.yaml"): "a", "b\x1b[31m.yaml": "b"})
    assert names("HEAD") == ["a\ufffd.yaml", "b\ufffd[31m.yaml"]
