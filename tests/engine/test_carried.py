"""A run that carries most of an earlier one over finds what it would find without.

The oracle is the run that reads everything.
"""

from __future__ import annotations

import os
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from builders import profile, rules
from effort import THOROUGH, tried
from fleet_trees import told, write
from git_commands import git
from governed_fleet import EXTRA, FLEET, edited, imported, listed, single_edits
from hypothesis import given
from hypothesis import strategies as st
from repositories import PROFILE, hub, instance, racks, site, template

import linter.engine.run as run_module
import linter.sources.listing as listing_module
from linter.engine.cache import Cache
from linter.engine.judging import Judge
from linter.engine.run import lint
from linter.sources.reading import read as read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.engine.verdict import Verdict
    from linter.facts.scope import Facts
    from linter.sources.candidates import Candidate, Skipped
    from linter.sources.scopes import Scope

RULES = rules()

SITES = {f"sites/{n:02}.yaml": instance(f"c{n:02}", f"group: g{n % 10}") for n in range(40)}
POLICIES = {f"policies/{n}.yaml": template(binding=f"group: g{n}", name=f"p{n}") for n in range(10)}
DEN = profile("0-3", "4-7")
LIST = "kind: Kustomization\ngenerators:\n" + "".join(f"- {n:02}.yaml\n" for n in range(40))
MANY = (
    SITES
    | POLICIES
    | {f"den-{n}/openshift/x.yaml": DEN for n in range(5)}
    | {"sites/kustomization.yaml": LIST}
)
SEVENTH = {"07", "17", "27", "37"}
GOVERNING = {name for name in MANY if not name.startswith(("sites/0", "sites/1", "den-"))} - {
    f"sites/{n}.yaml" for n in range(20, 40)
}
NARROWER = POLICIES["policies/7.yaml"].replace("0-1,20-21", "0-2,20-22")
CROWD = {
    **{name: text for name, text in SITES.items() if "/0" in name},
    **{f"sites/1{n}.yaml": site(f"d{n}", f"group: g{n % 3}\nrack: r1") for n in range(7)},
    "sites/20.yaml": instance("e0", "group: g1") + "  extraManifestsRefs:\n  - name: given\n",
    "sites/21.yaml": instance("e1", "group: g2\nrack: r1") + "# wplint: ignore[WPL203] so be it\n",
    "sites/given.yaml": FLEET["sites/given.yaml"].replace("namespace: f", "namespace: e0"),
    "sites/kustomization.yaml": listed(
        "generators", *(f"0{n}.yaml" for n in range(9)), *(f"1{n}.yaml" for n in range(7))
    )
    + "resources:\n- 20.yaml\n- 21.yaml\n- given.yaml\n",
    "hub/d1.yaml": imported("d1", "tier: gold"),
    **{f"policies/{n}.yaml": POLICIES[f"policies/{n}.yaml"] for n in (0, 3, 4)},
    "policies/1.yaml": POLICIES["policies/1.yaml"].replace("0-1,20-21", "0-3,20-22"),
    "policies/2.yaml": template(hub("reserved"), hub("isolated"), "group: g2", "two"),
    "policies/racks.yaml": racks("r1-reserved: 0-1\nr1-isolated: 1-39\n"),
    "policies/kustomization.yaml": listed("generators", *(f"{n}.yaml" for n in range(5)))
    + "resources:\n- racks.yaml\n",
    "policies/source-crs/PerformanceProfile.yaml": PROFILE,
    "lab/openshift/p.yaml": profile("0-1", "2-7"),
}
"""Clusters of which several have the same things wrong with them."""


@pytest.fixture(autouse=True)
def _small_and_old() -> Iterator[None]:
    with mock.patch.object(run_module, "FEW", 0), mock.patch.object(listing_module, "YOUNG", 0):
        yield


