"""What a change of manifests does to the nodes of a pool that runs already."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuSet
from linter.model.fates import Fate
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.facts.installation import Host
    from linter.model.pools import Pool
    from linter.plan.node_statements import NodeStatement
    from linter.plan.states import PoolState


class Effect(Enum):
    """What becomes of a pool's nodes, the worst first; the value is what people read."""

    FAILS = "kubelet or CRI-O will not start"
    REJECTED = "nodes will be rejected"
    FLOATS = "partitioned, but floating"
    UNPINNED = "pinning disappears"
    CONTESTED = "depends on creation order"
    UNKNOWN = "a template decides"
    MOVES = "management pods move"
    PINNED = "pinning appears"
    REBOOT = "nodes reboot"
    RETUNED = "TuneD settings change"
    JOIN = "nodes join"
    LEAVE = "nodes leave"
    ADDED = "pool added"
    REMOVED = "pool removed"
    STARTS = "kubelet and CRI-O start again"
    ACCEPTED = "nodes are no longer rejected"
    SETTLED = "no longer depends on creation order"
    FIXED = "no longer floating"

    @property
    def slug(self) -> str:
        """Its name for programs."""
        return self.name.lower()

    @property
    def mirror(self) -> Effect:
        """The effect of the opposite change."""
        return _MIRRORS.get(self, self)


