"""A run that recalls an earlier one finds what it would find without."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from builders import rules
from effort import tried
from fleet_trees import files, install_config, told, trees, write
from git_commands import git
from hypothesis import given
from hypothesis import strategies as st

import linter.engine.cache as cache_module
import linter.engine.run as run_module
import linter.sources.listing as listing_module
from linter.engine.cache import Cache, usual_folder
from linter.engine.loader import select_rules
from linter.engine.run import lint
from linter.model.releases import Release
from linter.sources.listing import NoListingError, listing_of
from linter.sources.worktree import ListingError, list_states

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = rules()
CLUSTER = {
    "install-config.yaml": install_config("north", "AllNodes"),
    "openshift/files.yaml": files("0-3", "0-2"),
    "apps/deployment.yaml": "kind: Deployment\n",
}


@contextmanager
def small_and_old() -> Iterator[None]:
    """Let small trees be kept, and the files of tests, which are young."""
    with mock.patch.object(run_module, "FEW", 0), mock.patch.object(listing_module, "YOUNG", 0):
        yield


@pytest.fixture(autouse=True)
def _small_and_old() -> Iterator[None]:
    with small_and_old():
        yield


@pytest.fixture
def tree(tmp_path: Path) -> str:
    """Return a tree of two clusters, one of which is broken like the other."""
    folder = str(tmp_path / "tree")
    for name in ("a", "b"):
        write(folder, {f"{name}/{file}": text for file, text in CLUSTER.items()})
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path / "cache"))


def kept(cache: Cache) -> list[Path]:
    folder = Path(cache._folder)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def commit(folder: str) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "all")


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 100),
        st.sampled_from(["rewrite", "append", "comment", "relevant", "delete", "add", "same"]),
    ),
    max_size=3,
)


def change(folder: str, number: int, what: str) -> None:
    """Change a file of a tree."""
    paths = sorted(path for path in Path(folder).rglob("*.yaml") if path.is_file())
    path = paths[number % len(paths)] if paths else Path(folder, "new.yaml")
    text = path.read_text() if path.exists() else ""
    match what:
        case "rewrite":
            path.write_text(text.replace("0-3", "0-2"))
        case "append":
            path.write_text(f"{text}---\nkind: Deployment\n")
        case "comment":
            path.write_text(f"# a comment\n{text}")
        case "relevant":
            path.write_text(files("0-3", "0-1"))
        case "delete":
            path.unlink(missing_ok=True)
        case "add":
            path.with_name(f"new-{number}.yaml").write_text(files("0-3", "0-1"))
        case "same":
            os.utime(path) if path.exists() else None


def check(tree: dict[str, str], changes: list[tuple[int, str]], *, in_git: bool) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as kept_in:
        cache = Cache(kept_in)
        write(folder, tree)
        if in_git:
            commit(folder)
        expected = told(lint([folder], RULES))
        assert told(lint([folder], RULES, cache=cache)) == expected
        assert told(lint([folder], RULES, cache=cache)) == expected
        for number, what in changes:
            change(folder, number, what)
            expected = told(lint([folder], RULES))
            assert told(lint([folder], RULES, cache=cache)) == expected
        if in_git:
            git(folder, "add", "-A")
            assert told(lint([folder], RULES, cache=cache)) == expected
            git(folder, "reset", "-q", "--hard")
            assert told(lint([folder], RULES, cache=cache)) == told(lint([folder], RULES))


@tried(25)
@given(trees(), CHANGES)
def test_no_report_shows_that_it_was_recalled(
    tree: dict[str, str], changes: list[tuple[int, str]]
) -> None:
    with small_and_old():
        check(tree, changes, in_git=False)


@tried(6)
@given(trees(), CHANGES)
def test_no_report_shows_that_git_told(
    tree: dict[str, str], changes: list[tuple[int, str]]
) -> None:
    with small_and_old():
        check(tree, changes, in_git=True)


@pytest.mark.parametrize("in_git", [False, True])
def test_what_has_not_changed_is_neither_read_nor_judged(
    tree: str, cache: Cache, judged: list[str], in_git: bool
) -> None:
    if in_git:
        commit(tree)
    expected = told(lint([tree], RULES, cache=cache))
    judged.clear()
    assert told(lint([tree], RULES, cache=cache)) == expected
    assert judged == []
    Path(tree, "a", "apps", "deployment.yaml").write_text("kind: Service\n")
    assert told(lint([tree], RULES, cache=cache)) == expected
    assert judged == []
    Path(tree, "b", "openshift", "files.yaml").write_text(files("0-3", "0-3"))
    changed = told(lint([tree], RULES, cache=cache))
    assert judged == ["b"]
    assert changed != expected
    assert changed == told(lint([tree], RULES))


def test_a_fresh_clone_recalls_what_the_same_commit_gave(tree: str, cache: Cache) -> None:
    commit(tree)
    copy = f"{tree}-copy"
    subprocess.run(["git", "clone", "-q", tree, copy], check=True)
    lint([tree], RULES, cache=cache)
    os.rename(tree, f"{tree}-first")
    os.rename(copy, tree)
    with mock.patch.object(run_module, "Ground", side_effect=AssertionError("it was read again")):
        assert lint([tree], RULES, cache=cache).findings


def test_another_question_is_another_run(tree: str, cache: Cache) -> None:
    lint([tree], RULES, cache=cache)
    lint([tree], select_rules(RULES, ["WPL3"]), cache=cache)
    lint([tree], RULES, Release(16), cache=cache)
    lint([f"{tree}/a"], RULES, cache=cache)
    with mock.patch.object(cache_module, "program_digest", return_value="another program"):
        lint([tree], RULES, cache=cache)
    assert len(kept(cache)) == 5


def test_a_program_is_another_one_when_its_code_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when Python has left its bytecode there."""
    code = tmp_path / "rules" / "a.py"
    code.parent.mkdir()
    code.write_text("a = 1\n")
    monkeypatch.setattr("linter.trees.tree", lambda name: str(code.parent))
    before = cache_module.program_digest()
    (code.parent / "__pycache__").mkdir()
    (code.parent / "__pycache__" / "a.pyc").write_bytes(b"a")
    assert cache_module.program_digest() == before
    code.write_text("a = 12\n")
    assert cache_module.program_digest() != before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: b"{}" + data,
        lambda data: b"{}\n" + data,
        lambda data: b"[" * 100_000,
        lambda data: data.replace(b'"WPL', b'"WPX'),
        lambda data: data.replace(b"0-3", b"0-9"),
    ],
)
def test_damage_is_not_seen(tree: str, cache: Cache, damage: object) -> None:
    expected = told(lint([tree], RULES, cache=cache))
    (path,) = kept(cache)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert told(lint([tree], RULES, cache=cache)) == expected


