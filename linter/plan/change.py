"""A cluster in two states of its manifests: what rules about a change are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.scope import Facts
from linter.plan.effects import PoolChange, compare_pools
from linter.plan.pairing import pair_unique
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.pools import Pool
    from linter.model.releases import Gate, Releases
    from linter.plan.effects import Effect
    from linter.plan.states import ClusterState

__all__ = ["ClusterChange", "PoolChange", "ProfileChange", "change_of", "common_pools"]


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A profile in two states, of which one may lack it, and the pools that it configures."""

    old: Profile | None
    new: Profile | None
    old_pools: tuple[Pool, ...]
    new_pools: tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class ClusterChange:
    """A cluster that is there in both states.

    Attributes:
        name: What people call it.
        old: The cluster before.
        new: The cluster afterwards.
        pools: Its pools in both states, by name.
        profiles: Its profiles in both states, by name.

    """

    name: str
    old: ClusterState
    new: ClusterState
    pools: tuple[PoolChange, ...]
    profiles: tuple[ProfileChange, ...]

    @property
    def path(self) -> str:
        """The directory of the cluster afterwards."""
        return self.new.cluster.path

    @property
    def releases(self) -> Releases:
        """The releases under consideration, of the state afterwards."""
        return self.new.cluster.releases

    @property
    def facts(self) -> Facts:
        """The objects of both states, by which findings are identified."""
        old, new = self.old.cluster.facts, self.new.cluster.facts
        return Facts(
            manifests=[*new.manifests, *old.manifests],
            carriers=[*new.carriers, *old.carriers],
            bound=new.bound,
            described_at=new.described_at,
        )

    @property
    def before(self) -> Cluster:
        """The model of the state before."""
        return self.old.cluster

    @property
    def after(self) -> Cluster:
        """The model of the state afterwards."""
        return self.new.cluster

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What becomes of the nodes of any pool, the worst first."""
        found = {effect for pool in self.pools for effect in pool.effects}
        return tuple(sorted(found, key=_worst_first))

    @property
    def upgraded(self) -> bool:
        """Whether the release is a newer or older one afterwards."""
        return is_upgrade(self.before.releases, self.after.releases)

    @property
    def newer(self) -> bool:
        """Whether the release is a newer one afterwards."""
        return max(self.before.releases.minors) < min(self.after.releases.minors)

    def begins(self, gate: Gate) -> bool:
        """Say whether a behaviour holds in no release of the old state and in all of the new."""
        return self._all(self.old, gate, holds=False) and self._all(self.new, gate, holds=True)

    def ends(self, gate: Gate) -> bool:
        """Say whether a behaviour holds in all releases of the old state and in none of the new."""
        return self._all(self.old, gate, holds=True) and self._all(self.new, gate, holds=False)

    def _all(self, state: ClusterState, gate: Gate, *, holds: bool) -> bool:
        return all(gate.holds_in(minor) is holds for minor in state.cluster.releases.minors)


def is_upgrade(old: Releases, new: Releases) -> bool:
    """Say whether no release of one state can be one of the other."""
    return max(old.minors) < min(new.minors) or max(new.minors) < min(old.minors)


def _worst_first(effect: Effect) -> int:
    return list(type(effect)).index(effect)


def common_pools(old: Facts, new: Facts, *, installer: bool) -> frozenset[str]:
    """Return the pools that a running cluster may be taken to have been installed with, by name.

    They are those that both states declare, if an installer reads one of the two: a pool that the
    change adds comes later. Built-in ones need not be named.
    """
    enabled = [
        facts
        for facts in (old, new)
        if not facts.bound and any(one.enablement is not None for one in facts.installations)
    ]
    if not (installer or enabled):
        return frozenset()
    names = {pool.name for pool in old.pools} & {pool.name for pool in new.pools}
    return frozenset(name for name in names if name)


def change_of(name: str, old: ClusterState, new: ClusterState) -> ClusterChange:
    """Compare the two states of a cluster."""
    names = sorted({state.pool.name for state in (*old.pools, *new.pools)})
    upgraded = is_upgrade(old.cluster.releases, new.cluster.releases)
    pools = tuple(
        compare_pools(old.pool(name), new.pool(name), upgraded=upgraded) for name in names
    )
    return ClusterChange(name, old, new, pools, tuple(_profiles(old, new)))


def _profiles(old: ClusterState, new: ClusterState) -> Iterable[ProfileChange]:
    """Yield the profiles of both states, paired by name."""
    before = {id(match.profile): match.pools for match in old.cluster.matches}
    after = {id(match.profile): match.pools for match in new.cluster.matches}
    pairs, gone, added = pair_unique(old.profiles, new.profiles, lambda one: one.name or None)
    for one, other in pairs:
        yield ProfileChange(one, other, before[id(one)], after[id(other)])
    for one in gone:
        yield ProfileChange(one, None, before[id(one)], ())
    for one in added:
        yield ProfileChange(None, one, (), after[id(one)])
