from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from linter.engine.lookout import guesses
from linter.sources import git_command, worktree
from linter.sources.candidates import Candidates
from linter.sources.discovery import Discovery, Skipped, SkipReason, discover
from linter.sources.listing import listing_of

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="the trees need POSIX links"),
]

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Return a way to run git without the settings of whoever runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def run(*arguments: str, cwd: Path | None = None) -> str:
        settings = ["user.name=T", "user.email=t@example.org", "protocol.file.allow=always"]
        options = [part for setting in settings for part in ("-c", setting)]
        command = ["git", *options, *arguments]
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout

    return run


@pytest.fixture
def repo(tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository that is the current directory."""
    root = tmp_path / "repo"
    git("init", "-q", str(root))
    monkeypatch.chdir(root)
    return root


def put(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a: 1\n")


def names(found: Discovery) -> list[str]:
    return [candidate.name for candidate in found.candidates]


def test_tracked_and_untracked_files_but_not_ignored_ones(repo: Path, git: Git) -> None:
    (repo / ".gitignore").write_text("build/\n*.tmp.yaml\n")
    put(repo, "a.yaml", "sub/b.yml", "build/c.yaml", "d.tmp.yaml", "kept.tmp.yaml", "e.txt")
    git("add", "a.yaml", "-f", "kept.tmp.yaml")
    assert discover(["."]).notes == ()
    assert names(discover(["."])) == ["a.yaml", "kept.tmp.yaml", "sub/b.yml"]
    assert names(discover(["sub"])) == ["sub/b.yml"]
    assert names(discover(["d.tmp.yaml"])) == ["d.tmp.yaml"]


def test_deleted_files_are_dropped(repo: Path, git: Git) -> None:
    put(repo, "a.yaml", "b.yaml", "c/d.yaml")
    git("add", ".")
    (repo / "b.yaml").unlink()
    shutil.rmtree(repo / "c")
    assert names(discover(["."])) == ["a.yaml"]


def test_a_named_directory_is_read_though_git_ignores_it(repo: Path) -> None:
    (repo / ".gitignore").write_text("build/\n")
    put(repo, "a.yaml", "build/b.yaml")
    found = discover(["build"])
    assert names(found) == ["build/b.yaml"]
    assert len(found.notes) == 1
    assert found.notes[0].startswith("build: git ignores every file in it")
    assert names(discover([".", "build"])) == ["a.yaml", "build/b.yaml"]


def test_an_empty_repository_needs_no_note(repo: Path) -> None:
    assert discover(["."]) == Discovery(Candidates())


def test_weird_names(repo: Path, git: Git) -> None:
    weird = ["-x.yaml", "--help.yaml", "a\nb.yaml", "'q\"\\.yaml", "é.yaml", ":(top)m.yaml"]
    put(repo, *weird, "-dir/a.yaml")
    raw = os.fsdecode(b"\xff.yaml")
    put(repo, raw)
    untracked = discover(["."])
    git("add", "-A")
    tracked = discover(["."])
    assert tracked == untracked
    assert {candidate.path for candidate in tracked.candidates} == {
        f"./{name}" for name in [*weird, "-dir/a.yaml", raw]
    }
    assert all(candidate.name.isprintable() for candidate in tracked.candidates)
    assert names(discover(["-dir"])) == ["-dir/a.yaml"]


def test_links_follow_the_same_policy_as_elsewhere(repo: Path, git: Git) -> None:
    (repo / ".gitignore").write_text("made/\n")
    put(repo, "base/a.yaml", "made/b.yaml", "made/c.yaml", "../outside/d.yaml")
    (repo / "a.yaml").symlink_to("base/a.yaml")
    (repo / "again").symlink_to("base")
    (repo / "self").symlink_to(".")
    (repo / "gone.yaml").symlink_to("absent.yaml")
    (repo / "out").symlink_to("../outside")
    git("add", "-A")
    found = discover(["."])
    assert names(found) == ["base/a.yaml"]
    assert [(skip.name, skip.reason) for skip in found.skipped] == [
        ("gone.yaml", SkipReason.DANGLING_LINK),
        ("out", SkipReason.OUTSIDE_TREE),
    ]
    (repo / "b.yaml").symlink_to("made/b.yaml")
    assert names(discover(["."])) == ["b.yaml", "base/a.yaml"]
    (repo / "generated").symlink_to("made")
    assert names(discover(["."])) == ["b.yaml", "base/a.yaml", "generated/c.yaml"]


def test_a_directory_that_became_a_link_does_not_lead_outside(repo: Path, git: Git) -> None:
    put(repo, "a.yaml", "sub/b.yaml", "../outside/b.yaml")
    git("add", "-A")
    shutil.rmtree(repo / "sub")
    (repo / "sub").symlink_to("../outside")
    found = discover(["."])
    assert names(found) == ["a.yaml"]
    assert found.skipped == (Skipped("sub", SkipReason.OUTSIDE_TREE),)


def test_a_forged_listing_does_not_lead_outside(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo, "a.yaml", ".git/x.yaml", "../outside.yaml")
    deep = "d/" * 500_000 + "x.yaml"
    forged = ["../outside.yaml", "./a.yaml", "/a.yaml", ".git/x.yaml", "a.yaml", "a.yaml", deep]
    forged += ["..", ".git", "a.yaml/"]
    monkeypatch.setattr("linter.sources.discovery.list_worktree", lambda _: forged)
    found = discover(["."])
    assert names(found) == ["a.yaml"]


def test_a_file_replaced_by_a_directory(repo: Path, git: Git) -> None:
    (repo / ".gitignore").write_text("*.tmp.yaml\n")
    put(repo, "a.yaml")
    git("add", "-A")
    (repo / "a.yaml").unlink()
    put(repo, "a.yaml/b.yaml", "a.yaml/c.tmp.yaml")
    assert names(discover(["."])) == ["a.yaml/b.yaml"]


def test_a_tracked_file_replaced_by_a_pipe_is_counted(repo: Path, git: Git) -> None:
    put(repo, "a.yaml")
    git("add", "-A")
    (repo / "a.yaml").unlink()
    os.mkfifo(repo / "a.yaml")
    assert discover(["."]).skipped == (Skipped("a.yaml", SkipReason.NOT_REGULAR),)


def test_submodules_and_nested_repositories_are_listed(
    repo: Path, git: Git, tmp_path: Path
) -> None:
    inner = tmp_path / "inner"
    git("init", "-q", str(inner))
    put(inner, "i.yaml")
    git("add", "-A", cwd=inner)
    git("commit", "-qm", "one", cwd=inner)
    git("submodule", "--quiet", "add", str(inner), "mod")
    git("init", "-q", str(repo / "nested"))
    (repo / "mod" / ".gitignore").write_text("skip.yaml\n")
    git("init", "-q", str(repo / "unwanted"))
    put(repo, "a.yaml", "mod/new.yaml", "mod/skip.yaml", "nested/n.yaml", "unwanted/u.yaml")
    (repo / "unwanted" / ".gitignore").write_text("*\n")
    found = discover(["."])
    assert names(found) == ["a.yaml", "mod/i.yaml", "mod/new.yaml", "nested/n.yaml"]
    assert found.notes == ()
    shutil.rmtree(repo / "mod")
    put(repo, "mod/by-hand.yaml")
    assert names(discover(["."])) == ["a.yaml", "mod/by-hand.yaml", "nested/n.yaml"]


def test_a_linked_work_tree(repo: Path, git: Git, tmp_path: Path) -> None:
    (repo / ".gitignore").write_text("skip.yaml\n")
    put(repo, "a.yaml")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("worktree", "add", "-q", str(tmp_path / "second"))
    put(tmp_path / "second", "skip.yaml")
    found = discover([str(tmp_path / "second")])
    assert names(found) == [f"{tmp_path}/second/a.yaml"]
    assert found.notes == ()


def test_a_conflict_lists_the_file_once(repo: Path, git: Git) -> None:
    put(repo, "a.yaml")
    blob = git("hash-object", "-w", "a.yaml").strip()
    stages = "".join(f"100644 {blob} {stage}\ta.yaml\n" for stage in (1, 2, 3))
    subprocess.run(["git", "update-index", "--index-info"], input=stages, text=True, check=True)
    assert names(discover(["."])) == ["a.yaml"]


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": ".git"},
        {"GIT_DIR": "{repo}/.git"},
        {"GIT_DIR": "{repo}/.git", "GIT_WORK_TREE": "{repo}", "GIT_PREFIX": "sub/"},
        {"GIT_INDEX_FILE": ".git/next-index-1.lock"},
        {"GIT_INDEX_FILE": "{repo}/.git/index"},
        {"GIT_COMMON_DIR": "{repo}/.git", "GIT_OBJECT_DIRECTORY": "{repo}/.git/objects"},
    ],
)
def test_the_environment_of_a_hook_is_not_mistaken(
    repo: Path,
    git: Git,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
) -> None:
    other = tmp_path / "other"
    git("init", "-q", str(other))
    (other / ".gitignore").write_text("skip.yaml\n")
    put(other, "forced.yaml", "o.yaml", "skip.yaml")
    git("add", "-f", "forced.yaml", cwd=other)
    (other / ".gitignore").write_text("skip.yaml\nforced.yaml\n")
    put(repo, "a.yaml")
    git("add", "-A")
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value.format(repo=repo))
    here, there = discover(["."]), discover([str(other)])
    assert (names(here), here.notes) == (["a.yaml"], ())
    assert (names(there), there.notes) == ([f"{other}/forced.yaml", f"{other}/o.yaml"], ())


def test_inside_a_commit_of_all_changes(repo: Path, git: Git) -> None:
    put(repo, "a.yaml", "b.yaml")
    git("add", "-A")
    git("commit", "-qm", "one")
    (repo / "b.yaml").unlink()
    put(repo, "new.yaml")
    code = "from linter.sources.discovery import discover; print(discover(['.']))"
    hook = repo / ".git" / "hooks" / "pre-commit"
    project = Path(__file__).parents[2]
    hook.write_text(
        f"#!/bin/sh\nenv | grep -q GIT_INDEX_FILE || exit 1\n"
        f'PYTHONPATH="{project}" "{sys.executable}" -c "{code}" > .git/seen\n'
    )
    hook.chmod(0o755)
    git("commit", "-qam", "two")
    found = discover(["."])
    assert (repo / ".git" / "seen").read_text() == f"{found}\n"
    assert names(found) == ["a.yaml", "new.yaml"]


def test_a_repository_runs_nothing_of_its_own(repo: Path, git: Git, tmp_path: Path) -> None:
    put(repo, "a.yaml")
    git("add", "-A")
    ran = tmp_path / "ran"
    program = repo / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.ls-files",
        "filter.x.clean",
        "diff.external",
    ):
        git("config", key, str(program))
    (repo / ".gitattributes").write_text("*.yaml filter=x\n")
    hook = repo / ".git" / "hooks" / "post-index-change"
    shutil.copy(program, hook)
    git("status")
    assert ran.exists(), "the trap does not work"
    ran.unlink()
    assert names(discover(["."])) == ["a.yaml"]
    assert not ran.exists()


def test_a_partial_clone_fetches_nothing(repo: Path, git: Git, tmp_path: Path) -> None:
    """Git reads an ignore file that is not checked out from its store, or from a remote."""
    ran = tmp_path / "ran"
    put(repo, "a.yaml", "sub/.gitignore", "sub/b.yaml")
    git("add", "-A")
    git("update-index", "--skip-worktree", "sub/.gitignore")
    blob = git("rev-parse", ":sub/.gitignore").strip()
    (repo / "sub" / ".gitignore").unlink()
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    put(repo, "sub/untracked.yaml")
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::touch {ran}",
        "protocol.ext.allow": "always",
    }.items():
        git("config", key, value)
    subprocess.run(["git", "ls-files", "--others", "--exclude-standard"], check=False)
    assert ran.exists(), "the trap does not work"
    ran.unlink()
    assert names(discover(["."])) == ["a.yaml", "sub/b.yaml", "sub/untracked.yaml"]
    assert not ran.exists()


@pytest.mark.parametrize(
    "paths",
    [["."], ["", "z", "."], ["a", "."], ["a", "l", "a/b"], ["a/1.yaml", "l.yaml", "."], ["x/y/.."]],
)
def test_a_large_index_is_listed_as_a_small_one_is(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch, paths: list[str]
) -> None:
    put(repo, *(f"{folder}/{n}.yaml" for folder in ("a", "a/b", "a-b", "z", "é") for n in "123"))
    put(repo, "x/y/gone.yaml", "x/y/there.yaml", "n\nl/c.yaml", "was/f.yaml", "t.txt", "A.YML")
    Path(os.fsdecode(os.fsencode(repo) + b"/a/\xff\xfe.yaml")).write_text("a: 1\n")
    (repo / "l").symlink_to("a")
    (repo / "l.yaml").symlink_to("a/1.yaml")
    (repo / "z" / "l.yaml").symlink_to("../t.txt")
    (repo / "out.yaml").symlink_to("/etc/passwd")
    git("add", ".")
    (repo / ".gitignore").write_text("was\nignored.yaml\n")
    put(repo, "a/new.yaml", "ignored.yaml", "untracked/u.yaml")
    (repo / "a" / "2.yaml").write_text("a: 2, and more\n")
    (repo / "a" / "3.yaml").chmod(0o755)
    (repo / "x" / "y" / "gone.yaml").unlink()
    (repo / "was").rename(repo / "elsewhere")
    (repo / "was").symlink_to("elsewhere")
    given = [path or str(repo / "a") for path in paths]
    small = discover(given)
    monkeypatch.setattr(worktree, "_LARGE_INDEX", 0)
    assert discover(given) == small
    assert small.candidates


def test_git_is_asked_once_of_what_stands_in_a_directory(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repo, "a.yaml", "b/c.yaml")
    git("add", ".")
    monkeypatch.setattr(worktree, "_LARGE_INDEX", 0)
    asked: list[str] = []
    begin = worktree.begin_states

    def noted(directory: str, *, sure: bool) -> Callable[[], tuple[bytes, list[str]]]:
        asked.append(directory)
        return begin(directory, sure=sure)

    monkeypatch.setattr(worktree, "begin_states", noted)
    with worktree.States() as states:
        assert [one.paths() for one in guesses(["."])] == [["./a.yaml", "./b/c.yaml"]]
        put(repo, "late.yaml")
        assert names(discover([".", "b"], states)) in (
            ["a.yaml", "b/c.yaml"],
            ["a.yaml", "b/c.yaml", "late.yaml"],
        )
        states.begin(str(repo / "b"))
        assert listing_of(["."], states).texts["."].count(b"\0") == 2
    assert asked == [str(repo), str(repo / "b")]


def test_what_git_refuses_is_refused_to_all_who_ask(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with worktree.States() as states:
        states.begin(str(tmp_path))
        for _ in range(2):
            with pytest.raises(worktree.ListingError, match="git repository"):
                states.of(str(tmp_path))


@pytest.mark.usefixtures("repo")
def test_git_is_waited_for_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []

    def begun(directory: str, *, sure: bool) -> Callable[[], tuple[bytes, list[str]]]:
        return lambda: (waited.append(directory), (b"", []))[1]

    monkeypatch.setattr(worktree, "begin_states", begun)

    def interrupted() -> None:
        with worktree.States() as states:
            states.begin("/a")
            states.begin("/b")
            assert states.of("/a") == (b"", [])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert waited == ["/a", "/b"]


def test_a_folder_dressed_as_a_bare_repository_hides_nothing(repo: Path, git: Git) -> None:
    git("init", "-q", "--bare", "evil")
    git("config", "--file", "evil/config", "core.bare", "false")
    git("config", "--file", "evil/config", "core.worktree", "..")
    (repo / "evil" / "info" / "exclude").write_text("hidden.yaml\n")
    put(repo, "a.yaml", "evil/b.yaml", "evil/hidden.yaml")
    assert names(discover(["."])) == ["a.yaml", "evil/b.yaml", "evil/hidden.yaml"]
    assert names(discover(["evil"])) == ["evil/b.yaml", "evil/hidden.yaml"]


def fallback(found: Discovery) -> str:
    """Return why git did not list, having checked that the walk took its place."""
    assert names(found) == ["a.yaml", "ignored.yaml"]
    (note,) = found.notes
    assert note.startswith(".: git did not list it (")
    assert note.endswith("so ignored files are read too")
    assert note.isprintable()
    return note


@pytest.fixture
def refused(repo: Path, git: Git) -> Path:
    """Return a repository with an ignored file, which a walk takes."""
    (repo / ".gitignore").write_text("ignored.yaml\n")
    put(repo, "a.yaml", "ignored.yaml")
    git("add", "-A")
    assert names(discover(["."])) == ["a.yaml"]
    return repo


@pytest.mark.usefixtures("refused")
def test_without_git_the_directory_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert "git could not be run (No such file or directory)" in fallback(discover(["."]))


@pytest.mark.parametrize("broken", ["index", "HEAD", "config"])
def test_a_corrupt_repository_is_walked(refused: Path, broken: str) -> None:
    (refused / ".git" / broken).write_bytes(b"\x00\xffrubbish\n\x1b[31m")
    fallback(discover(["."]))


def test_an_empty_store_is_walked(refused: Path) -> None:
    shutil.rmtree(refused / ".git")
    (refused / ".git").mkdir()
    assert "not a git repository" in fallback(discover(["."]))


def test_a_dangling_store_is_walked(refused: Path) -> None:
    shutil.rmtree(refused / ".git")
    (refused / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert "not a git repository" in fallback(discover(["."]))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a directory away")
def test_a_repository_of_somebody_else_is_walked(refused: Path) -> None:
    for path in (refused / ".git", refused):
        os.chown(path, 54321, 54321)
    assert "dubious ownership" in fallback(discover(["."]))


def test_permission_granted_through_the_environment_counts(
    refused: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a directory away")
    for path in (refused / ".git", refused):
        os.chown(path, 54321, 54321)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    assert names(discover(["."])) == ["a.yaml"]


def test_a_git_that_waits_for_ever_is_given_up(
    refused: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refused / "sub").mkdir()
    os.mkfifo(refused / "sub" / ".gitignore")
    monkeypatch.setattr(git_command, "TIMEOUT_SECONDS", 0.2)
    assert "git did not answer within 0.2 seconds" in fallback(discover(["."]))