class Repository:
    """A directory of manifests with a cache of its runs."""

    def __init__(self, folder: str, files: Mapping[str, str], *, in_git: bool = False) -> None:
        self.folder = folder
        self.cache = Cache(f"{folder}-cache")
        self.files: dict[str, str] = {}
        if in_git:
            Path(folder).mkdir(exist_ok=True)
            git(folder, "init", "-q")
        self.become(files)

    def become(self, files: Mapping[str, str]) -> None:
        """Hold these files and no others; what is the same is not written again."""
        for name in self.files.keys() - files.keys():
            Path(self.folder, name).unlink()
        write(self.folder, {n: text for n, text in files.items() if self.files.get(n) != text})
        self.files = dict(files)

    def whole(self) -> list[object]:
        """Return what a run tells that reads everything."""
        return told(lint([self.folder], RULES))

    def cached(self) -> list[object]:
        """Return what a run tells that may take from the one before.

        Each of its findings names places in one text of a file, however it came about.
        """
        outcome = lint([self.folder], RULES, cache=self.cache)
        for item in outcome.findings:
            files = {label.ref.file for label in item.labels}
            assert len(files) == len({file.path for file in files})
        return told(outcome)

    def committed(self) -> None:
        """Commit what is there."""
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "-m", "all")

    def carried(self) -> list[object] | None:
        """Return what a run tells that takes from the one before; None where it does not."""
        with mock.patch.object(run_module, "discover", side_effect=NotImplementedError):
            try:
                return self.cached()
            except NotImplementedError:
                return None


def check(states: list[Mapping[str, str]], *, in_git: bool) -> None:
    """Hold what is told of each of some states, one after the other, against a whole run."""
    with tempfile.TemporaryDirectory() as above:
        repository = Repository(f"{above}/tree", states[0], in_git=in_git)
        assert repository.cached() == repository.whole()
        for files in states[1:]:
            repository.become(files)
            assert repository.cached() == repository.whole()


@tried(60)
@given(st.data())
def test_edits_tell_the_same_as_a_run_of_everything(data: st.DataObject) -> None:
    files = data.draw(st.sampled_from([FLEET, FLEET | EXTRA, CROWD, CROWD | FLEET]).flatmap(edited))
    states = [files]
    for _ in range(data.draw(st.integers(1, 3))):
        states.append(data.draw(edited(states[-1])))
    with mock.patch.object(run_module, "FEW", 0), mock.patch.object(listing_module, "YOUNG", 0):
        check(states, in_git=data.draw(st.sampled_from([False, False, True])))


@pytest.mark.parametrize("base", [FLEET, CROWD], ids=["fleet", "crowd"])
def test_each_edit_tells_the_same_as_a_run_of_everything(
    tmp_path: Path, base: dict[str, str]
) -> None:
    repository = Repository(str(tmp_path / "tree"), base, in_git=True)
    repository.committed()
    assert repository.cached() == repository.whole()
    (kept,) = Path(f"{repository.folder}-cache").iterdir()
    data = kept.read_bytes()
    told_apart: list[str] = []
    edits = list(islice(single_edits(base), 0, None, 1 if THOROUGH else 8))
    for words, files in edits:
        kept.write_bytes(data)
        repository.become(files)
        carried = repository.carried()
        if carried is not None:
            told_apart.append(words)
            assert carried == repository.whole(), words
    assert len(told_apart) > len(edits) // 2


SITES_LIST = CROWD["sites/kustomization.yaml"]
OVERLAY = (
    listed("resources", "../sites")
    + "patches:\n- target: {kind: ClusterInstance}\n"
    + "  patch: |\n    - op: remove\n      path: /spec/nodes\n"
)


@pytest.mark.parametrize(
    ("base", "name", "old", "new"),
    [
        # Of two ConfigMaps of one name, the one that is listed counts.
        (
            {"policies/others.yaml": racks("r1-reserved: 0-3\nr1-isolated: 4-39\n")},
            "policies/kustomization.yaml",
            "- racks.yaml",
            "- others.yaml",
        ),
        # What another kustomization patches is not what is written.
        (
            {"overlay/kustomization.yaml": OVERLAY, "sites/kustomization.yaml": SITES_LIST},
            "sites/kustomization.yaml",
            "- 08.yaml\n",
            "- 08.yaml\n- 09.yaml\n",
        ),
        # What is made of files is more than what is listed.
        (
            {
                "sites/22.yaml": CROWD["sites/20.yaml"].replace("e0", "e2").replace("given", "m"),
                "sites/more.yaml": FLEET["sites/more.yaml"],
                "sites/kustomization.yaml": SITES_LIST + "- 22.yaml\n",
            },
            "sites/kustomization.yaml",
            "resources:\n",
            "configMapGenerator:\n- {name: m, namespace: e2, files: [more.yaml]}\nresources:\n",
        ),
        # A SiteConfig is a generator, and no resource.
        ({}, "sites/kustomization.yaml", "- 16.yaml\n", ""),
        ({}, "sites/kustomization.yaml", "- given.yaml\n", "- given.yaml\n- 16.yaml\n"),
    ],
)
def test_lists_of_kustomizations_tell_the_same(
    base: dict[str, str], name: str, old: str, new: str
) -> None:
    before = CROWD | base
    assert before[name].replace(old, new) != before[name]
    check([before, before | {name: before[name].replace(old, new)}], in_git=False)


