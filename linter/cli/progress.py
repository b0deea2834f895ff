"""How far a long run is, on standard error, for whoever looks at a terminal."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TextIO

PATIENCE = 1.0
"""Seconds that a run may take before anything is shown of it."""

PACE = 0.1
"""Seconds between two pictures."""

_WIDTH = 30
_CLEAR_LINE = "\r\x1b[K"


class Progress:
    """A line that tells how much is read and judged, and that is gone at the end of the block.

    Args:
        stream: A terminal, or None where there is none, and nothing is shown.
        clock: Returns seconds; another one is for tests.

    """

    def __init__(self, stream: TextIO | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._next = clock() + PATIENCE
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._write(_CLEAR_LINE)

    def __call__(self, done: int, total: int | None) -> None:
        """Show that so much is done; of how much is not known where ``total`` is None."""
        now = self._clock()
        if self._stream is None or now < self._next:
            return
        self._next = now + PACE
        self._shown = True
        self._write(f"{_CLEAR_LINE}{_picture(done, total)}")

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # the terminal is gone, and nobody looks any more
            self._next = float("inf")


def progress_on(stream: TextIO | None = None) -> Progress:
    """Return the progress for a stream, standard error if left out; it shows on a terminal only."""
    stream = sys.stderr if stream is None else stream
    able = os.environ.get("TERM", "dumb") not in {"", "dumb"}
    seen = stream is not None and able and stream.isatty()
    return Progress(stream if seen else None)


def _picture(done: int, total: int | None) -> str:
    if total is None:
        return f"{done} clusters judged"
    filled = _WIDTH * done // max(total, 1)
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {100 * done // max(total, 1)} % read"
