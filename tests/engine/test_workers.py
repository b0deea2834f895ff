"""Work shared between processes gives what one process gives, and no process is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from linter.engine.workers import WorkerError, processors, shared_out

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(processors() == 0 or not hasattr(os, "fork"), reason="no fork here")


def alone() -> bool:
    """Say whether every process that was started here has ended and was waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@pytest.mark.parametrize("processes", [1, 2, 5])
@pytest.mark.parametrize("pieces", [0, 1, 2, 100])
def test_results_come_in_the_order_of_the_pieces(pieces: int, processes: int) -> None:
    def square(number: int) -> tuple[int, str]:
        return number * number, "x" * 10_000  # together more than fits into a pipe

    assert shared_out(square, pieces, processes) == [square(n) for n in range(pieces)]
    assert alone()


def test_every_process_takes_a_share() -> None:
    def where(_: int) -> int:
        time.sleep(0.005)
        return os.getpid()

    assert len(set(shared_out(where, 60, 3))) == 3


def in_worker(what: object) -> object:
    """Return work that takes its time here, and does something else in a worker."""
    here = os.getpid()

    def do(number: int) -> int:
        if os.getpid() == here:
            time.sleep(0.01)
            return number
        return what()  # type: ignore[operator, no-any-return]

    return do


def fail() -> None:
    raise ValueError("out of cheese")


def test_a_worker_that_breaks_is_an_error_with_its_cause() -> None:
    with pytest.raises(
        WorkerError, match=r"^ValueError: out of cheese \(test_workers.py, line \d+"
    ):
        shared_out(in_worker(fail), 20, 2)  # type: ignore[arg-type]
    assert alone()


def test_a_worker_that_is_killed_is_an_error() -> None:
    with pytest.raises(WorkerError, match="signal 9"):
        shared_out(in_worker(lambda: os.kill(os.getpid(), signal.SIGKILL)), 20, 2)  # type: ignore[arg-type]
    assert alone()


def test_what_cannot_be_handed_over_is_an_error() -> None:
    with pytest.raises(WorkerError, match="pickle"):
        shared_out(in_worker(lambda: lambda: None), 20, 2)  # type: ignore[arg-type]
    assert alone()


def test_an_error_of_the_first_process_ends_the_others() -> None:
    here = os.getpid()

    def do(_: int) -> None:
        if os.getpid() == here:
            raise KeyboardInterrupt
        time.sleep(30)

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        shared_out(do, 20, 4)
    assert time.monotonic() - start < 1
    assert alone()


PROGRAM = """
import os, sys, time
from linter.sources.reading import read
def slowly(candidate):
    print(os.getpid(), flush=True)
    time.sleep(0.05)
    return read(candidate)
import linter.cli.lint as lint
lint.from_disk = slowly
lint.processors = lambda: 3
from linter.cli import main
sys.exit(main(["lint", sys.argv[1]]))
"""


@pytest.mark.parametrize("group", [True, False])
def test_ctrl_c_ends_all_processes_within_a_second(tmp_path: Path, group: bool) -> None:
    for number in range(500):
        (tmp_path / f"{number}.yaml").write_text("kind: MachineConfig\n")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    seen: set[bytes] = set()
    while len(seen) < 3 and (line := process.stdout.readline()):
        seen.add(line)
    assert len(seen) == 3
    start = time.monotonic()
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert time.monotonic() - start < 1
    assert (process.returncode, err) == (130, b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
