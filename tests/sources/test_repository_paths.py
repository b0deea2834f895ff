from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from linter.sources.repository_paths import repository_paths

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Two work trees, one inside the other, and a directory beside them."""
    for folder in ("outer/.git", "outer/sub/deep", "outer/inner/.git", "other/.git", "plain/in"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("outer/sub/deep/a.yaml", "outer/inner/b.yaml", "other/c.yaml", "plain/in/d.yaml"):
        (tmp_path / name).write_text("a: 1\n")
    (tmp_path / "outer" / "link").symlink_to("sub/deep")
    return tmp_path


def test_names_start_at_the_root_of_the_work_tree(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places / "outer" / "sub")
    assert repository_paths(["deep/a.yaml", "../link/a.yaml", "../inner/b.yaml"]) == {
        "deep/a.yaml": "sub/deep/a.yaml",
        "../link/a.yaml": "sub/deep/a.yaml",
        "../inner/b.yaml": "inner/b.yaml",  # as the outer repository, which is checked, has it
    }


def test_files_of_another_work_tree_are_named_from_its_root(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places / "outer" / "inner")
    other, sub = str(places / "other" / "c.yaml"), "../sub/deep/a.yaml"
    assert repository_paths([other, sub]) == {other: "c.yaml", sub: "sub/deep/a.yaml"}


def test_without_a_work_tree_names_start_at_the_current_directory(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places / "plain")
    assert repository_paths(["in/d.yaml"]) == {"in/d.yaml": "in/d.yaml"}
    monkeypatch.chdir(places / "plain" / "in")
    outside = places / "e.yaml"
    outside.write_text("a: 1\n")
    assert repository_paths([str(outside)]) == {str(outside): str(outside)}


def test_the_current_directory_may_be_gone(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = places / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    path = str(places / "other" / "c.yaml")
    assert repository_paths([path]) == {path: "c.yaml"}