_PAIRS = (
    (Effect.FAILS, Effect.STARTS),
    (Effect.REJECTED, Effect.ACCEPTED),
    (Effect.FLOATS, Effect.FIXED),
    (Effect.UNPINNED, Effect.PINNED),
    (Effect.CONTESTED, Effect.SETTLED),
    (Effect.ADDED, Effect.REMOVED),
    (Effect.JOIN, Effect.LEAVE),
)
_MIRRORS = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_BEGINNINGS: Mapping[Fate, Effect] = {
    Fate.CRIO_FAILS: Effect.FAILS,
    Fate.KUBELET_FAILS: Effect.FAILS,
    Fate.REJECTED: Effect.REJECTED,
    Fate.FLOATING: Effect.FLOATS,
    Fate.CONTESTED: Effect.CONTESTED,
    Fate.PINNED: Effect.PINNED,
}
"""The effect that a fate has where it was another one before; the mirror is that of its end."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A statement that differs: what it was and is, each None where there is none."""

    old: NodeStatement | None
    new: NodeStatement | None

    @property
    def either(self) -> NodeStatement:
        """The new statement, else the old one."""
        one = self.new or self.old
        if one is None:
            raise ValueError("a change from nothing to nothing")  # pragma: no cover
        return one

    @property
    def key(self) -> str:
        """What differs."""
        return self.either.key

    @property
    def reboots(self) -> bool:
        """Whether nodes reboot for it."""
        return any(one is not None and one.reboots for one in (self.old, self.new))

    @property
    def open(self) -> bool:
        """Whether a template decides one of the two."""
        return any(one is not None and one.open for one in (self.old, self.new))

    @property
    def words(self) -> tuple[str, str]:
        """What to show of both sides; ``nothing`` for an absent one."""
        old = self.old.shown if self.old is not None else "nothing"
        new = self.new.shown if self.new is not None else "nothing"
        return (old, "changed") if old == new else (old, new)


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A pool in two states, of which one may lack it, and what the change does to its nodes.

    Attributes:
        name: The pool's name.
        old: The pool before.
        new: The pool afterwards.
        effects: What becomes of its nodes, the worst first; empty where nothing does.
        changed: The statements that differ, those that reboot nodes first.
        gained: The CPUs that management pods get in addition.
        lost: Those that they lose.
        taken: Those of the gained CPUs that belonged to the workload.

    """

    name: str
    old: PoolState | None
    new: PoolState | None
    effects: tuple[Effect, ...]
    changed: tuple[Changed, ...]
    gained: CpuSet = CpuSet.EMPTY
    lost: CpuSet = CpuSet.EMPTY
    taken: CpuSet = CpuSet.EMPTY

    @property
    def either(self) -> PoolState:
        """The pool afterwards, else before."""
        one = self.new or self.old
        if one is None:
            raise ValueError("a change from nothing to nothing")  # pragma: no cover
        return one

    @property
    def pool(self) -> Pool:
        """The pool, as findings name it."""
        return self.either.pool

    @property
    def size(self) -> int | None:
        """How many nodes it concerns, None where nothing says."""
        sizes = [one.size for one in (self.new, self.old) if one is not None]
        return next((size for size in sizes if size is not None), None)

    @property
    def hosts_added(self) -> tuple[Host, ...]:
        """The nodes, listed by name, that join a pool which is there already."""
        if self.old is None or self.new is None:
            return ()
        known = {host.name for host in self.old.hosts}
        return tuple(host for host in self.new.hosts if host.name not in known)

    @property
    def hosts_kept(self) -> tuple[Host, ...]:
        """The nodes, listed by name, that the pool had already."""
        added = self.hosts_added
        listed = self.new.hosts if self.new is not None else ()
        return tuple(host for host in listed if host not in added)

    @property
    def given(self) -> CpuSet:
        """The CPUs that management pods lose and the workload gets."""
        return self.lost & self.new.workload if self.new is not None else CpuSet.EMPTY

    @property
    def paused(self) -> bool:
        """Whether the change waits until somebody resumes the pool."""
        declared = self.new.pool.declared if self.new is not None else None
        return declared is not None and declared.paused


def compare_pools(
    old: PoolState | None, new: PoolState | None, *, upgraded: bool = False
) -> PoolChange:
    """Say what a change does to a pool.

    Args:
        old: The pool before, None where it is added.
        new: The pool afterwards, None where it is removed.
        upgraded: Whether the release changes, for which nodes reboot whatever else changes.

    """
    either = new or old
    if either is None:
        raise ValueError("a pool of no state")
    name = either.pool.name
    before, after = (one is not None and one.holds_nodes for one in (old, new))
    if old is None or new is None or before is not after or not after:
        held = new if after else old if before else None
        found = _of_whole(held) if held is not None and before is not after else []
        return PoolChange(name, old, new, _sorted(found if after else _mirrored(found)), ())
    rendered = old.renderable and new.renderable
    changed = _differing(old.statements(rendered=rendered), new.statements(rendered=rendered))
    found = _of_fates(old.outcome.fate, new.outcome.fate)
    if old.size is not None and new.size is not None and old.size != new.size:
        found.append(Effect.JOIN if old.size < new.size else Effect.LEAVE)
    gained = lost = taken = CpuSet.EMPTY
    had, has = old.management, new.management
    if had is not None and has is not None and had != has:
        found.append(Effect.MOVES)
        gained, lost = has - had, had - has
        taken = gained & old.workload
    if upgraded or any(one.reboots and not one.open for one in changed):
        found.append(Effect.REBOOT)
    elif any(not one.open for one in changed):
        found.append(Effect.RETUNED)
    if any(one.open for one in changed):
        found.append(Effect.UNKNOWN)
    return PoolChange(name, old, new, _sorted(found), changed, gained, lost, taken)


def _of_whole(added: PoolState) -> list[Effect]:
    """Return what it is to nodes that a pool is added."""
    begins = _BEGINNINGS.get(added.outcome.fate)
    if begins is None or begins is Effect.PINNED:
        return [Effect.ADDED]
    return [Effect.ADDED, begins]


def _mirrored(effects: Sequence[Effect]) -> list[Effect]:
    return [effect.mirror for effect in effects]


def _of_fates(old: Fate, new: Fate) -> list[Effect]:
    """Return what begins and what ends as the fate of a pool changes."""
    begins, ended = _BEGINNINGS.get(new), _BEGINNINGS.get(old)
    if begins is ended:
        return []
    found = [begins] if begins is not None else []
    if ended is not None:
        found.append(ended.mirror)
    if Fate.UNKNOWN in {old, new} and old is not new:
        return [Effect.UNKNOWN]
    return found


def _differing(
    old: Mapping[str, NodeStatement], new: Mapping[str, NodeStatement]
) -> tuple[Changed, ...]:
    changed = [
        Changed(old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if (old[key].value if key in old else None) != (new[key].value if key in new else None)
    ]
    return tuple(sorted(changed, key=lambda one: (not one.reboots, one.key)))


def _sorted(effects: Sequence[Effect | None]) -> tuple[Effect, ...]:
    order = list(Effect)
    return tuple(sorted({one for one in effects if one is not None}, key=order.index))
