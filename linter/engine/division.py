"""Division: clusters that policies are bound to, joined and judged by several processes.

Each process takes some clusters at a time. What joining them leaves behind, and which files could
not be read any more, the first process takes in from all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linter.engine.workers import MOST_PIECES, Crew
from linter.gitops.documents import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.judging import Judge
    from linter.engine.loading import Library
    from linter.engine.outcome import SkippedFile
    from linter.engine.verdict import Verdict
    from linter.gitops.documents import Repository
    from linter.gitops.repository import GitOps, Traces
    from linter.sources.scopes import Scope
    from linter.sources.text import File

AT_ONCE = 50
"""Clusters that a process takes at a time, unless there are too many of them."""

MANY = 300
"""So many clusters are joined and judged by the time that another process would be at work."""

MOST_ALONE = 400
"""Where more directories stand alone than these, the others judge them meanwhile."""


class _Done(NamedTuple):
    """The verdicts of some clusters, by their numbers, and what was met."""

    told: list[tuple[int, Verdict]]
    traces: Traces
    missed: dict[str, SkippedFile]


class Division:
    """Judges clusters that policies are bound to.

    Args:
        judge: Judges each of them.
        processes: How many processes there may be.
        alone: How many directories stand alone, which other processes judge.

    """

    def __init__(self, judge: Judge, processes: int, alone: int = 0) -> None:
        self._judge = judge
        self._processes = processes if alone <= MOST_ALONE else 1

    def pays(self, clusters: int) -> bool:
        """Say whether it takes less time to judge so many clusters in several processes."""
        return self._processes > 1 and clusters > MANY

    def judged(
        self, gitops: GitOps, repository: Repository, library: Library
    ) -> Iterator[tuple[Scope, Verdict, str]]:
        """Yield the clusters of a repository in order, with verdicts.

        With each comes what opens the file that describes it.

        Args:
            gitops: Joins them.
            repository: Everything that was read.
            library: What it was read from.

        Raises:
            WorkerError: One of the processes broke.

        """
        at_once = max(AT_ONCE, -(-gitops.count // MOST_PIECES))

        def done(number: int) -> _Done:
            before, missed = gitops.traces(), set(library.missed)
            told = [
                (cluster, self._judge.judged(scope, stated).verdict)
                for cluster in range(number * at_once, min((number + 1) * at_once, gitops.count))
                for scope, stated in gitops.joined(cluster, cluster + 1)
            ]
            return _Done(
                told,
                gitops.traces().since(before),
                {path: why for path, why in library.missed.items() if path not in missed},
            )

        self._judge.load()
        pieces = -(-gitops.count // at_once)
        waiting: dict[int, _Done] = {}
        turn = 0
        with Crew(done, pieces, self._processes, _files(repository)) as crew:
            for number, part in crew.done():
                waiting[number] = part
                while turn in waiting:
                    ready = waiting.pop(turn)
                    turn += 1
                    gitops.follow(ready.traces)
                    for path, why in ready.missed.items():
                        library.miss(path, why)
                    for cluster, verdict in ready.told:
                        scope, opened = gitops.place(cluster)
                        # Words that this process has are not held twice.
                        yield scope, verdict.of(scope) if verdict.is_clean else verdict, opened


def _files(repository: Repository) -> list[File]:
    """Return the texts that all processes have, each once."""
    documents = (one for one in repository.documents if isinstance(one, Document))
    found = {id(one.manifest.ref.file): one.manifest.ref.file for one in documents}
    return list(found.values())
