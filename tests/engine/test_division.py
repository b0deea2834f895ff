"""Clusters that several processes join and judge are told of as if one process had done it."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from builders import rules
from effort import THOROUGH, tried
from fleet_trees import Fickle, told, write
from governed_fleet import FLEET, edited, single_edits
from hypothesis import given
from hypothesis import strategies as st
from repositories import hub, instance, racks, template

import linter.engine.division as division_module
import linter.engine.run as run_module
from linter.engine.cache import Cache
from linter.engine.handing import Hand, received
from linter.engine.judging import Judge
from linter.engine.run import lint
from linter.engine.workers import Crew, WorkerError, processors
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from linter.engine.verdict import Judged
    from linter.gitops.recognised import Stated
    from linter.sources.scopes import Scope

    Tree = Callable[[Mapping[str, str | bytes]], str]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

RULES = tuple(rule for rule in rules() if not rule.about_change)
ALIKE = {
    **{f"sites/{n}.yaml": instance(f"c{n}", f"group: g\nrack: r{n % 3}") for n in range(9)},
    "policies/g.yaml": template(hub("reserved"), hub("isolated"), "group: g", "g"),
    "policies/racks.yaml": racks(
        "r0-reserved: 0-1\nr0-isolated: 2-39\nr1-reserved: 0-1\nr1-isolated: 1-39\n"
    ),
}
"""Clusters of which a third is right, a third is wrong in one place, and of a third CPUs miss."""


@contextmanager
def divided(at_once: int = 1) -> Iterator[None]:
    """Let other processes take clusters, some at a time, however few there are."""
    with (
        mock.patch.object(run_module, "FEW", 0),
        mock.patch.object(division_module, "MANY", 0),
        mock.patch.object(division_module, "AT_ONCE", at_once),
    ):
        yield


class Elsewhere(Crew[Any]):
    """A crew of which the first process comes too late to do anything itself."""

    def done(self) -> Iterator[tuple[int, Any]]:
        """Wait until the others have done all."""
        time.sleep(0.3)
        return super().done()


def check(files: Mapping[str, str], at_once: int) -> None:
    """Hold what several processes tell of a tree against what one tells."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, files)
        expected = told(lint([folder], RULES))
        with divided(at_once):
            assert told(lint([folder], RULES, processes=3)) == expected
            cache = Cache(f"{folder}/.cache")
            assert told(lint([folder], RULES, processes=2, cache=cache)) == expected
            assert told(lint([folder], RULES, processes=2, cache=cache)) == expected


@pytest.mark.parametrize("at_once", [1, 2, 50])
@pytest.mark.parametrize("files", [FLEET, ALIKE], ids=["fleet", "alike"])
def test_it_makes_no_difference_who_judges(files: dict[str, str], at_once: int) -> None:
    check(files, at_once)


def test_nor_does_it_after_an_edit() -> None:
    for _, files in islice(single_edits(FLEET), 0, None, 1 if THOROUGH else 12):
        check(files, 1)


@tried(60)
@given(edited(FLEET), st.integers(1, 3))
def test_nor_after_several(files: dict[str, str], at_once: int) -> None:
    check(files, at_once)


def test_there_may_be_more_clusters_than_pieces(tree: Tree) -> None:
    folder = tree(ALIKE)
    expected = told(lint([folder], RULES))
    with divided(), mock.patch.object(division_module, "MOST_PIECES", 2):
        assert told(lint([folder], RULES, processes=2)) == expected


def test_several_processes_take_part(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    folder = tree(ALIKE)
    judged = Judge.judged

    def noted(self: Judge, scope: Scope, stated: Stated) -> Judged:
        Path(folder, f"{'here' if os.getpid() == here else 'there'}-{scope.name}").touch()
        return judged(self, scope, stated)

    monkeypatch.setattr(Judge, "judged", noted)
    with divided():
        lint([folder], RULES, processes=3)
    there = {name for name in os.listdir(folder) if name.startswith("there-c")}
    assert there


@pytest.mark.parametrize("alone", [0, 1])
def test_others_have_no_time_where_they_judge_directories(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, alone: int
) -> None:
    monkeypatch.setattr(division_module, "MOST_ALONE", alone)
    folder = tree({**ALIKE, "x/openshift/p.yaml": "kind: MachineConfig\nmetadata: {name: a}\n"})
    with divided(), mock.patch.object(division_module, "Crew", wraps=division_module.Crew) as crew:
        lint([folder], RULES, processes=2)
    assert crew.called is bool(alone)


@pytest.mark.parametrize("other", [None, b"kind: SiteConfig\n"])
def test_a_file_that_changes_meanwhile_is_left_out_and_named(
    tree: Tree, other: bytes | None
) -> None:
    folder = tree(FLEET)
    expected = told(lint([folder], RULES, read=Fickle("sites/a.yaml", other)))
    with divided(), mock.patch.object(division_module, "Crew", Elsewhere):
        outcome = lint([folder], RULES, read=Fickle("sites/a.yaml", other), processes=2)
    assert "a" not in {cluster.name for cluster in outcome.clusters}
    assert told(outcome) == expected


def test_what_is_met_elsewhere_is_told(tree: Tree) -> None:
    given = "kind: MachineConfig\nmetadata: {name: a}\nspec: {{ .Values.spec }\n"
    folder = tree({**FLEET, "sites/extra/given.yaml": given})
    expected = told(lint([folder], RULES))
    with divided(), mock.patch.object(division_module, "Crew", Elsewhere):
        outcome = lint([folder], RULES, processes=2)
    assert [skip.name.rpartition("/")[2] for skip in outcome.summary.skipped] == ["given.yaml"]
    assert told(outcome) == expected


def test_what_breaks_in_another_process_is_an_error(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()
    judged = Judge.judged

    def broken(self: Judge, scope: Scope, stated: Stated) -> Judged:
        if os.getpid() != here:
            raise ValueError("out of cheese")
        return judged(self, scope, stated)

    monkeypatch.setattr(Judge, "judged", broken)
    folder = tree(ALIKE)
    with divided(), pytest.raises(WorkerError, match="out of cheese"):
        lint([folder], RULES, processes=max(2, processors()))


def test_what_both_have_is_the_same_once_it_was_handed_over() -> None:
    known, other = File("a", "text", "a"), File("b", "text", "b")
    given = Hand([known]).given([Ref(known, 0, 1), Ref(other, 1, 2), known])
    first, second, third = received(given, [known])
    assert first.source is third is known
    assert (second.source.path, second.source is other) == ("b", False)
    assert received(Hand().given([1, "x"])) == [1, "x"]
