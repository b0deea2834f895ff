"""A run gives what it would give if every cluster were read whole and judged by itself.

A run drops files as it goes, judges installer directories while it reads them, and takes the
verdict of a cluster for all that state the same. None of that may be seen in any report.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from builders import profile
from effort import tried
from fleet_trees import files, install_config, told, trees, write
from hypothesis import given

import linter.engine.run as run_module
from linter.engine.gate import Gate
from linter.engine.judging import Judge
from linter.engine.loader import load_rules
from linter.engine.run import lint, outcome_of
from linter.engine.scoping import Tally, alternatives, read_scopes
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = tuple(rule for rule in load_rules() if not rule.about_change)
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def plainly(path: str) -> Outcome:
    """Read everything, then judge each cluster with a judge of its own."""
    tally = Tally()
    scopes = list(alternatives(read_scopes([path], tally)))
    outcome = outcome_of([Judge(RULES).verdict(*scope) for scope in scopes], tally, RULES)
    return Gate().applied(outcome, RULES)


@tried(60)
@given(trees())
def test_no_report_shows_how_a_tree_was_read(tree: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(folder, tree)
        expected = told(plainly(folder))
        assert told(lint([folder], RULES)) == expected
        with mock.patch.multiple(run_module, FEW=0):
            assert told(lint([folder], RULES, processes=2)) == expected


def test_clusters_that_are_alike_are_judged_once(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    verdict = Judge.verdict
    monkeypatch.setattr(
        Judge,
        "verdict",
        lambda self, scope, facts: judged.append(scope.name) or verdict(self, scope, facts),
    )
    texts: dict[str, str | bytes] = {}
    for name in ("north", "south", "east", "west"):
        texts[f"{name}/install-config.yaml"] = install_config(name, "AllNodes")
        texts[f"{name}/openshift/files.yaml"] = files("0-3", "0-3")
        texts[f"{name}/openshift/profile.yaml"] = profile("0-3", "4-7")
    texts["west/openshift/files.yaml"] = files("0-3", "0-2")
    outcome = lint([tree(texts)], RULES, Release(16))
    assert judged == ["east", "west"]
    assert [cluster.name for cluster in outcome.clusters] == ["east", "north", "south", "west"]
    assert {item.cluster for item in outcome.findings} == {"west"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus of real manifests is not here")
def test_no_report_on_real_repositories_shows_how_they_were_read() -> None:
    for folder in sorted((SHARED / "corpus").iterdir()):
        if folder.is_dir():
            assert told(lint([str(folder)], RULES)) == told(plainly(str(folder)))
