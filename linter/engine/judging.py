"""Judging: what the rules say of one cluster, and what was understood of it.

The rules and the model are loaded for the first cluster that is judged: most runs of a hook meet
none, and one in which nothing changed judges none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.outcome import ClusterOutcome, PoolOutcome
from linter.engine.shipped import all_ship
from linter.engine.verdict import Judged, Verdict

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from linter.engine.rulebook import Rulebook
    from linter.engine.rules import Rule
    from linter.facts.scope import Facts
    from linter.gitops.recognised import Recognised, Stated
    from linter.model.cluster import Cluster
    from linter.model.releases import Release
    from linter.sources.scopes import Scope
    from linter.sources.text import Ref
    from linter.topology.machine import Topologies


class Judge:
    """Judges clusters by the same rules, and each of several that are alike only once."""

    def __init__(
        self,
        rules: Sequence[Rule],
        release: Release | None = None,
        topologies: Topologies | None = None,
    ) -> None:
        self._rules = rules
        self._release = release
        self._topologies = topologies
        self._twins: dict[Hashable, tuple[Verdict, object]] = {}
        """The verdicts of clusters, by what they state, and what must live for that to hold."""
        self._book: Rulebook | None = None

    def load(self) -> None:
        """Load all that judging may need, so that processes which part later share it."""
        from contextlib import suppress

        from linter.engine.loader import RuleFileError

        for one in self.prepare().prepared:
            with suppress(RuleFileError):  # it is told of where the rule is called
                one.rule.load()

    def prepare(self) -> Rulebook:
        """Make the rules ready, if that was not done."""
        if self._book is None:
            from linter.engine.rulebook import Rulebook

            self._book = Rulebook(self._rules)
        return self._book

    def verdict(self, scope: Scope, variants: Sequence[Facts]) -> Verdict:
        """Judge a cluster.

        Args:
            scope: Its name and place.
            variants: What its manifests state. Where it is not clear which of several policies it
                gets, all that they may state: only what is found in each of them is said.

        """
        from linter.engine.sharing import held_by_all

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

    def judged(self, scope: Scope, stated: Stated | Verdict) -> Judged:
        """Judge a cluster, unless it was judged or has a twin.

        Args:
            scope: Its name and place.
            stated: All that its facts may be, or its verdict.

        """
        if isinstance(stated, Verdict):
            return Judged(scope, stated, alone=scope.installer)
        if not isinstance(stated, list):
            return self._recognised(scope, stated)
        if not all(facts.bound and not facts.unlike for facts in stated):
            return Judged(scope, self.verdict(scope, stated))
        from linter.engine.twins import likeness

        alike, kept = likeness(stated)
        known = self.twin(scope, alike)
        if known is None:
            known = self.verdict(scope, stated)
            self.remember(scope, alike, known, kept)
        return Judged(scope, known)

    def _recognised(self, scope: Scope, stated: Recognised) -> Judged:
        """Judge a cluster by what it states, unless one that looks like it was judged."""
        from linter.engine.twins import likeness

        alike, kept = likeness(stated.others)
        looks = ("looks", stated.own, alike)
        known = self.twin(scope, looks)
        if known is not None:
            return Judged(scope, known)
        facts = stated.facts()
        if not facts:
            return Judged(scope, Verdict())
        judged = self.judged(scope, facts)
        self.remember(scope, looks, judged.verdict, kept)
        return judged

    def twin(self, scope: Scope, likeness: Hashable) -> Verdict | None:
        """Return the verdict of a cluster that is like one which was judged, and found clean."""
        known = self._twins.get((likeness, self._machines(scope)))
        return known[0].of(scope) if known is not None else None

    def remember(
        self, scope: Scope, likeness: Hashable, verdict: Verdict, keep: object = None
    ) -> None:
        """Let the verdict of a cluster stand for all that are like it, if it is clean.

        What ``likeness`` compares by its identity is kept alive by ``keep``. Of rules of somebody
        else nobody knows what they look at.
        """
        if verdict.is_clean and all_ship(self._rules):
            self._twins[likeness, self._machines(scope)] = (verdict, keep)

    def _machines(self, scope: Scope) -> Hashable:
        """Return what stands for the CPUs of a cluster's machines, as far as they are given."""
        if self._topologies is None:
            return None
        given = self._topologies.of_cluster(scope.name).given
        return tuple(sorted((pool, id(topology)) for pool, topology in given.items()))

    def _judged(self, scope: Scope, facts: Facts) -> Verdict:
        from functools import partial

        from linter.engine.runner import check_cluster
        from linter.engine.sharing import reading_of, settled
        from linter.model.cluster import build_cluster, target_releases
        from linter.model.node import Readers

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
        found, cluster, failures, sometimes = check_cluster(build, releases, self.prepare())
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
            readings=(reading_of(cluster.statements, found, facts),)
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
    from linter.model.partitioning import Mode

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
