"""Workers: forked processes that share the pieces of a task with the process that forked them.

A pipe full of numbers is the queue: whoever reads a number does that piece, so nobody waits for
work while some is left. Results come back as they are done, or in the order of the pieces, whoever
did them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linter.engine.handing import Hand

T = TypeVar("T")

_NUMBER = 2
"""Bytes of a number in the queue."""

_SIZE = 4
"""Bytes of the size of a result."""

_BROKEN = b"\xff" * _SIZE
"""Stands in place of a size before the words on what went wrong."""

_PIPE = 1024 * 1024
"""Bytes of results that are read at once, and that a pipe holds where it can."""

MOST_PIECES = 4096
"""The numbers of so many pieces fit into any pipe, so that filling it never waits."""


class WorkerError(RuntimeError):
    """A worker that broke, and what it was that broke it."""


MOST_PROCESSORS = 32
"""More processes would take longer to begin than to do what there is."""


def processors() -> int:
    """Return how many processors to use of those that this process may; 1 where it cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_PROCESSORS)
    return min(os.cpu_count() or 1, MOST_PROCESSORS)


class Crew(Generic[T]):
    """Processes that do pieces of work, this one among them as soon as it has nothing else to do.

    Args:
        do: Does a piece, given its number; what it returns must be fit for pickling.
        pieces: How many there are, at most ``MOST_PIECES``.
        processes: How many processes to use, this one included.
        shared: Objects that every process has, and of which none makes another one.

    It is to be used in a ``with`` statement: no process is left behind at its end.
    """

    def __init__(
        self,
        do: Callable[[int], T],
        pieces: int,
        processes: int,
        shared: Sequence[object] = (),
    ) -> None:
        self._do = do
        self._pieces = pieces
        self._shared = shared
        self._others = min(processes, pieces) - 1
        self._queue: int | None = None
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        """Let the other processes begin."""
        if self._others > 0:
            self._queue = _filled(self._pieces)
            try:
                for _ in range(self._others):
                    self._workers.append(
                        _forked(self._do, self._queue, self._workers, self._shared)
                    )
            except OSError:
                self._end()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all of them, whatever they are doing."""
        self._end()

    def done(self) -> Iterator[tuple[int, T]]:
        """Do what is left, and yield what was done by all, each with its number, as it is done.

        Raises:
            WorkerError: One of the others broke.

        """
        if self._queue is None:
            for number in range(self._pieces):
                yield number, self._do(number)
            return
        for number, result in _done(self._do, self._queue):
            yield number, result
            for worker in self._workers:
                yield from worker.done(wait=False)
        for worker in self._workers:
            yield from worker.done(wait=True)

    def results(self) -> list[T]:
        """Do what is left, and return what was done by all, in the order of the pieces.

        Raises:
            WorkerError: One of the others broke.

        """
        done = dict(self.done())
        return [done[number] for number in range(self._pieces)]

    def _end(self) -> None:
        if self._queue is not None:
            os.close(self._queue)
        for worker in self._workers:
            worker.end()


def shared_out(do: Callable[[int], T], pieces: int, processes: int) -> list[T]:
    """Do pieces of work in several processes, as a :class:`Crew` does.

    Raises:
        WorkerError: A worker broke. No process is left behind, whatever is raised.

    """
    with Crew(do, pieces, processes) as crew:
        return crew.results()


def _filled(pieces: int) -> int:
    """Return the reading end of a queue with the numbers of all pieces."""
    if pieces > MOST_PIECES:
        raise ValueError(f"{pieces} pieces are more than {MOST_PIECES}")
    queue, back = os.pipe()
    os.write(back, b"".join(number.to_bytes(_NUMBER, "big") for number in range(pieces)))
    os.close(back)
    return queue


def _done(do: Callable[[int], T], queue: int) -> Iterator[tuple[int, T]]:
    """Do what is left in the queue, and yield it with its numbers."""
    while taken := os.read(queue, _NUMBER):
        number = int.from_bytes(taken, "big")
        yield number, do(number)


@dataclass(slots=True)
class _Worker:
    """A process, and the pipe that its results come through: each with its size before it.

    Instead of a size, ``_BROKEN`` stands before the words on what went wrong.
    """

    process: int
    pipe: int
    written: bytearray
    shared: Sequence[object]
    ended: bool = False

    def done(self, *, wait: bool) -> Iterator[tuple[int, Any]]:
        """Yield what it has done, with numbers.

        Args:
            wait: Whether to wait until it has done all.

        """
        from select import select

        while not self.ended and select([self.pipe], [], [], None if wait else 0)[0]:
            more = os.read(self.pipe, _PIPE)
            self.written += more
            yield from self._results()
            if not more:
                self._wait()

    def _results(self) -> Iterator[tuple[int, Any]]:
        from linter.engine.handing import received

        while self.written[:_SIZE] != _BROKEN and len(self.written) >= _SIZE:
            end = _SIZE + int.from_bytes(self.written[:_SIZE], "big")
            if len(self.written) < end:
                return
            yield received(self.written[_SIZE:end], self.shared)
            del self.written[:end]

    def _wait(self) -> None:
        _, status = os.waitpid(self.process, 0)
        self.ended = True
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            raise WorkerError(f"a worker was killed by signal {-code}")
        if code:
            words = self.written[_SIZE:].decode("utf-8", "replace")
            raise WorkerError(words or f"a worker ended with {code}")

    def end(self) -> None:
        """Close its pipe, and kill it if it is still at work."""
        os.close(self.pipe)
        if not self.ended:
            from signal import SIGKILL

            os.kill(self.process, SIGKILL)
            os.waitpid(self.process, 0)


def _forked(
    do: Callable[[int], T], queue: int, others: Sequence[_Worker], shared: Sequence[object]
) -> _Worker:
    from signal import SIG_DFL, SIGINT, signal

    # Before the processes part, so that one of them loads it.
    from linter.engine.handing import Hand

    back, forth = _pipe()
    process = os.fork()
    if process:
        os.close(forth)
        return _Worker(process, back, bytearray(), shared)
    # From here on this is the worker. It must never return to the code that called.
    status = 1
    try:
        signal(SIGINT, SIG_DFL)  # Ctrl-C reaches all processes; what is to be said, the first says
        for pipe in (back, *(other.pipe for other in others)):
            os.close(pipe)
        status = _report(do, queue, forth, Hand(shared))
    finally:
        os._exit(status)


def _pipe() -> tuple[int, int]:
    """Return a pipe that holds the results of several pieces, so that few are waited for."""
    import fcntl

    back, forth = os.pipe()
    resize = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux
    if resize is not None:
        from contextlib import suppress

        with suppress(OSError):  # an administrator may allow less
            fcntl.fcntl(forth, resize, _PIPE)
    return back, forth


def _report(do: Callable[[int], T], queue: int, forth: int, hand: Hand) -> int:
    """Do what is left in the queue, write the results or what went wrong, and return a status."""
    with os.fdopen(forth, "wb") as stream:
        try:
            for done in _done(do, queue):
                written = hand.given(done)
                stream.write(len(written).to_bytes(_SIZE, "big"))
                stream.write(written)
                stream.flush()
        except BrokenPipeError:  # the first process has ended
            return 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the first process has to tell it
            from linter.errors import came_about

            words = f"{type(error).__name__}: {error}{came_about(error)}"
            stream.write(_BROKEN)
            stream.write(words.encode("utf-8", "replace"))
            return 1
    return 0