def test_bytes_that_flip_are_not_seen(tree: str, cache: Cache) -> None:
    expected = told(lint([tree], RULES, cache=cache))
    (path,) = kept(cache)
    data, chance = path.read_bytes(), random.Random(1)
    for _ in range(15):
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        assert told(lint([tree], RULES, cache=cache)) == expected


def test_a_place_that_cannot_be_written_does_not_matter(tree: str, tmp_path: Path) -> None:
    expected = told(lint([tree], RULES))
    taken = tmp_path / "taken"
    taken.write_text("a file")
    for folder in ("/proc/nowhere", "/dev/null", str(taken), str(taken / "below"), "\0"):
        assert told(lint([tree], RULES, cache=Cache(folder))) == expected


def test_a_full_disk_leaves_nothing_behind(tree: str, cache: Cache) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    expected = told(lint([tree], RULES))
    with mock.patch.object(cache_module.os, "replace", full):
        assert told(lint([tree], RULES, cache=cache)) == expected
    assert kept(cache) == []


def test_the_cache_is_bounded_and_the_users_alone(
    tree: str, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    lint([tree], RULES, cache=cache)
    (first,) = kept(cache)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    os.utime(first, (1, 1))
    forgotten = first.with_suffix(".unfinished")
    forgotten.write_bytes(b"x")
    os.utime(forgotten, (1, 1))
    monkeypatch.setattr(cache_module, "ROOM", first.stat().st_size * 3 // 2)
    lint([tree], RULES, Release(16), cache=cache)
    (second,) = kept(cache)
    assert second != first
    monkeypatch.setattr(cache_module, "LARGEST", 10)
    lint([tree], RULES, Release(17), cache=cache)
    assert kept(cache) == [second]


def test_runs_side_by_side_do_not_disturb_each_other(tree: str, tmp_path: Path) -> None:
    program = (
        "import sys, linter.engine.run as run, linter.sources.listing as listing\n"
        "from linter.engine.cache import Cache\n"
        "from linter.engine.loader import load_rules\n"
        "run.FEW, listing.YOUNG = 0, 0\n"
        "for _ in range(4): print(len(run.lint(sys.argv[1:2], load_rules(), "
        "cache=Cache(sys.argv[2])).findings))\n"
    )
    words = [sys.executable, "-c", program, tree, str(tmp_path / "cache")]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {line for one in running for line in one.communicate()[0].splitlines()}
    assert said == {str(len(lint([tree], RULES).findings))}


def test_what_was_written_this_moment_is_looked_at_each_time(
    tree: str, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be written again within the same tick of the clock, to the same size."""
    commit(tree)
    lint([tree], RULES, cache=cache)
    monkeypatch.setattr(listing_module, "YOUNG", 10**9 * 1000)
    path = Path(tree, "b", "openshift", "files.yaml")
    for cpus in ("0-3", "0-1"):
        path.write_text(files("0-3", cpus))
        listing = listing_of([tree])
        assert (listing.young, listing.lasts) == ({str(path)}, False)
        assert told(lint([tree], RULES, cache=cache)) == told(lint([tree], RULES))
    assert len(kept(cache)) == 1


@given(st.lists(st.sampled_from([b"a", b"bb"]), max_size=40), st.data())
@tried(100)
def test_two_listings_differ_where_they_do(words: list[bytes], data: st.DataObject) -> None:
    """However they are divided for comparing."""
    others = list(words)
    for at in data.draw(st.lists(st.integers(0, 40), max_size=2)):
        others[at : at + 1] = [b"c"]
    one, other = b"".join(words), b"".join(others)

    def alike(one: bytes, other: bytes) -> int:
        pairs = enumerate(zip(one, other, strict=False))
        return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))

    start = alike(one, other)
    end = alike(one[start:][::-1], other[start:][::-1])
    with mock.patch.object(listing_module, "_BLOCK", 3):
        assert listing_module._common_start(one, other) == start
        most = min(len(one), len(other)) - start
        assert listing_module._common_end(one, other, most) == end


@pytest.mark.parametrize("in_git", [False, True])
@pytest.mark.parametrize("odd", ["link", "dangling", "repository", "assumed"])
def test_where_a_listing_cannot_tell_it_does_not(tree: str, odd: str, in_git: bool) -> None:
    if odd == "link":
        os.symlink("a", f"{tree}/link")
    elif odd == "dangling":
        os.symlink("nowhere", f"{tree}/link.yaml")
    if in_git:
        commit(tree)
    if odd == "repository":
        write(f"{tree}/c", CLUSTER)
        commit(f"{tree}/c")
    if odd == "assumed" and in_git:
        git(tree, "update-index", "--assume-unchanged", "a/install-config.yaml")
    try:
        plain = listing_of([tree]).is_plain
    except NoListingError:
        plain = False
    assert plain == (not in_git and odd in {"repository", "assumed"})


def test_no_program_of_a_repository_is_run(tree: str, tmp_path: Path) -> None:
    commit(tree)
    Path(tree, ".gitattributes").write_text("*.yaml filter=own\n")
    git(tree, "config", "filter.own.clean", f"touch {tmp_path}/ran; cat")
    Path(tree, "a", "install-config.yaml").write_text("changed: yes\n")
    with pytest.raises(ListingError, match="filters"):
        list_states(tree)
    with pytest.raises(NoListingError):
        listing_of([tree])
    assert not (tmp_path / "ran").exists()


def test_the_usual_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert usual_folder() == "/x/wplint"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/me")
    assert usual_folder() == "/home/me/.cache/wplint"
