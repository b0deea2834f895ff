"""Verdicts: what is said of one cluster, and what was understood of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.outcome import ClusterOutcome
from linter.records import dataclass

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import RuleFailure, SkippedFile
    from linter.engine.sharing import Reading
    from linter.sources.scopes import Scope
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one cluster.

    ``cluster`` is None where nothing that matters was found. ``common`` tells that its findings
    are of policies that other clusters may have as well. ``undecided`` are the codes of rules of
    which findings hold in some releases only. ``skipped`` are those of its files that
    were not read; ``unreadable`` is where files could not be read on, or payloads not decoded.
    ``readings`` are what it reads in texts that others share; a cluster that states the same reads
    the same.
    """

    cluster: ClusterOutcome | None = None
    findings: tuple[Finding, ...] = ()
    manifests: int = 0
    templated: int = 0
    failures: tuple[RuleFailure, ...] = ()
    notes: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    unreadable: tuple[Ref, ...] = ()
    readings: tuple[Reading, ...] = ()
    common: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it says nothing that names the cluster or a place in it."""
        told = (self.findings, self.failures, self.notes, self.skipped, self.unreadable)
        return not any(told)

    def of(self, scope: Scope) -> Verdict:
        """Return the same, clean, verdict of another cluster."""
        mine = self.cluster
        if mine is None:
            return self
        cluster = ClusterOutcome(
            scope.name, scope.path, mine.release, mine.partitioning, mine.pools
        )
        return Verdict(
            cluster,
            manifests=self.manifests,
            templated=self.templated,
            readings=self.readings,
            common=self.common,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A cluster and what is said of it; ``alone`` where no other file has a part in that."""

    scope: Scope
    verdict: Verdict
    alone: bool = False
