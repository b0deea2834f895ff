"""The progress of long runs: on a terminal, after a second, and gone at the end."""

from __future__ import annotations

import io
import os
import pty
from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.cli.progress import PACE, PATIENCE, Progress, progress_on
from linter.engine.run import lint

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_short_run_shows_nothing() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock) as progress:
        clock.now = PATIENCE - 0.01
        progress(1, 2)
    assert not stream.getvalue()


def test_a_long_run_shows_how_far_it_is_and_takes_the_line_away() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress(stream, clock) as progress:
        clock.now = PATIENCE
        progress(1, 2)
        clock.now += PACE / 2
        progress(2, 2)
        clock.now += PACE
        progress(7, None)
    pictures = stream.getvalue().split("\r\x1b[K")[1:]
    assert pictures == ["[###############...............] 50 % read", "7 clusters judged", ""]


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise OSError(5, text)


def test_a_terminal_that_is_gone_stops_no_run() -> None:
    clock = Clock()
    with Progress(Gone(), clock) as progress:
        clock.now = PATIENCE
        progress(1, 2)


def test_only_a_terminal_is_shown_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linter.cli.progress.PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    pipe = io.StringIO()
    with progress_on(pipe) as progress:
        progress(1, 1)
    assert not pipe.getvalue()
    for kind, shown in (("xterm", b"100 % read"), ("dumb", b""), ("", b"")):
        monkeypatch.setenv("TERM", kind)
        master, slave = pty.openpty()
        with os.fdopen(slave, "w") as terminal:
            with progress_on(terminal) as progress:
                progress(1, 1)
            terminal.write("end\n")
            terminal.flush()
            seen = os.read(master, 1000)
            assert shown in seen
            assert (b"\x1b" in seen) is bool(shown)
        os.close(master)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_tells_all_that_it_reads_and_judges(tmp_path: Path, processes: int) -> None:
    for number in range(500):
        (tmp_path / f"{number:03}").mkdir()
        (tmp_path / f"{number:03}" / "pool.yaml").write_text("kind: MachineConfigPool\n")
    told: list[tuple[int, int | None]] = []
    outcome = lint(
        [str(tmp_path)],
        rules(),
        processes=processes,
        watcher=lambda done, total: told.append((done, total)),
    )
    pieces = [item for item in told if item[1] is not None]
    assert pieces == [(number, len(pieces)) for number in range(1, len(pieces) + 1)]
    assert pieces
    assert told[len(pieces) :] == [(n, None) for n in range(1, len(told) - len(pieces) + 1)]
    assert outcome.summary.files == 500
