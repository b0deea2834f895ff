"""Standard output and standard error, and what becomes of a run when nobody reads them.

Standard output carries the document and nothing else. A reader that has seen enough, such as
``head``, ends the output and not the run: the exit status still says what was found.

This module is loaded by every command, so it loads next to nothing itself.
"""

from __future__ import annotations

import os
import sys

from linter.cli.usage import UsageError

TYPE_CHECKING = False  # typing itself would take as long as Python's own start
if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO


class StandardOutput:
    """Standard output for the length of a ``with`` block, at whose end it is flushed.

    Raises:
        UsageError: At the end of the block, if it cannot be written, as on a full disk.

    """

    def __enter__(self) -> TextIO:
        self._stream = sys.stdout if sys.stdout is not None else _nowhere()
        return self._stream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        """Flush; end quietly where the reader has gone."""
        if error is None:
            error = _flushed(self._stream)
        if not isinstance(error, OSError):
            return False
        _discard(self._stream)
        if isinstance(error, BrokenPipeError):
            return True
        raise UsageError(f"cannot write to standard output ({error.strerror})") from error


class StandardError:
    """Standard error for the length of a ``with`` block.

    Where it cannot be written there is nobody to tell, so that is no error.
    """

    def __enter__(self) -> TextIO:
        self._stream = sys.stderr if sys.stderr is not None else _nowhere()
        return self._stream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        """Flush; end quietly whatever comes of it."""
        if error is None:
            error = _flushed(self._stream)
        if not isinstance(error, OSError):
            return False
        _discard(self._stream)
        return True


def complain(words: str) -> None:
    """Say something on standard error: one line, under the program's name."""
    from linter.report.visible import prose

    with StandardError() as stream:
        stream.write(f"wplint: {prose(words)}\n")


def _nowhere() -> TextIO:
    """Return a stream in place of one that was closed before the program began."""
    import io

    return io.StringIO()


def _flushed(stream: TextIO) -> OSError | None:
    try:
        stream.flush()
    except OSError as error:
        return error
    return None


def _discard(stream: TextIO) -> None:
    """Send what a stream still holds nowhere, so that Python does not fail on it at its exit."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # a stream of a test or of an embedding program
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
