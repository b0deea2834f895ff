"""The lookout: which of all files matter, found by several processes.

In a large git work tree most of the time until it is known which files there are goes by while git
looks at each of them. Its index names nearly all of them at once, so other processes begin to read
what it names; what turns out not to be there, or to be something else, is dropped.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self, TypeVar

from linter.engine.survey import Survey, survey
from linter.engine.workers import Crew, shared_out
from linter.sources.candidates import Candidate, has_manifest_suffix
from linter.sources.worktree import has_large_index, list_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linter.engine.loading import Reader
    from linter.sources.candidates import Candidates
    from linter.sources.worktree import States

    Watcher = Callable[[int, int | None], None]

T = TypeVar("T")

FEW = 400
"""So many files are read before another process has started."""

PIECES = 24
"""How many pieces of work there are for each process."""


class Lookout:
    """Looks at files. It is to be used in a ``with`` statement, as the :class:`Crew` is that helps.

    Args:
        guessed: The paths of files that will probably have to be looked at.
        read: Returns the bytes of a file, or why there are none.
        processes: How many processes may read; few files are left to this one.

    Attributes:
        ahead: Whether anything is guessed.

    """

    def __init__(self, guessed: Sequence[str], read: Reader, processes: int) -> None:
        self.ahead = bool(guessed)
        self._read = read
        self._processes = processes
        self._guessed = _pieces(guessed, processes)
        self._crew = Crew(
            lambda n: survey([Candidate(path, path) for path in self._guessed[n]], read),
            len(self._guessed),
            processes,
        )

    def __enter__(self) -> Self:
        """Let the others begin with what is guessed."""
        self._crew.__enter__()
        return self

    def __exit__(self, *about: object) -> None:
        """End them."""
        self._crew.__exit__(*about)

    def survey(self, candidates: Candidates, watcher: Watcher) -> Survey:
        """Return what is met in the files that there are, each part in their order.

        Args:
            candidates: The files.
            watcher: Is told how many pieces of how many are done.

        """
        found = Survey()
        rest: Sequence[Candidate] = candidates
        if self.ahead:
            # All that can be done beforehand is: the others still read.
            guessed = {path for piece in self._guessed for path in piece}
            rest = candidates.beyond(guessed)
            for part in self._crew.results():
                found.add(part)
            del guessed
            self._guessed.clear()  # they take as much memory as all else that is known of files
            called = candidates.named(found.files())
            rest += [called[one.path] for one in found.unread if one.path in called]
            found.unread, found.skipped = [], []
            found = found.restricted(called)
        pieces = _pieces(rest, self._processes if len(rest) > FEW else 1)
        read = self._read
        parts = shared_out(lambda n: survey(pieces[n], read), len(pieces), self._processes)
        for number, part in enumerate(parts, 1):
            found.add(part)
            watcher(number, len(pieces))
        return found.in_order() if self.ahead else found


def guesses(paths: Sequence[str], states: States) -> list[str]:
    """Return the paths of files that git's index names below some directories, if it is large.

    Meanwhile git begins to look at what stands there.
    """
    guessed: list[str] = []
    for path in filter(os.path.isdir, paths):
        real = os.path.realpath(path)
        if has_large_index(real):
            states.begin(real)
            folder = os.path.join(path, "")
            guessed += [folder + name for name in filter(has_manifest_suffix, list_index(real))]
    return guessed


def _pieces(files: Sequence[T], processes: int) -> list[Sequence[T]]:
    """Divide files into pieces, of which there are enough that no process waits for another."""
    size = max(100, len(files) // (PIECES * processes))
    return [files[start : start + size] for start in range(0, len(files), size)]
