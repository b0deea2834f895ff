"""Workers: forked processes that share the pieces of a task with the process that forked them.

A pipe full of numbers is the queue: whoever reads a number does that piece, so nobody waits for
work while some is left. The results come back in the order of the pieces, whoever did them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")

_NUMBER = 2
"""Bytes of a number in the queue."""

MOST_PIECES = 4096
"""The numbers of so many pieces fit into any pipe, so that filling it never waits."""


class WorkerError(RuntimeError):
    """A worker that broke, and what it was that broke it."""


def processors() -> int:
    """Return how many processors this process may use; 1 where it cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew(Generic[T]):
    """Processes that do pieces of work, this one among them as soon as it has nothing else to do.

    Args:
        do: Does a piece, given its number; what it returns must be fit for pickling.
        pieces: How many there are, at most ``MOST_PIECES``.
        processes: How many processes to use, this one included.

    It is to be used in a ``with`` statement: no process is left behind at its end.
    """

    def __init__(self, do: Callable[[int], T], pieces: int, processes: int) -> None:
        self._do = do
        self._pieces = pieces
        self._others = min(processes, pieces) - 1
        self._queue: int | None = None
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        """Let the other processes begin."""
        if self._others > 0:
            self._queue = _filled(self._pieces)
            try:
                for _ in range(self._others):
                    self._workers.append(_forked(self._do, self._queue, self._workers))
            except OSError:
                self._end()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all of them, whatever they are doing."""
        self._end()

    def results(self) -> list[T]:
        """Do what is left, and return what was done by all, in the order of the pieces.

        Raises:
            WorkerError: One of the others broke.

        """
        if self._queue is None:
            return [self._do(number) for number in range(self._pieces)]
        done = dict(_done(self._do, self._queue))
        for worker in self._workers:
            done |= worker.results()
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
    """A process, and the pipe that its results come through."""

    process: int
    pipe: int
    ended: bool = False

    def results(self) -> dict[int, Any]:
        """Return what it did, once it has done all."""
        with os.fdopen(os.dup(self.pipe), "rb") as stream:
            written = stream.read()
        _, status = os.waitpid(self.process, 0)
        self.ended = True
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            raise WorkerError(f"a worker was killed by signal {-code}")
        if code or not written:
            raise WorkerError(written.decode("utf-8", "replace") or f"a worker ended with {code}")
        import pickle

        results: dict[int, Any] = pickle.loads(written)  # noqa: S301 - our own, through our own pipe
        return results

    def end(self) -> None:
        """Close its pipe, and kill it if it is still at work."""
        os.close(self.pipe)
        if not self.ended:
            from signal import SIGKILL

            os.kill(self.process, SIGKILL)
            os.waitpid(self.process, 0)


def _forked(do: Callable[[int], T], queue: int, others: Sequence[_Worker]) -> _Worker:
    import pickle  # noqa: F401 - before the processes part, so that one of them loads it
    from signal import SIG_DFL, SIGINT, signal

    back, forth = os.pipe()
    process = os.fork()
    if process:
        os.close(forth)
        return _Worker(process, back)
    # From here on this is the worker. It must never return to the code that called.
    status = 1
    try:
        signal(SIGINT, SIG_DFL)  # Ctrl-C reaches all processes; what is to be said, the first says
        for pipe in (back, *(other.pipe for other in others)):
            os.close(pipe)
        status = _report(do, queue, forth)
    finally:
        os._exit(status)


def _report(do: Callable[[int], T], queue: int, forth: int) -> int:
    """Do what is left in the queue, write the results or what went wrong, and return a status."""
    import pickle

    try:
        written, status = pickle.dumps(dict(_done(do, queue)), pickle.HIGHEST_PROTOCOL), 0
    except Exception as error:  # noqa: BLE001 - whatever it is, the first process has to tell it
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = ""
        if place is not None:
            file = os.path.basename(place.tb_frame.f_code.co_filename)
            where = f" ({file}, line {place.tb_lineno})"
        written = f"{type(error).__name__}: {error}{where}".encode("utf-8", "replace")
        status = 1
    with os.fdopen(forth, "wb") as stream:
        stream.write(written)
    return status
