"""The lookout: which of all files matter, found by several processes.

In a large git work tree most of the time until it is known which files there are goes by while git
looks at each of them. Its index names nearly all of them at once, so other processes begin to read
what it names; what turns out not to be there, or to be something else, is dropped.
"""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Self, TypeVar

from linter.engine.survey import Survey, survey
from linter.engine.workers import Crew, shared_out
from linter.records import dataclass, replace
from linter.sources.candidates import Candidate, manifests_among
from linter.sources.worktree import has_large_index, list_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linter.engine.loading import Reader
    from linter.sources.candidates import Candidates

    Watcher = Callable[[int, int | None], None]

T = TypeVar("T")

FEW = 400
"""So many files are read before another process has started."""

PIECES = 24
"""How many pieces of work there are for each process."""

_LEAST_BYTES = 8_000
"""Names of some hundred files."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Files that are probably there: a directory, with a separator, and names in it.

    ``real`` is where the directory really is. The names are bytes, with a zero byte behind each: to
    make texts of those of a large tree takes as long as git takes to list them, so each process
    does that for what it looks at.
    """

    folder: str
    real: str
    names: bytes

    def paths(self) -> list[str]:
        """Return the paths of those that may hold manifests."""
        names = os.fsdecode(self.names).split("\0")
        return [self.folder + name for name in manifests_among(names)]

    def parts(self, size: int) -> Iterator[Guess]:
        """Yield the same in parts of about so many bytes."""
        start = 0
        while start < len(self.names):
            end = self.names.find(b"\0", start + size) + 1 or len(self.names)
            yield replace(self, names=self.names[start:end])
            start = end


class Lookout:
    """Looks at files. It is to be used in a ``with`` statement, as the :class:`Crew` is that helps.

    Args:
        guesses: What will probably have to be looked at.
        read: Returns the bytes of a file, or why there are none.
        processes: How many processes may read; few files are left to this one.
        glance: Reads what is guessed; as all others if left out.

    Attributes:
        directories: Where files are guessed.

    """

    def __init__(
        self,
        guesses: Sequence[Guess],
        read: Reader,
        processes: int,
        glance: Reader | None = None,
    ) -> None:
        self._read = read
        self._processes = processes
        self.directories = tuple(one.real for one in guesses)
        size = max(_LEAST_BYTES, sum(len(one.names) for one in guesses) // (PIECES * processes))
        self._parts = parts = [part for one in guesses for part in one.parts(size)]
        self._found = Survey()
        self._unread: list[str] = []
        self._candidates: Candidates | None = None
        self._rest: list[Candidate] = []
        glance = glance or read
        self._crew = Crew(
            lambda n: survey(
                (Candidate(path, path) for path in parts[n].paths()), glance, comparing=True
            ),
            len(parts),
            processes,
        )

    def __enter__(self) -> Self:
        """Let the others begin with what is guessed."""
        self._crew.__enter__()
        return self

    def __exit__(self, *about: object) -> None:
        """End them."""
        self._crew.__exit__(*about)
        self._parts.clear()  # they take as much memory as all else that is known of files

    def gather(self, candidates: Candidates, watcher: Watcher) -> bool:
        """Take in what was met in the files that were guessed.

        Args:
            candidates: All files.
            watcher: Is told how many pieces of how many are done.

        Returns:
            Whether all that was guessed could be read.

        """
        self._take(candidates)  # while the others still read
        for number, (_, part) in enumerate(self._crew.done(), 1):
            watcher(number, len(self._parts))
            self._unread += [one.path for one in part.unread]
            part.unread, part.skipped = [], []
            self._found.add(part.restricted(candidates))
        return not self._unread

    def survey(self, candidates: Candidates, watcher: Watcher) -> Survey:
        """Return what is met in the files that there are, each part in their order.

        Args:
            candidates: The files; not others than those that it was gathered for, but there may be
                less of what was guessed.
            watcher: Is told how many pieces of how many are done.

        """
        if candidates is not self._candidates:
            self._take(candidates)
            self._found = self._found.restricted(candidates)
        found = self._found
        rest = self._rest + candidates.among(self._unread)
        many = len(rest) > FEW
        pieces = _pieces(rest, self._processes if many else 1)
        read = self._read
        parts = shared_out(
            lambda n: survey(pieces[n], read, comparing=many), len(pieces), self._processes
        )
        for number, part in enumerate(parts, 1):
            found.add(part)
            watcher(number, len(pieces))
        return found.in_order() if self.directories else found

    def _take(self, candidates: Candidates) -> None:
        """Take in which files there are, and which of them nobody has guessed."""
        self._candidates = candidates
        self._rest = candidates.beyond(chain.from_iterable(map(Guess.paths, self._parts)))


def guesses(paths: Sequence[str]) -> list[Guess]:
    """Return the files that git's index names below some directories, if it is large."""
    found: list[Guess] = []
    for path in filter(os.path.isdir, paths):
        real = os.path.realpath(path)
        names = list_index(real) if has_large_index(real) else b""
        if names:
            found.append(Guess(os.path.join(path, ""), real, names))
    return found


def _pieces(files: Sequence[T], processes: int) -> list[Sequence[T]]:
    """Divide files into pieces, of which there are enough that no process waits for another."""
    size = max(100, len(files) // (PIECES * processes))
    return [files[start : start + size] for start in range(0, len(files), size)]
