"""A peer counts as compared only where it read every file and came to a verdict."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from bench.measure import Command, in_turns
from bench.parts import Bench
from bench.peers import Peer, compared, files, installed, readers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LISTS = "import os, sys; [print(f'{p}/{n}: read') for p in sys.argv[1:] for n in os.listdir(p)]"


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(str(tmp_path_factory.mktemp("bench")), runs=1, largest=1000, missed=[])


@pytest.fixture
def manifests(tree: Callable[[Mapping[str, str | bytes]], str]) -> str:
    return tree({"a.yaml": "kind: Pod\n", "b.yaml": "kind: Pod\n", "notes.txt": "no manifest\n"})


def _peer(listing: str = _LISTS, says: str = "print('3 found')", status: int = 0) -> Peer:
    judge = f"{says}; raise SystemExit({status})"
    return Peer(
        (sys.executable, "-c", judge),
        (sys.executable, "-c", listing),
        re.compile("found$", re.MULTILINE),
    )


def _timed(bench: Bench, peer: Peer, manifests: str) -> list[str]:
    command = Command(peer.command([manifests]), kept=True)
    return compared(bench, {"peer": peer}, in_turns({"peer": command}, runs=1, warm_up=0))


def test_files_are_those_below_directories_and_those_named(manifests: str) -> None:
    named = os.path.join(manifests, "notes.txt")
    expected = [os.path.join(manifests, name) for name in ("a.yaml", "b.yaml", "notes.txt")]
    assert files([manifests, named]) == expected


def test_one_that_reads_everything_and_ends_with_a_verdict(bench: Bench, manifests: str) -> None:
    peer = _peer()
    assert list(readers(bench, {"peer": peer}, [manifests])) == ["peer"]
    assert _timed(bench, peer, manifests) == ["peer"]
    assert not bench.missed


@pytest.mark.parametrize("listing", ["", "import sys; print(sys.argv[1] + '/a.yaml')"])
def test_one_that_does_not_read_everything(bench: Bench, manifests: str, listing: str) -> None:
    assert not readers(bench, {"peer": _peer(listing)}, [manifests])
    (said,) = bench.missed
    assert said.startswith("peer is not compared: ")
    assert "of 2 files not read" in said


@pytest.mark.parametrize(
    ("says", "status"),
    [("print('3 found')", 2), ("print('flag unknown')", 0), ("raise ValueError('broken')", 0)],
)
def test_one_that_comes_to_no_verdict(bench: Bench, manifests: str, says: str, status: int) -> None:
    assert _timed(bench, _peer(says=says, status=status), manifests) == []
    (said,) = bench.missed
    assert said.startswith("peer is not compared: no verdict")


def test_the_verdict_may_stand_on_standard_error(bench: Bench, manifests: str) -> None:
    peer = _peer(says="import sys; print(9999 * 'x'); print('1 found', file=sys.stderr)")
    assert _timed(bench, peer, manifests) == ["peer"]


def test_one_that_takes_long_is_run_as_often_as_said() -> None:
    run: list[str] = []
    commands = {
        "often": Command(["true"], before=lambda: run.append("often")),
        "once": Command(["true"], before=lambda: run.append("once"), runs=1),
    }
    in_turns(commands, runs=2, warm_up=1)
    assert run == ["often", "often", "once", "often"]


def test_whatever_is_installed_here_reads_all_and_judges(bench: Bench, manifests: str) -> None:
    here = installed(bench.folder)
    if not here:
        pytest.skip("none of the programs that the benchmark compares with is on the path")
    reading = readers(bench, here, [manifests])
    assert reading == here
    assert not bench.missed
    timings = in_turns(
        {name: Command(how.command([manifests]), kept=True) for name, how in here.items()}, runs=1
    )
    assert compared(bench, reading, timings) == list(here)
