"""``--baseline``, ``--update-baseline`` and ``--prune-baseline`` as a team uses them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command_line import cluster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two broken clusters and a baseline in its settings."""
    (tmp_path / ".git").mkdir()
    for name in ("north", "south"):
        cluster(tmp_path / "clusters" / name, pinned="0-1,20-24")
    (tmp_path / "wplint.toml").write_text('baseline = "known.jsonl"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entries(repository: Path) -> list[dict[str, str]]:
    lines = (repository / "known.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines[1:]]


def test_what_is_known_passes_and_what_is_new_fails(
    run: Callable[..., Run], repository: Path
) -> None:
    missing = run("lint")
    assert missing.status == 2
    assert "there is no baseline known.jsonl; write one with --update-baseline" in missing.err
    written = run("lint", "--update-baseline")
    assert written.status == 0
    assert "known.jsonl: 4 known, 4 of them new; 0 taken away" in written.err
    assert [entry["cluster"] for entry in entries(repository)] == ["north"] * 2 + ["south"] * 2
    passed = run("lint")
    assert (passed.status, passed.out) == (0, "")
    assert "Suppressed 4 findings: 4 by the baseline." in passed.err
    cluster(repository / "clusters" / "east", pinned="0-1,20-24")
    failed = run("lint", "--output", "concise")
    assert failed.status == 1
    assert all("clusters/east/" in line for line in failed.out.splitlines())


def test_what_is_repaired_is_stale_until_it_is_pruned(
    run: Callable[..., Run], repository: Path
) -> None:
    run("lint", "--update-baseline")
    path = repository / "known.jsonl"
    path.write_text(path.read_text().replace('"reason": ""', '"reason": "until spring"', 1))
    assert run("lint", "clusters/south", "--fix").status == 0
    text = (repository / "clusters/south/openshift/50-performance-lane.yaml").read_text()
    cluster(repository / "elsewhere")
    sound = (repository / "elsewhere/openshift/50-performance-lane.yaml").read_text()
    (repository / "clusters/south/openshift/50-performance-lane.yaml").write_text(sound)
    assert text != sound, "what is known is not repaired"
    part = run("lint", "clusters/north")
    assert (part.status, part.out) == (0, "")
    stale = run("lint", "--output", "concise", "--fail-level", "warning")
    assert stale.status == 1
    assert stale.out.count("WPL015") == len(stale.out.splitlines()) > 0
    pruned = run("lint", "--prune-baseline")
    assert (pruned.status, pruned.out) == (0, "")
    assert {entry["cluster"] for entry in entries(repository)} == {"north"}
    assert [entry["reason"] for entry in entries(repository)].count("until spring") == 1
    assert run("lint", "--fail-level", "info").status == 0


def test_pruning_adds_nothing(run: Callable[..., Run], repository: Path) -> None:
    (repository / "known.jsonl").write_text('{"wplint-baseline": 1}\n')
    pruned = run("lint", "--prune-baseline")
    assert pruned.status == 1
    assert entries(repository) == []


def test_the_command_line_names_another_file(run: Callable[..., Run], repository: Path) -> None:
    assert run("lint", "--baseline", "other.jsonl", "--update-baseline").status == 0
    assert (repository / "other.jsonl").exists()
    assert not (repository / "known.jsonl").exists()
    assert run("lint", "--baseline", "other.jsonl").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--update-baseline", "--prune-baseline"], "leave one out"),
        (["--update-baseline", "--fix"], "repair first"),
        (["--prune-baseline", "--diff"], "repair first"),
        (["--baseline", "."], "cannot be read"),
        (["--baseline", "none.jsonl", "--prune-baseline"], "there is no baseline"),
        (["--baseline", "no/such/x.jsonl", "--update-baseline"], "cannot be written"),
    ],
)
def test_wrong_usage(
    run: Callable[..., Run], repository: Path, arguments: list[str], words: str
) -> None:
    result = run("lint", *arguments)
    assert result.status == 2
    assert words in result.err
    assert result.err.count("\n") == 1


def test_without_a_name_there_is_nothing_to_write(run: Callable[..., Run], broken: Path) -> None:
    result = run("lint", broken, "--update-baseline")
    assert result.status == 2
    assert "name it with --baseline FILE" in result.err
