"""A run gives what it would give if every cluster were read whole and judged by itself.

A run drops files as it goes, judges installer directories while it reads them, and takes the
verdict of a cluster for all that state the same. None of that may be seen in any report.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from builders import profile, rules
from effort import tried
from fleet_trees import files, install_config, told, trees, write
from hypothesis import given
from hypothesis import strategies as st
from repositories import site

import linter.engine.lookout as lookout_module
import linter.engine.run as run_module
import linter.sources.worktree as worktree_module
from linter.engine.cache import Cache
from linter.engine.gate import Gate
from linter.engine.judging import Judge
from linter.engine.run import lint, outcome_of
from linter.engine.scoping import Tally, alternatives, read_scopes
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from linter.engine.outcome import Outcome

    Tree = Callable[[Mapping[str, str | bytes]], str]

RULES = tuple(rule for rule in rules() if not rule.about_change)
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def plainly(path: str) -> Outcome:
    """Read everything, then judge each cluster with a judge of its own."""
    tally = Tally()
    scopes = list(alternatives(read_scopes([path], tally)))
    outcome = outcome_of([Judge(RULES).verdict(*scope) for scope in scopes], tally, RULES)
    return Gate().applied(outcome, RULES)


@contextmanager
def few(files: int) -> Iterator[None]:
    """Let more files than these be read by several processes, and those of git's index ahead."""
    with (
        mock.patch.object(run_module, "FEW", files),
        mock.patch.object(lookout_module, "FEW", files),
        mock.patch.object(worktree_module, "_LARGE_INDEX", files),
    ):
        yield


@tried(60)
@given(trees())
def test_no_report_shows_how_a_tree_was_read(tree: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(folder, tree)
        expected = told(plainly(folder))
        assert told(lint([folder], RULES)) == expected
        with few(0):
            assert told(lint([folder], RULES, processes=2)) == expected


def test_what_a_cluster_is_called_does_not_depend_on_what_is_read(tree: Tree) -> None:
    """Of two directories of one name, one holds only what is read through what uses it."""
    texts = {
        "policies/source-crs/common/a.yaml": profile("0-1", "2-3"),
        "policies/source-crs/common/b.yaml": "kind: Service\n",
        "sites/a.yaml": site("a", "group: one"),
        "east/common/p.yaml": profile("0-3", "3-7"),
    }
    for more, name in (
        ({}, "common"),
        ({"west/common/a.yaml": "kind: Service\n"}, "east/common"),
    ):
        folder = tree({**texts, **more})
        outcome = lint([folder], RULES)
        assert told(outcome) == told(plainly(folder))
        (called,) = [one.name for one in outcome.clusters if one.path.endswith("east/common")]
        assert called.removeprefix(f"{folder}/") == name


def test_clusters_that_are_alike_are_judged_once(tree: Tree, judged: list[str]) -> None:
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


CHANGES = st.lists(
    st.sampled_from(
        ["untracked", "gone", "changed", "link", "link out", "folder", "pipe", "deep", "ignored"]
    ),
    max_size=4,
)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@tried(40)
@given(trees(), CHANGES, st.randoms(use_true_random=False))
def test_no_report_shows_what_git_named_ahead(
    tree: dict[str, str], changes: list[str], random: Random
) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as outside:
        write(folder, tree)
        write(outside, {"a.yaml": profile("0-3", "3-7"), "b/a.yaml": profile("0-3", "3-7")})
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
        for change in changes:
            alter(folder, outside, change, random)
        with few(10**9):
            expected = told(lint([folder], RULES))
        with few(0):
            assert told(lint([folder], RULES, processes=2)) == expected
            with tempfile.TemporaryDirectory() as store:
                kept = lint([folder], RULES, processes=2, cache=Cache(store))
                assert told(kept) == expected


def alter(folder: str, outside: str, change: str, random: Random) -> None:
    """Change a work tree after its files were added to the index."""
    files = sorted(str(path) for path in Path(folder).rglob("*.yaml") if ".git" not in path.parts)
    if not files:
        return
    chosen = Path(random.choice(files))
    if not chosen.is_file() or chosen.is_symlink():
        return
    text = profile("0-3", "3-7")
    match change:
        case "untracked":
            (chosen.parent / "new.yaml").write_text(text)
        case "gone":
            chosen.unlink()
        case "changed":
            chosen.write_text(text)
        case "link":
            chosen.unlink()
            chosen.symlink_to(random.choice(files))
        case "link out":
            chosen.unlink()
            chosen.symlink_to(Path(outside) / "a.yaml")
        case "folder" if str(chosen.parent) != folder:
            shutil.rmtree(chosen.parent)
            chosen.parent.symlink_to(Path(outside) / "b")
        case "pipe":
            chosen.unlink()
            os.mkfifo(chosen)
        case "deep":
            chosen.unlink()
            write(str(chosen), {"a.yaml": text})
        case "ignored":
            (Path(folder) / ".gitignore").write_text("*.yaml\n")
