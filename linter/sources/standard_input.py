"""Standard input in place of files: one text, read once and to its end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from linter.sources.candidates import (
    Candidate,
    Candidates,
    Discovery,
    Skipped,
    SkipReason,
    printable,
)
from linter.sources.reading import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

NAME = "-"
"""The path that stands for standard input."""

SHOWN = "<stdin>"


def discovery(name: str | None) -> Discovery:
    """Return standard input as the only file that was found.

    Args:
        name: What people are to be shown as its name, and from where other files are looked for.

    """
    return Discovery(Candidates([Candidate(name or SHOWN, printable(name or SHOWN))]))


def reader(stream: BinaryIO | None = None) -> Callable[[Candidate], bytes | Skipped]:
    """Return a reader that gives what stands in a stream, by default standard input.

    Args:
        stream: What to read; at most the size of the largest file is taken from it.

    """
    data: list[bytes] = []

    def read_stream(candidate: Candidate) -> bytes | Skipped:
        if not data:
            source = stream if stream is not None else getattr(sys.stdin, "buffer", None)
            data.append(source.read(MAX_FILE_BYTES + 1) if source is not None else b"")
        if len(data[0]) > MAX_FILE_BYTES:
            limit = f"the limit is {MAX_FILE_BYTES // (1024 * 1024)} MiB"
            return Skipped(candidate.name, SkipReason.TOO_LARGE, limit)
        return data[0]

    return read_stream
