"""Writing to a directory: whole files or none, and nothing outside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from linter.render.directory import DirectoryError, FileChange, changes_in, write

if TYPE_CHECKING:
    from pathlib import Path


def test_changes_are_what_differs(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text("a\n")
    (tmp_path / "other.yaml").write_text("old\n")
    texts = {"same.yaml": "a\n", "other.yaml": "new\n", "absent.yaml": "x\n"}
    found = changes_in(str(tmp_path), texts)
    assert [(os.path.basename(one.path), one.before, one.after) for one in found] == [
        ("absent.yaml", None, b"x\n"),
        ("other.yaml", b"old\n", b"new\n"),
    ]
    assert [one.overwrites for one in found] == [False, True]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a", "a\0"])
def test_a_name_is_one_of_the_directory(tmp_path: Path, name: str) -> None:
    with pytest.raises(DirectoryError, match="not the name of a file"):
        changes_in(str(tmp_path), {name: ""})


def test_a_directory_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(DirectoryError, match="not a regular file"):
        changes_in(str(tmp_path), {"a.yaml": ""})


def test_a_link_that_appears_late_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    changes = changes_in(str(tmp_path / "out"), {"a.yaml": "new"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.yaml").symlink_to(target)
    write(changes)
    assert target.read_text() == "mine"
    assert (tmp_path / "out/a.yaml").read_text() == "new"


def test_a_failure_before_the_first_rename_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("old")
    changes = changes_in(str(tmp_path), {"a.yaml": "new", "b.yaml": "new"})
    synced: list[int] = []

    def fail(handle: int) -> None:
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DirectoryError, match=r"No space left on device.*nothing was written"):
        write(changes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml"]
    assert (tmp_path / "a.yaml").read_text() == "old"


def test_a_failure_later_says_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = changes_in(str(tmp_path), {"a.yaml": "new", "b.yaml": "new"})
    replace = os.replace

    def fail(source: str, target: str) -> None:
        if target.endswith("b.yaml"):
            raise OSError(13, "Permission denied", source, None, target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DirectoryError, match=r"b\.yaml \(Permission denied\); written before that"):
        write(changes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml"]


def test_nothing_to_write(tmp_path: Path) -> None:
    write([])
    write([FileChange(str(tmp_path / "deep/a.yaml"), None, b"x")])
    assert (tmp_path / "deep/a.yaml").read_bytes() == b"x"
