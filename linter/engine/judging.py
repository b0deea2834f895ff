"""Judging: what the rules say of one cluster, and what was understood of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from linter.engine.outcome import ClusterOutcome, PoolOutcome
from linter.engine.rulebook import Rulebook
from linter.engine.runner import check_cluster
from linter.engine.sharing import Reading, held_by_all, reading_of, settled
from linter.engine.twins import Twins
from linter.model.cluster import build_cluster, target_releases
from linter.model.node import Readers
from linter.model.partitioning import Mode
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from linter.engine.findings import Finding
    from linter.engine.outcome import RuleFailure, SkippedFile
    from linter.engine.rules import Rule
    from linter.facts.scope import Facts
    from linter.model.cluster import Cluster
    from linter.model.releases import Release
    from linter.sources.scopes import Scope
    from linter.sources.text import Ref
    from linter.topology.machine import Topologies


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


class Judge:
    """Judges clusters by the same rules, and each of several that are alike only once."""

    def __init__(
        self,
        rules: Sequence[Rule],
        release: Release | None = None,
        topologies: Topologies | None = None,
    ) -> None:
        self._rulebook = Rulebook(rules)
        self._release = release
        self._topologies = topologies
        self._twins: Twins[Verdict] = Twins()
        self._compares = all(rule.ships for rule in rules)
        """Whether it is known what the rules look at."""

    def verdict(self, scope: Scope, variants: Sequence[Facts]) -> Verdict:
        """Judge a cluster.

        Args:
            scope: Its name and place.
            variants: What its manifests state. Where it is not clear which of several policies it
                gets, all that they may state: only what is found in each of them is said.

        """
        variants = [v for v in variants if v.relevant or v.unreadable or v.remarks]
        judged = [self._judged(scope, facts) for facts in variants]
        if not judged:
            return Verdict()
        return Verdict(
            judged[0].cluster,
            tuple(held_by_all([one.findings for one in judged])),
            sum(one.manifests for one in judged),
            sum(one.templated for one in judged),
            tuple(failure for one in judged for failure in one.failures),
            tuple(note for one in judged for note in one.notes),
            tuple(sorted({code for one in judged for code in one.undecided})),
            unreadable=tuple(ref for one in judged for ref in one.unreadable),
            readings=tuple(reading for one in judged for reading in one.readings),
            common=variants[0].bound or variants[0].shared,
        )

    def twin(self, scope: Scope, likeness: Hashable) -> Verdict | None:
        """Return the verdict of a cluster that is like one which was judged, and found clean."""
        known = self._twins.get((likeness, self._machines(scope)))
        return known.of(scope) if known is not None else None

    def remember(
        self, scope: Scope, likeness: Hashable, verdict: Verdict, keep: object = None
    ) -> None:
        """Let the verdict of a cluster stand for all that are like it, if it is clean."""
        if verdict.is_clean and self._compares:
            self._twins.add((likeness, self._machines(scope)), verdict, keep)

    def _machines(self, scope: Scope) -> Hashable:
        """Return what stands for the CPUs of a cluster's machines, as far as they are given."""
        if self._topologies is None:
            return None
        given = self._topologies.of_cluster(scope.name).given
        return tuple(sorted((pool, id(topology)) for pool, topology in given.items()))

    def _judged(self, scope: Scope, facts: Facts) -> Verdict:
        if self._topologies is not None:
            facts.topologies = self._topologies.of_cluster(scope.name)
        build = partial(
            build_cluster,
            scope.name,
            scope.path,
            facts,
            installer=scope.installer,
            readers=Readers(),
        )
        releases = target_releases(facts, self._release)
        found, cluster, failures, sometimes = check_cluster(build, releases, self._rulebook)
        note = (
            f"{scope.name}: {len(sometimes)} finding(s) hold in some releases only and are "
            "left out, since the release is not known; name it with --openshift-version"
        )
        return Verdict(
            describe(cluster) if facts.relevant else None,
            tuple(settled(found, facts)),
            facts.relevant,
            _count_templates(cluster),
            tuple(failures),
            (note,) if sometimes else (),
            tuple(sorted(set(sometimes))),
            unreadable=tuple(_unreadable(cluster)),
            readings=(reading_of(cluster.statements, found),)
            if facts.bound or facts.shared
            else (),
        )


def _count_templates(cluster: Cluster) -> int:
    """Count the values that a template engine decides, as far as rules would have read them."""
    payloads = (f.contents for c in cluster.facts.machine_configs for f in c.files)
    return sum(statement.templated for statement in cluster.statements) + sum(
        payload is not None and payload.templated for payload in payloads
    )


def _unreadable(cluster: Cluster) -> Iterator[Ref]:
    """Yield where files could not be read on, and the payloads that could not be decoded."""
    for _, problem in cluster.facts.unreadable:
        yield problem.ref
    for config in cluster.facts.machine_configs:
        for file in config.files:
            if file.contents is not None and file.contents.problem is not None:
                yield file.contents.ref


def describe(cluster: Cluster) -> ClusterOutcome:
    """Say what was understood of a cluster."""
    release = cluster.releases.known
    mode = cluster.partitioning.mode
    return ClusterOutcome(
        name=cluster.name,
        path=cluster.path,
        release=str(release) if release is not None else None,
        partitioning=mode.value if mode in {Mode.ALL_NODES, Mode.OFF} else None,
        pools=tuple(
            PoolOutcome(
                node.pool.name,
                node.profile.name if node.profile is not None else None,
                str(node.reserved.cpus) if node.reserved is not None else None,
                str(isolated.cpus)
                if node.profile is not None
                and (isolated := node.profile.isolated) is not None
                and isolated.cpus is not None
                else None,
            )
            for node in cluster.nodes
        ),
    )
