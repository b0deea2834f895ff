"""One comparison: from two states of the manifests to what the change does. Nothing here prints."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.bystanders import Selection
from linter.engine.findings import Finding
from linter.engine.judging import describe
from linter.engine.loading import SharedLoader
from linter.engine.outcome import Outcome, SkippedFile, Summary
from linter.engine.rulebook import Rulebook
from linter.engine.runner import check_cluster
from linter.engine.scoping import Ground, Tally
from linter.engine.sharing import held_by_all, settled, shared
from linter.engine.side import StateSource, sides
from linter.engine.survey import survey
from linter.engine.verdict import Verdict
from linter.gitops.memory import Memory
from linter.gitops.recognised import facts_of
from linter.model.cluster import build_cluster, target_releases
from linter.model.node import Readers
from linter.model.releases import Releases, in_every_release
from linter.plan.change import ClusterChange, change_of, common_pools
from linter.plan.effects import Effect
from linter.plan.fleet import WAVE, Reach, Waves, reaches
from linter.plan.implied_objects import ImpliedObjects
from linter.plan.pairing import Described, pair_clusters
from linter.plan.signature import Signatures, installation_signature
from linter.plan.states import ClusterState
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linter.engine.cards import Cards
    from linter.engine.loading import Loaded
    from linter.engine.outcome import RuleFailure
    from linter.engine.rules import Rule
    from linter.facts.scope import Facts
    from linter.model.releases import Release
    from linter.topology.machine import Topologies

Parsed = dict[tuple[str, bytes, bool], "Loaded"]
Unread = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Targets:
    """The releases of both states where they are asked for, else None.

    ``topologies`` are the CPUs of the machines, by pool, where they are known.
    """

    old: Release | None = None
    new: Release | None = None
    topologies: Topologies | None = None


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """What a change does to a cluster.

    Attributes:
        name: What people call it.
        path: The directory or file that describes it.
        added: It is there afterwards only.
        removed: It was there before only.
        unknown: Why nothing can be said of it, in words; empty where something can.
        changes: What the change does to it in each group of releases that behave alike, the
            oldest first; empty for a cluster that is there in one state only.
        manifests: How many of its objects matter, in the state afterwards.

    """

    name: str
    path: str
    added: bool = False
    removed: bool = False
    unknown: str = ""
    changes: tuple[ClusterChange, ...] = ()
    manifests: int = 0

    @property
    def change(self) -> ClusterChange | None:
        """What the change does to it in the newest releases."""
        return self.changes[-1] if self.changes else None

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What becomes of the nodes of any of its pools, in the newest releases."""
        if self.unknown:
            return (Effect.UNKNOWN,)
        return self.change.effects if self.change is not None else ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change does.

    Attributes:
        old: What people call the state before.
        new: What people call the state afterwards.
        clusters: The clusters that the change touches, by name.
        untouched: How many clusters it does not touch.
        outcome: The findings, and what was understood of the state afterwards.
        reaches: The edited lines, and how far each of them reaches.

    """

    old: str
    new: str
    clusters: tuple[ClusterPlan, ...]
    untouched: int
    outcome: Outcome
    reaches: tuple[Reach, ...] = ()


def plan(
    old: StateSource,
    new: StateSource,
    rules: Sequence[Rule],
    targets: Targets | None = None,
    *,
    cards: Cards | None = None,
) -> Plan:
    """Say what changing the manifests from one state to another does to the clusters.

    Args:
        old: The state before.
        new: The state afterwards.
        rules: The rules to run; those about one state have nothing to say here.
        targets: The releases, where they are asked for.
        cards: What is known of single files, by which clusters are passed over that the change
            cannot concern; without them every cluster is looked at.

    """
    return _Planning(rules, targets or Targets(), cards).run(old, new)


class _Planning:
    def __init__(self, rules: Sequence[Rule], targets: Targets, cards: Cards | None) -> None:
        self._rules = [rule for rule in rules if rule.about_change]
        self._rulebook = Rulebook(self._rules)
        self._targets = targets
        self._cards = cards if targets.new is None else None  # an upgrade concerns every cluster
        self._parsed: Parsed = {}
        self._implied = ImpliedObjects()
        self._readers = Readers()
        self._signatures = Signatures()
        self._remembered: dict[object, tuple[list[Finding], tuple[ClusterChange, ...]]] = {}
        self._findings: list[Finding] = []
        self._common: list[Finding] = []
        self._failures: list[RuleFailure] = []
        self._notes: list[str] = []
        self._unread: dict[Unread, None] = {}

    def run(self, old: StateSource, new: StateSource) -> Plan:
        """Read both states and compare their clusters."""
        before, after, passed = self._states(old, new)
        tally_before, tally = before.tally, after.tally
        self._unread = dict.fromkeys(sorted(set(before.broken) ^ set(after.broken)))
        clusters: list[ClusterPlan] = []
        untouched = passed
        pairs = pair_clusters(before.described, after.described)
        pairs.sort(key=lambda pair: [(one.scope.name, one.place) for one in pair if one])
        for one, other in pairs:
            touched = self._compare(one, other)
            if touched is not None:
                clusters.append(
                    replace(touched, manifests=other.facts.relevant) if other else touched
                )
            elif _counts(one) or _counts(other):
                untouched += 1
        clusters.sort(key=lambda cluster: (cluster.name, cluster.path))
        self._findings.extend(shared(self._common))
        listed = {(skip.name, skip.reason) for skip in (*tally.skipped, *tally_before.skipped)}
        listed |= {(name, f"it cannot be read: {why}") for name, why, _ in self._unread}
        outcome = Outcome(
            findings=tuple(sorted(self._findings, key=Finding.order)),
            clusters=tuple(
                describe(cluster.change.after) for cluster in clusters if cluster.change is not None
            ),
            summary=Summary(
                tally.files,
                tally.relevant,
                sum(cluster.manifests for cluster in clusters),
                skipped=tuple(SkippedFile(*skip) for skip in sorted(listed)),
            ),
            failures=tuple(dict.fromkeys(self._failures)),
            rules=tuple(self._rules),
            suppressions=(*tally.suppressions, *tally_before.suppressions),
            read=tuple(sorted({*tally.read, *tally_before.read})),
            notes=tuple(dict.fromkeys([*tally.notes, *tally_before.notes, *self._notes])),
        )
        changes = [(one.name, one.change.pools) for one in clusters if one.change is not None]
        waves = Waves(
            root for file in self._parsed.values() if WAVE in file.text for root in file.roots
        )
        return Plan(
            old.words, new.words, tuple(clusters), untouched, outcome, reaches(changes, waves)
        )

    def _states(self, old: StateSource, new: StateSource) -> tuple[_State, _State, int]:
        """Read both states, the new one first, so that what both have is named as it is now.

        Returns:
            The states, without clusters that the change cannot concern, and how many these are.

        """
        memory = Memory()
        pair = sides(old, new) if self._cards is not None else None
        old = pair[0].source if pair is not None else old
        old_ground, new_ground = (
            Ground(
                [source.root], Tally(), source.read, source.found,
                SharedLoader(self._parsed, source.prefix), memory=memory,
            )
            for source in (old, new)
        )  # fmt: skip
        if pair is not None and self._cards is not None:
            selection = Selection(pair, (old_ground, new_ground), self._cards)
            found = selection.found()
            after = _read(new, selection.grounds[1])
            before = _read(old, selection.grounds[0])
            if before.settled == after.settled:
                return before, after, found.clusters + sum(map(bool, after.settled.values()))
        for source, ground in ((old, old_ground), (new, new_ground)):
            ground.take(survey(ground.candidates, source.read))
        after = _read(new, new_ground)
        return _read(old, old_ground), after, 0

    def _compare(self, old: Described | None, new: Described | None) -> ClusterPlan | None:
        """Compare a cluster; None where nothing that matters differs."""
        if old is None or new is None:
            one = new or old
            if one is None or one.facts.dormant or not _is_cluster(one):
                return None
            return ClusterPlan(
                one.scope.name, one.scope.path, added=old is None, removed=new is None
            )
        if new.facts.dormant and old.facts.dormant:
            return None
        signatures = [
            (tuple(map(self._signatures.of, one.variants)), installation_signature(one.facts))
            for one in (old, new)
        ]
        before, after = self._releases(old.facts, new.facts)
        if signatures[0] == signatures[1] and before == after:
            return None
        if (unread := self._broken(old, new)) is not None:
            reason = f"{unread} cannot be read"
            return ClusterPlan(new.scope.name, new.scope.path, unknown=reason)
        if self._targets.topologies is not None:
            topologies = self._targets.topologies.of_cluster(new.scope.name)
            for facts in (*old.variants, *new.variants):
                facts.topologies = topologies
        known: object = None
        if signatures[0][1] == signatures[1][1] and self._targets.topologies is None:
            # Clusters that get the very same objects fare alike, with the same places.
            objects = [
                [tuple(map(id, facts.manifests)) for facts in one.variants] for one in (old, new)
            ]
            known = (*(tuple(listed) for listed in objects), *signatures, before, after)
        if known is not None and known in self._remembered:
            found, changes = self._remembered[known]
        else:
            found, changes = self._judge_all(old, new, before, after)
            if known is not None:
                self._remembered[known] = found, changes
        name = new.scope.name
        found = [replace(item, cluster=name) for item in found]
        (self._common if new.facts.bound else self._findings).extend(found)
        if not changes:
            reason = "it is not clear which of several policies it gets"
            return ClusterPlan(name, new.scope.path, unknown=reason)
        return ClusterPlan(name, new.scope.path, changes=changes)

    def _judge_all(
        self, old: Described, new: Described, before: Releases, after: Releases
    ) -> tuple[list[Finding], tuple[ClusterChange, ...]]:
        """Compare a cluster, whichever of several policies it gets.

        Returns:
            What is found in any case, and the comparison; none where it depends on the policy.

        """
        if len(old.variants) == len(new.variants):
            pairs = list(zip(old.variants, new.variants, strict=True))
        else:
            pairs = [(one, other) for one in old.variants for other in new.variants]
        judged = [
            self._judge(
                replace(old, variants=(one,)), replace(new, variants=(other,)), before, after
            )
            for one, other in pairs
        ]
        found = held_by_all([findings for findings, _ in judged])
        effects = {tuple(change.effects for change in changes) for _, changes in judged}
        return found, judged[0][1] if len(effects) == 1 else ()

    def _broken(self, old: Described, new: Described) -> str | None:
        """Return a file that only one of the states can read, and that the cluster may need.

        What policies put on a cluster may stand in any file of the repository.
        """
        if new.facts.bound or old.facts.bound:
            return next((name for name, _, _ in self._unread), None)
        mine = {*_unreadable(old.facts), *_unreadable(new.facts)}
        return next((one[0] for one in self._unread if one in mine), None)

    def _releases(self, old: Facts, new: Facts) -> tuple[Releases, Releases]:
        """Return the releases of both states; who names none keeps those of the other."""
        asked_new = self._targets.new or self._targets.old
        before = target_releases(old, self._targets.old)
        after = target_releases(new, asked_new)
        if self._targets.new is not None:
            older = tuple(m for m in before.minors if m <= self._targets.new.minor)
            return Releases(older or before.minors), after
        if len(before.minors) > 1 and set(after.minors) <= set(before.minors):
            return after, after
        if len(after.minors) > 1:
            return before, before
        return before, after

    def _judge(
        self, old: Described, new: Described, before: Releases, after: Releases
    ) -> tuple[list[Finding], tuple[ClusterChange, ...]]:
        """Compare a cluster for all releases under consideration, and run the rules."""
        installer = old.scope.installer or new.scope.installer
        installed = common_pools(old.facts, new.facts, installer=installer)
        changes: list[ClusterChange] = []

        def state(one: Described, some: Releases) -> ClusterState:
            cluster = build_cluster(
                one.scope.name, one.scope.path, one.facts, some,
                installer=one.scope.installer, readers=self._readers,
            )  # fmt: skip
            return ClusterState(cluster, installed, self._implied, self._readers)

        def both(some: Releases) -> ClusterChange:
            change = change_of(new.scope.name, state(old, some), state(new, some))
            changes.append(change)
            return change

        if before == after:
            return self._checked(both, after, new.facts), _settled(changes)
        held: list[list[Finding]] = []
        for _, known in in_every_release(before, lambda some: state(old, some)):

            def with_new(some: Releases, known: ClusterState = known) -> ClusterChange:
                change = change_of(new.scope.name, known, state(new, some))
                changes.append(change)
                return change

            held.append(self._checked(with_new, after, new.facts))
        said = [{(item.rule, item.pool, item.message) for item in found} for found in held]
        everywhere = set.intersection(*said)
        kept = [item for item in held[-1] if (item.rule, item.pool, item.message) in everywhere]
        return kept, _settled(changes)

    def _checked(
        self, build: Callable[[Releases], ClusterChange], releases: Releases, facts: Facts
    ) -> list[Finding]:
        found, _, broken, _ = check_cluster(build, releases, self._rulebook)
        self._failures.extend(broken)
        return settled(found, facts)


@dataclass(frozen=True, slots=True)
class _State:
    """What was read of a state.

    Attributes:
        described: Its clusters.
        settled: How many objects matter in the installer directories that were not read, by place.
        broken: The files that cannot be read to their end.
        tally: What was met.

    """

    described: tuple[Described, ...]
    settled: dict[str, int]
    broken: list[Unread]
    tally: Tally


def _read(source: StateSource, ground: Ground) -> _State:
    """Read the clusters of a state."""
    described: list[Described] = []
    settled: dict[str, int] = {}
    broken: list[Unread] = []
    for scope, stated in ground.clusters():
        place = _place(scope.path, source)
        if isinstance(stated, Verdict):
            settled[place] = stated.manifests
            continue
        variants = tuple(facts_of(stated))
        broken.extend(one for facts in variants for one in _unreadable(facts))
        if variants[0].relevant or _is_managed(variants[0]):
            described.append(Described(scope, variants, place))
    return _State(tuple(described), settled, broken, ground.tally)


def _unreadable(facts: Facts) -> list[Unread]:
    """Return the files that cannot be read to their end: name, why, and what is in them."""
    return [(file.name, problem.message, file.text) for file, problem in facts.unreadable]


def _settled(changes: Sequence[ClusterChange]) -> tuple[ClusterChange, ...]:
    """Return the comparisons of groups of releases that were not divided further, oldest first."""
    by_group = {(one.before.releases.minors, one.after.releases.minors): one for one in changes}
    whole = [(set(old), set(new)) for old, new in by_group]
    kept = {
        group: change
        for group, change in by_group.items()
        if not any(
            old <= set(group[0])
            and new <= set(group[1])
            and (old, new) != (set(group[0]), set(group[1]))
            for old, new in whole
        )
    }
    return tuple(kept[group] for group in sorted(kept))


def _place(path: str, source: StateSource) -> str:
    path = path.removeprefix(source.prefix)
    return os.path.relpath(path or ".", source.root or ".")


def _is_managed(facts: Facts) -> bool:
    """Say whether facts are those of a cluster that policies are bound to, and of no policy."""
    return facts.bound and facts.described_at is not None


def _counts(one: Described | None) -> bool:
    """Say whether what the change does not touch is a cluster, and no policy that nobody gets."""
    return one is not None and (not one.facts.bound or _is_managed(one.facts))


def _is_cluster(one: Described) -> bool:
    """Say whether what stands in one state only is a cluster and no mere part of one."""
    facts = one.facts
    if one.scope.installer or any(i.enablement is not None for i in facts.installations):
        return True
    return not facts.bound and bool(facts.profiles or facts.pools)
