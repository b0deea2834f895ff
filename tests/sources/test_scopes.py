"""Which files describe one cluster together."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from linter.sources.candidates import Candidate
from linter.sources.scopes import assign_scopes

if TYPE_CHECKING:
    from pathlib import Path


def scopes_of(*names: str, roots: tuple[str, ...] = (".",)) -> dict[tuple[str, bool], list[str]]:
    """Return the files of each scope by its directory and whether an installer reads it."""
    candidates = [Candidate(name, name) for name in names]
    random.Random(7).shuffle(candidates)
    scopes = assign_scopes(candidates, roots)
    assert [scope.path for scope in scopes] == sorted(scope.path for scope in scopes)
    return {(s.path, s.installer): [c.name for c in s.candidates] for s in scopes}


def test_without_an_installer_everything_is_one_cluster() -> None:
    assert scopes_of("b.yaml", "a/c.yaml", "a/d/e.yaml") == {
        (".", False): ["a/c.yaml", "a/d/e.yaml", "b.yaml"]
    }


@pytest.mark.parametrize("folder", ["manifests", "openshift", "cluster-manifests"])
def test_an_installer_directory_is_a_cluster(folder: str) -> None:
    assert scopes_of(f"one/{folder}/a.yaml", f"two/{folder}/a.yaml") == {
        ("one", True): [f"one/{folder}/a.yaml"],
        ("two", True): [f"two/{folder}/a.yaml"],
    }


def test_its_folders_and_files_belong_together() -> None:
    files = ["c/install-config.yaml", "c/manifests/a.yaml", "c/openshift/b.yaml", "c/x.yaml"]
    assert scopes_of(*files) == {("c", True): files}


def test_beside_installers_each_other_directory_is_a_cluster() -> None:
    assert scopes_of("c/openshift/a.yaml", "d/b.yaml", "d/e/f.yaml", "g.yaml") == {
        ("", False): ["g.yaml"],
        ("c", True): ["c/openshift/a.yaml"],
        ("d", False): ["d/b.yaml"],
        ("d/e", False): ["d/e/f.yaml"],
    }


@pytest.mark.parametrize("name", ["install-config.yaml", "install-config.yml"])
def test_an_install_config_makes_its_directory_one(name: str) -> None:
    assert scopes_of(f"c/{name}", "c/a.yaml") == {("c", True): ["c/a.yaml", f"c/{name}"]}


def test_an_install_config_alone_does_not_make_the_directory_above_one() -> None:
    assert scopes_of("c/openshift/install-config.yaml", "c/a.yaml") == {
        ("c", False): ["c/a.yaml"],
        ("c/openshift", True): ["c/openshift/install-config.yaml"],
    }


def test_the_current_directory_may_be_one() -> None:
    assert scopes_of("openshift/a.yaml", "b.yaml") == {("", True): ["b.yaml", "openshift/a.yaml"]}


def test_a_cluster_is_called_by_the_last_name_that_tells_it_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["one/lab/openshift/a.yaml", "two/lab/openshift/a.yaml", "two/x/openshift/a.yaml"]
    scopes = assign_scopes([Candidate(n, n) for n in names], ["."])
    assert [scope.name for scope in scopes] == ["one/lab", "two/lab", "x"]
    (scope,) = assign_scopes([Candidate("a.yaml", "a.yaml")], ["."])
    assert scope.name == tmp_path.name


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a/b", "a/c", "d"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.usefixtures("folders")
def test_each_given_directory_is_a_cluster_of_its_own() -> None:
    assert scopes_of("a/b/x.yaml", "a/c/y.yaml", roots=("a/b", "a/c")) == {
        ("a/b", False): ["a/b/x.yaml"],
        ("a/c", False): ["a/c/y.yaml"],
    }
    assert scopes_of("a/b/x.yaml", "a/c/y.yaml", roots=("a",)) == {
        ("a", False): ["a/b/x.yaml", "a/c/y.yaml"]
    }


@pytest.mark.usefixtures("folders")
def test_a_file_belongs_to_the_innermost_given_directory() -> None:
    assert scopes_of("a/b/x.yaml", "a/c/y.yaml", roots=("a", "a/b", "a/")) == {
        ("a", False): ["a/c/y.yaml"],
        ("a/b", False): ["a/b/x.yaml"],
    }


def test_files_that_were_given_one_by_one_belong_together(folders: Path) -> None:
    absolute = [str(folders / "a/b/x.yaml"), str(folders / "a/c/y.yaml")]
    assert scopes_of(*absolute, roots=tuple(absolute)) == {(str(folders / "a"), False): absolute}
    assert scopes_of("x.yaml", roots=("x.yaml",)) == {(".", False): ["x.yaml"]}
    assert scopes_of("d/x.yaml", roots=(str(folders / "a/x.yaml"), "d/x.yaml")) != {}


@pytest.mark.usefixtures("folders")
def test_an_installer_in_one_given_directory_leaves_the_other_whole() -> None:
    files = ["a/b/openshift/x.yaml", "a/c/y.yaml", "d/e/z.yaml", "d/z.yaml"]
    assert scopes_of(*files, roots=("a", "d")) == {
        ("a/b", True): ["a/b/openshift/x.yaml"],
        ("a/c", False): ["a/c/y.yaml"],
        ("d", False): ["d/e/z.yaml", "d/z.yaml"],
    }


def test_nothing_is_no_cluster() -> None:
    assert assign_scopes([], ["."]) == []


def test_samples_and_test_data_are_taken_directory_by_directory() -> None:
    assert scopes_of("test/e2e/a/x.yaml", "test/e2e/b/y.yaml", "site/z.yaml", "w.yaml") == {
        (".", False): ["site/z.yaml", "w.yaml"],
        ("test/e2e/a", False): ["test/e2e/a/x.yaml"],
        ("test/e2e/b", False): ["test/e2e/b/y.yaml"],
    }