def opened(repository: Repository) -> tuple[set[str], list[str]]:
    """Run over what was carried over, and return the files that are read and what is judged."""
    read: set[str] = set()
    judged: list[str] = []
    verdict = Judge.verdict

    def reading(candidate: Candidate) -> bytes | Skipped:
        read.add(os.path.relpath(candidate.path, repository.folder))
        return read_file(candidate)

    def judging(self: Judge, scope: Scope, facts: list[Facts]) -> Verdict:
        judged.append(scope.name)
        return verdict(self, scope, facts)

    with mock.patch.object(Judge, "verdict", judging):
        outcome = lint([repository.folder], RULES, read=reading, cache=repository.cache)
    assert told(outcome) == repository.whole()
    return read, judged


@pytest.mark.parametrize(
    ("changed", "sites", "judged"),
    [
        # The four sites of the group, and of each other group one; clean ones once a group.
        ({"policies/7.yaml": NARROWER}, SEVENTH, 13),
        ({"policies/7.yaml": POLICIES["policies/7.yaml"] + "# said\n"}, SEVENTH, 10),
        ({"sites/23.yaml": instance("c23", "group: g4")}, {"23"}, 10),
        ({"sites/40.yaml": instance("c40", "group: g4")}, {"40"}, 11),
        ({"apps/new.yaml": "kind: Deployment\n", "README.md": "new\n"}, set(), 10),
        ({"den-9/openshift/x.yaml": DEN}, set(), 10),
        ({"sites/kustomization.yaml": LIST.replace("- 05.yaml\n", "")}, {"05"}, 11),
    ],
)
def test_only_what_it_may_concern_is_read(
    tmp_path: Path, changed: dict[str, str], sites: set[str], judged: int
) -> None:
    repository = Repository(str(tmp_path / "tree"), MANY)
    repository.cached()
    repository.become(MANY | changed)
    files, names = opened(repository)
    read_sites = {name[6:8] for name in files if name.startswith("sites/") and name[6].isdigit()}
    assert read_sites >= sites
    assert len(read_sites - sites) <= 10  # one of each group
    assert files | {"README.md"} >= GOVERNING
    assert sum(name.startswith("c") for name in names) <= judged
    assert not any(name.startswith("den-") for name in files - changed.keys())


def test_a_run_that_was_carried_over_is_kept(tmp_path: Path) -> None:
    repository = Repository(str(tmp_path / "tree"), MANY)
    repository.cached()
    repository.become(MANY | {"policies/7.yaml": NARROWER})
    repository.cached()
    files, names = opened(repository)
    assert (names, files) == ([], {"policies/7.yaml"})  # which the findings are about
    repository.become(MANY)
    assert {"sites/07.yaml", "sites/17.yaml"} < opened(repository)[0]


def test_a_file_that_git_does_not_know_is_counted(tmp_path: Path) -> None:
    """It says nothing, but a run tells how many files it found."""
    repository = Repository(str(tmp_path / "tree"), MANY, in_git=True)
    git(repository.folder, "add", "-A")
    git(repository.folder, "commit", "-q", "-m", "all")
    assert repository.cached() == repository.whole()
    repository.become(MANY | {"apps/new.yaml": "kind: Deployment\n"})
    assert repository.cached() == repository.whole()
    repository.become(MANY)
    assert repository.cached() == repository.whole()
