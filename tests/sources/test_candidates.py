"""However files are given, they are the sorted sequence of all of them."""

from __future__ import annotations

import os
from itertools import groupby
from typing import NamedTuple

from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.candidates import Candidate, Candidates, Directory, printable


class Folder(NamedTuple):
    """A directory as it is opened and as people are shown it."""

    path: str
    name: str


FOLDERS = [
    Folder("", ""),
    Folder("a/", "a/"),
    Folder("a/b/", "a/b/"),
    Folder("/tmp/root/b/", "b/"),
    Folder("/tmp/root/", "/tmp/root/"),
    Folder("/", "/"),
    Folder("c\x1b/", "c\x1b/"),
    Folder("../d/", "/tmp/d/"),
]
LEAVES = [
    "a.yaml",
    "b.yml",
    "B.YAML",
    "a",
    "e\x1b.yaml",
    "e\udcff.yaml",
    ".yaml",
    "kustomization.yaml",
]
"""With two names of which people are shown the same."""

FILES = st.lists(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(LEAVES), st.booleans()),
    unique_by=lambda file: file[:2],
)
"""Files, each with whether it is given by itself."""


def of(folder: Folder, leaf: str) -> Candidate:
    """Return a file as it is found."""
    return Candidate(folder.path + leaf, printable(folder.name + leaf))


def given_as(files: list[tuple[Folder, str, bool]]) -> Candidates:
    """Return files, some by themselves and some by their directories."""
    beneath = sorted((folder, leaf) for folder, leaf, alone in files if not alone)
    return Candidates(
        [of(folder, leaf) for folder, leaf, alone in files if alone],
        [
            Directory(folder.path, folder.name, [leaf for _, leaf in listed])
            for folder, listed in groupby(beneath, key=lambda file: file[0])
        ],
    )


@tried(400)
@given(FILES, st.data())
def test_they_are_the_sorted_sequence_of_the_files(
    files: list[tuple[Folder, str, bool]], data: st.DataObject
) -> None:
    found = given_as(files)
    listed = sorted((of(folder, leaf) for folder, leaf, _ in files), key=lambda c: (c.name, c.path))
    assert len(found) == len(listed)
    assert list(found) == listed
    assert list(given_as(files)[1:-1]) == listed[1:-1]
    assert found == Candidates(reversed(listed))
    assert all(found[number] == one for number, one in enumerate(listed))
    assert found[-1:] == tuple(listed[-1:])
    assert all(one in found for one in listed)
    assert (found == Candidates(listed[1:])) is (not listed)
    assert found != listed
    assert eval(repr(found)) == found

    paths = [folder.path + leaf for folder in FOLDERS for leaf in LEAVES]
    asked = data.draw(st.lists(st.sampled_from([*paths, "", "a/", "b", "z/a.yaml"]), unique=True))
    by_path = {candidate.path: candidate for candidate in listed}
    fresh = given_as(files)
    assert fresh.among(asked) == [by_path[path] for path in asked if path in by_path]
    assert fresh.named(asked) == {path: by_path[path] for path in asked if path in by_path}
    assert fresh.beyond(set(asked)) == [one for one in listed if one.path not in asked]


@tried(200)
@given(FILES)
def test_each_directory_is_named_once_with_all_of_its_files(
    files: list[tuple[Folder, str, bool]],
) -> None:
    directories = list(given_as(files).directories())
    assert len({one.path for one in directories}) == len(directories)
    expected = {}
    for folder, leaf, _ in files:
        name = os.path.join(os.path.dirname(printable(folder.name + leaf)), "")
        expected.setdefault((folder.path, name), set()).add(leaf)
    assert {(one.path, one.name): set(one.leaves) for one in directories} == expected
    assert all(len(set(one.leaves)) == len(one.leaves) for one in directories)
