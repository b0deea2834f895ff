from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from effort import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from linter.sources.candidates import Candidates
from linter.sources.discovery import (
    Discovery,
    PathError,
    Skipped,
    SkipReason,
    discover,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trees need POSIX links")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty directory that is the current one and in no work tree."""
    root = tmp_path / "tree"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


def put(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"name: {name.splitlines()[0]}\n")


def names(found: Discovery) -> list[str]:
    return [candidate.name for candidate in found.candidates]


def test_endings_in_any_case_are_taken_and_others_are_not(tree: Path) -> None:
    put(tree, "a.yaml", "b/c.YML", "b/d.Json", "e.yaml.bkp", "f.txt", "yaml", ".g.yml")
    assert names(discover(["."])) == [".g.yml", "a.yaml", "b/c.YML", "b/d.Json"]


def test_a_named_file_is_taken_whatever_its_ending(tree: Path) -> None:
    put(tree, "profile.yaml.bkp", "x/y.yaml")
    assert names(discover(["profile.yaml.bkp", "x"])) == ["profile.yaml.bkp", "x/y.yaml"]


@pytest.mark.parametrize("path", ["", "absent.yaml", "file.yaml/below", "nul\0.yaml", "\ud800"])
def test_a_path_that_does_not_exist_is_a_usage_error(tree: Path, path: str) -> None:
    put(tree, "file.yaml")
    with pytest.raises(PathError) as caught:
        discover(["file.yaml", path])
    assert str(caught.value).isprintable()


def test_nothing_given_finds_nothing(tree: Path) -> None:
    put(tree, "a.yaml")
    assert discover([]) == Discovery(Candidates())


def test_names_are_relative_inside_the_current_directory_only(tree: Path) -> None:
    put(tree, "in/a.yaml", "../other/b.yaml")
    other = tree.parent / "other"
    assert names(discover(["./in/"])) == ["in/a.yaml"]
    assert names(discover([str(tree / "in")])) == ["in/a.yaml"]
    assert names(discover(["in/../in/a.yaml"])) == ["in/a.yaml"]
    assert names(discover(["../other/"])) == ["../other/b.yaml"]
    assert names(discover([str(other)])) == [f"{other}/b.yaml"]


def test_the_current_directory_under_its_linked_name(tree: Path) -> None:
    put(tree, "a.yaml")
    (tree.parent / "alias").symlink_to(tree)
    assert names(discover([str(tree.parent / "alias")])) == ["a.yaml"]


def test_dots_behind_a_link_lead_where_the_system_leads(tree: Path) -> None:
    put(tree, "deep/er/x.yaml", "deep/here.yaml", "here.yaml")
    (tree / "link").symlink_to("deep/er")
    found = discover(["link/../here.yaml"])
    assert names(found) == ["deep/here.yaml"]
    assert Path(found.candidates[0].path).read_text() == "name: deep/here.yaml\n"


def test_overlapping_paths_give_each_file_once(tree: Path) -> None:
    put(tree, "a/b/c.yaml", "a/d.yaml")
    expected = ["a/b/c.yaml", "a/d.yaml"]
    for paths in (["a", "a/b", "."], [".", "a/d.yaml", "a"], ["a/b/c.yaml", "a"]):
        assert names(discover(paths)) == expected


def test_links_inside_give_each_file_once_under_its_own_name(tree: Path) -> None:
    put(tree, "z/real.yaml", "z/text.txt")
    (tree / "a.yaml").symlink_to("z/real.yaml")
    (tree / "a-folder").symlink_to("z")
    (tree / "z" / "up").symlink_to("..")
    (tree / "self").symlink_to(".")
    (tree / "text.yaml").symlink_to("z/text.txt")
    (tree / "more.yaml").symlink_to("z/text.txt")
    (tree / "chain.txt").symlink_to("a.yaml")
    found = discover(["."])
    assert names(found) == ["more.yaml", "z/real.yaml"]
    assert found.skipped == ()


def test_named_links_give_way_to_the_file_itself(tree: Path) -> None:
    put(tree, "releases/v3/a.yaml")
    (tree / "current").symlink_to("releases/v3")
    (tree / "a.yaml").symlink_to("current/a.yaml")
    assert names(discover(["a.yaml"])) == ["a.yaml"]
    assert names(discover(["current"])) == ["current/a.yaml"]
    for paths in (["current", "releases", "a.yaml"], ["a.yaml", "releases", "current"]):
        assert names(discover(paths)) == ["releases/v3/a.yaml"]


def test_links_out_of_the_tree_are_skipped_and_counted(tree: Path) -> None:
    put(tree, "in/a.yaml", "out/b.yaml", "outer/c.yaml")
    (tree / "in" / "b.yaml").symlink_to("../out/b.yaml")
    (tree / "in" / "c").symlink_to("../outer")
    (tree / "in" / "run.sh").symlink_to("/bin/sh")
    found = discover(["in"])
    assert names(found) == ["in/a.yaml"]
    outside = SkipReason.OUTSIDE_TREE
    assert found.skipped == (Skipped("in/b.yaml", outside), Skipped("in/c", outside))
    both = discover(["in", "out", "outer"])
    assert names(both) == ["in/a.yaml", "out/b.yaml", "outer/c.yaml"]
    assert both.skipped == ()


def test_a_root_whose_name_begins_like_another_is_outside(tree: Path) -> None:
    put(tree, "in/a.yaml", "in-side/b.yaml")
    (tree / "in" / "b.yaml").symlink_to("../in-side/b.yaml")
    assert [skip.name for skip in discover(["in"]).skipped] == ["in/b.yaml"]


def test_links_that_lead_nowhere_are_counted(tree: Path) -> None:
    put(tree, "a.yaml")
    (tree / "gone.yaml").symlink_to("absent.yaml")
    (tree / "gone").symlink_to("absent")
    (tree / "through.yaml").symlink_to("a.yaml/below")
    (tree / "one.yaml").symlink_to("two.yaml")
    (tree / "two.yaml").symlink_to("one.yaml")
    for paths in (["."], [".", "gone.yaml", "one.yaml"]):
        found = discover(paths)
        assert names(found) == ["a.yaml"]
        assert [(skip.name, skip.reason) for skip in found.skipped] == [
            ("gone", SkipReason.DANGLING_LINK),
            ("gone.yaml", SkipReason.DANGLING_LINK),
            ("one.yaml", SkipReason.LOOP),
            ("through.yaml", SkipReason.DANGLING_LINK),
            ("two.yaml", SkipReason.LOOP),
        ]


def test_a_long_chain_of_links_ends_in_a_skip(tree: Path) -> None:
    put(tree, "0.yaml")
    for number in range(1, 2000):
        (tree / f"{number}.yaml").symlink_to(f"{number - 1}.yaml")
    found = discover(["."])
    assert names(found) == ["0.yaml"]
    assert {skip.reason for skip in found.skipped} == {SkipReason.LOOP}


def test_what_is_no_file_is_counted_and_not_opened(tree: Path) -> None:
    put(tree, "a.yaml")
    os.mkfifo(tree / "pipe.yaml")
    os.mkfifo(tree / "pipe")
    (tree / "to-pipe.yml").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.json")
        found = discover([".", "pipe", "/dev/null"])
    assert names(found) == ["a.yaml"]
    assert found.skipped == tuple(
        Skipped(name, SkipReason.NOT_REGULAR)
        for name in ("/dev/null", "pipe", "pipe.yaml", "s.json", "to-pipe.yml")
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every directory")
def test_a_directory_that_may_not_be_listed_is_a_skip(tree: Path) -> None:
    put(tree, "a.yaml", "closed/b.yaml")
    (tree / "closed").chmod(0)
    try:
        found = discover(["."])
    finally:
        (tree / "closed").chmod(0o700)
    assert names(found) == ["a.yaml"]
    assert found.skipped == (Skipped("closed", SkipReason.UNREADABLE, "Permission denied"),)


def test_a_directory_that_cannot_be_listed_is_a_skip(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, "a.yaml", "closed/b.yaml")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover(["."])
    assert names(found) == ["a.yaml"]
    assert found.skipped == (Skipped("closed", SkipReason.UNREADABLE, "Permission denied"),)


def test_the_store_of_git_is_not_walked(tree: Path) -> None:
    put(tree, "a/.git/config.yaml", "a/b.yaml", "a/.github/c.yaml")
    (tree / "a" / "store").symlink_to(".git")
    found = discover(["."])
    assert names(found) == ["a/.github/c.yaml", "a/b.yaml"]
    assert found.skipped == (Skipped("a/store", SkipReason.OUTSIDE_TREE),)


def test_a_deep_tree_is_no_recursion(tree: Path) -> None:
    depth = sys.getrecursionlimit() + 200
    folders = ["d" + "/d" * level for level in range(depth)]
    for folder in folders:
        os.mkdir(folder)
    file = f"{folders[-1]}/x.yaml"
    Path(file).write_text("a: 1\n")
    try:
        assert names(discover(["."])) == [file]
    finally:  # pytest would remove it by recursion
        os.unlink(file)
        for folder in reversed(folders):
            os.rmdir(folder)


WEIRD = ["-x.yaml", "--help.yaml", "a\nb.yaml", "\x1b[31m.yaml", "'q\"`.yaml", "é ü.yaml", "日.yml"]


def test_weird_names_open_and_are_shown_printable(tree: Path) -> None:
    put(tree, *WEIRD)
    raw = os.fsencode(tree) + b"/\xff\xfe.yaml"
    Path(os.fsdecode(raw)).write_bytes(b"name: raw\n")
    for paths in (["."], [os.fsdecode(raw), *WEIRD]):
        found = discover(paths)
        assert len(found.candidates) == len(WEIRD) + 1
        for candidate in found.candidates:
            assert candidate.name.isprintable()
            assert Path(candidate.path).read_bytes().startswith(b"name: ")
        assert {"a\ufffdb.yaml", "\ufffd\ufffd.yaml", "é ü.yaml"} <= set(names(found))


PARTS = st.sampled_from(["a", "b", "-c", "d.yaml", "é.json", "n\nl.yml", "x.txt"])
PATHS = st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=8, unique=True)


@tried(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=PATHS, links=PATHS, targets=PATHS, seed=st.integers(0, 99))
def test_any_tree_is_found_once_sorted_and_in_any_order(
    tree: Path, files: list[str], links: list[str], targets: list[str], seed: int
) -> None:
    entries: list[tuple[str, str | None]] = [(name, None) for name in files]
    entries += [
        (name, target) for name, target in zip(links, targets, strict=False) if name not in files
    ]
    results = []
    for turn in range(2):
        base = tree / "base"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        random.Random(seed + turn).shuffle(entries)
        for name, target in entries:
            if any(other.startswith(name + "/") for other, _ in entries):
                continue  # it is a directory
            file = base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if target is None:
                file.write_text("a: 1\n")
            else:
                file.symlink_to(base / target)
        results.append(discover(["base"]))
    assert results[0] == results[1]
    found = results[0]
    real = [os.path.realpath(candidate.path) for candidate in found.candidates]
    assert len(real) == len(set(real))
    assert names(found) == sorted(names(found))
    plain = {
        os.path.realpath(os.path.join(folder, name))
        for folder, _, leaves in os.walk(tree / "base")
        for name in leaves
        if name.endswith((".yaml", ".yml", ".json"))
        and not os.path.islink(os.path.join(folder, name))
    }
    assert plain <= set(real)
    assert all(path.startswith(f"{tree}/base/") for path in real)


def test_the_order_of_scanning_does_not_matter(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, "b/1.yaml", "a/2.yaml", "a/c/3.yaml", "0.yaml", "t.txt")
    (tree / "l.yaml").symlink_to("t.txt")
    (tree / "k.yaml").symlink_to("t.txt")
    forward = discover([".", "a"])
    scandir = os.scandir

    class Backward:
        def __init__(self, path: str) -> None:
            with scandir(path) as entries:
                self._entries = sorted(entries, key=lambda entry: entry.name, reverse=True)

        def __enter__(self) -> object:
            return iter(self._entries)

        def __exit__(self, *_: object) -> None:
            return

    monkeypatch.setattr(os, "scandir", Backward)
    assert discover(["a", "."]) == forward
    assert names(forward) == ["0.yaml", "a/2.yaml", "a/c/3.yaml", "b/1.yaml", "k.yaml"]


def test_git_is_not_even_imported_for_named_files(tree: Path) -> None:
    put(tree, "a.yaml")
    code = (
        "import sys; from linter.sources.discovery import discover; discover(['a.yaml']);"
        "print('subprocess' in sys.modules)"
    )
    project = Path(__file__).parents[2]
    output = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert output.strip() == "False"
