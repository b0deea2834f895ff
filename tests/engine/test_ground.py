"""Which files describe a cluster together does not depend on which of them are looked at."""

from __future__ import annotations

import os
from itertools import groupby
from typing import TYPE_CHECKING, NoReturn

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.engine.scoping import Ground, Tally
from linter.engine.survey import Survey
from linter.records import replace
from linter.sources.candidates import Candidate, Candidates, Directory, Discovery
from linter.sources.scopes import assign_scopes, scopes_of

if TYPE_CHECKING:
    from linter.sources.scopes import Scope

FOLDERS = [
    "",
    "a",
    "a/openshift",
    "a/b",
    "a/b/manifests",
    "a/b/more",
    "a/samples/x",
    "a/test/manifests",
    "c",
    "c/cluster-manifests/deep",
    "c/lab/openshift",
    "d/lab/openshift",
    "d/cluster-scoped-resources/nodes",
    "d/namespaces/x",
    "e/dump/cluster-scoped-resources",
    "e/dump/openshift",
    "e/docs",
]
LEAVES = ["install-config.yaml", "install-config.yml", "a.yaml", "b.yaml", "kustomization.yaml"]
ROOTS = st.lists(
    st.sampled_from([".", ".", "a", "a/b", "./c", "d/", "e/docs", "a/b/a.yaml", "c/a.yaml"]),
    min_size=1,
    max_size=3,
)
FILES = st.sets(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(LEAVES)).map(
        lambda file: os.path.join(*file)
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def _there(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Make the directories, in which nothing need be, and go there."""
    folder = tmp_path_factory.mktemp("ground")
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


def unread(candidate: Candidate) -> NoReturn:
    raise AssertionError(f"{candidate.path} is read")


def held(scopes: list[Scope], met: set[str]) -> list[Scope]:
    """Return the scopes with those of their files that were met, if any."""
    narrowed = [
        replace(one, candidates=tuple(c for c in one.candidates if c.path in met)) for one in scopes
    ]
    return [one for one in narrowed if one.candidates]


def by_directory(files: set[str]) -> Candidates:
    """Return files as those of a large tree are known."""
    listed = sorted((os.path.dirname(path), os.path.basename(path)) for path in files)
    return Candidates(
        (),
        [
            Directory(
                os.path.join(folder, ""), os.path.join(folder, ""), [leaf for _, leaf in part]
            )
            for folder, part in groupby(listed, key=lambda file: file[0])
        ],
    )


@pytest.mark.usefixtures("_there")
@tried(600)
@given(FILES, ROOTS, st.data())
def test_what_was_not_met_is_left_out_of_the_scopes(
    files: set[str], roots: list[str], data: st.DataObject
) -> None:
    met = data.draw(st.sets(st.sampled_from(sorted(files)))) if files else set()
    homes = data.draw(st.sets(st.sampled_from(sorted(files)), max_size=2)) if files else set()
    clusters = tuple(sorted((path, os.path.dirname(path)) for path in homes))
    parts: list[list[Candidate]] = [[] for _ in range(6)]
    for path in data.draw(st.permutations(sorted(met))):
        parts[data.draw(st.integers(0, 5))].append(Candidate(path, path))
    survey = Survey(*parts[:4], aside=parts[4], unread=parts[5])

    def ground() -> Ground:
        found = Discovery(by_directory(files), clusters=clusters)
        return Ground(roots, Tally(), unread, found)

    whole, narrowed = ground(), ground()
    narrowed.narrow(survey)
    rest = [Candidate(path, path) for path in files - homes]
    for apart in (False, True):
        everything = assign_scopes(rest, roots, apart=apart)
        assert scopes_of(whole.folders, apart=apart) == everything
        assert scopes_of(narrowed.folders, apart=apart) == held(everything, met - homes)
    assert whole.scopes == assign_scopes(rest, roots)
    assert narrowed.scopes == held(whole.scopes, met - homes)
    assert sorted(c.path for one in whole.scopes for c in one.candidates) == sorted(files - homes)
    assert {(c.path, one.path) for one in whole.explicit for c in one.candidates} == set(clusters)
    leaves = [sorted(folder.leaves) for folder in whole.folders]
    assert [sorted(folder.leaves) for folder in narrowed.folders] == leaves
