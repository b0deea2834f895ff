"""Words for what a change does, which every output of a plan uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.plan.effects import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.planning import ClusterPlan, Plan
    from linter.plan.effects import PoolChange
    from linter.plan.fleet import Reach

STYLES = {
    Effect.FAILS: "error",
    Effect.REJECTED: "error",
    Effect.FLOATS: "warning",
    Effect.UNPINNED: "warning",
    Effect.CONTESTED: "warning",
    Effect.UNKNOWN: "info",
    Effect.MOVES: "warning",
    Effect.REBOOT: "warning",
    Effect.PINNED: "good",
    Effect.STARTS: "good",
    Effect.ACCEPTED: "good",
    Effect.SETTLED: "good",
    Effect.FIXED: "good",
}
"""How a terminal shows an effect; what is not listed is neither good nor bad."""

_UNSAID = {
    Effect.PINNED: (Effect.FIXED,),
    Effect.FLOATS: (Effect.UNPINNED,),
    Effect.REJECTED: (Effect.UNPINNED,),
    Effect.FAILS: (Effect.UNPINNED,),
    Effect.REMOVED: (Effect.STARTS, Effect.ACCEPTED, Effect.SETTLED, Effect.FIXED),
}
"""Effects that go without saying where another one is said."""


def said(effects: Sequence[Effect]) -> list[Effect]:
    """Return the effects worth saying, the worst first."""
    unsaid = {other for effect in effects for other in _UNSAID.get(effect, ())}
    return [effect for effect in effects if effect not in unsaid]


def worst(change: PoolChange) -> Effect | None:
    """Return the worst that happens to a pool, None for nothing."""
    return next(iter(said(change.effects)), None)


def effect_words(change: PoolChange) -> str:
    """Say what a change does to the nodes of a pool, in one phrase."""
    parts: list[str] = []
    first = (Effect.ADDED, Effect.REMOVED)
    for effect in sorted(said(change.effects), key=lambda one: one not in first):
        words = effect.value
        if effect is Effect.ADDED and change.old is not None:
            words = "the pool gets its first nodes"
        elif effect is Effect.REMOVED and change.new is not None:
            words = "the pool loses its last nodes"
        elif effect in {Effect.JOIN, Effect.LEAVE}:
            words = join_words(change)
        elif effect is Effect.MOVES:
            words += f" {cpu_words(change)}"
        parts.append(words)
    if change.paused and parts:
        parts.append("once the pool is resumed")
    return ", ".join(parts) or "no effect"


def join_words(change: PoolChange) -> str:
    """Say how many nodes join or leave a pool."""
    old = change.old.size if change.old is not None else None
    new = change.new.size if change.new is not None else None
    if old is None or new is None:
        return "nodes join"
    number = abs(new - old)
    verb = "join" if new > old else "leave"
    return f"{counted(number, 'node')} {verb}{'s' if number == 1 else ''}"


def cpu_words(change: PoolChange) -> str:
    """Say which CPUs management pods gain and lose, such as ``+2-3 -28-29``."""
    parts = [f"+{change.gained}"] if change.gained else []
    return " ".join([*parts, f"-{change.lost}"] if change.lost else parts)


def cluster_words(cluster: ClusterPlan) -> str:
    """Say what becomes of a cluster that cannot be compared pool by pool; empty for others."""
    if cluster.unknown:
        return f"not known: {cluster.unknown}"
    if cluster.added or cluster.removed:
        return "cluster added" if cluster.added else "cluster removed"
    return ""


def pools_said(cluster: ClusterPlan) -> list[PoolChange]:
    """Return the pools of a cluster that something happens to."""
    change = cluster.change
    return [pool for pool in change.pools if pool.effects] if change is not None else []


def listed(plan: Plan) -> list[ClusterPlan]:
    """Return the clusters that something happens to."""
    return [one for one in plan.clusters if one.added or one.removed or one.effects]


def headline(plan: Plan) -> str:
    """Say in one sentence what the change does to all clusters together."""
    every = len(plan.clusters) + plan.untouched
    touched = listed(plan)
    if not every:
        return "No manifest here has to do with workload partitioning."
    if not touched:
        return f"No effect: {counted(every, 'cluster')} compared, no node changes."
    nodes, whole = node_count(touched)
    words = f"{len(touched)} of {counted(every, 'cluster')} changed"
    if nodes:
        words += f", {'' if whole else 'at least '}{counted(nodes, 'node')}"
    return f"{words}."


def node_count(clusters: Iterable[ClusterPlan]) -> tuple[int, bool]:
    """Return how many nodes are concerned, and whether manifests say it of all of them."""
    sizes = [pool.size for cluster in clusters for pool in pools_said(cluster)]
    return sum(size for size in sizes if size is not None), None not in sizes


def tally(plan: Plan) -> list[tuple[Effect, int]]:
    """Return in how many clusters each effect is seen, the worst first."""
    found: dict[Effect, int] = {}
    for cluster in plan.clusters:
        effects = {effect for pool in pools_said(cluster) for effect in said(pool.effects)}
        for effect in effects:
            found[effect] = found.get(effect, 0) + 1
    return [(effect, found[effect]) for effect in Effect if effect in found]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 node`` or ``3 nodes``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def reach_words(reach: Reach) -> str:
    """Say what an edited line says before and afterwards, and what it decides on the nodes."""
    old, new = reach.words
    first, *rest = reach.keys
    more = f" and {len(rest)} more" if rest else ""
    return f"{old} → {new}: {first}{more}"


def far(plan: Plan) -> list[Reach]:
    """Return the edited lines that reach more than one cluster, or that a wave rolls out."""
    return [one for one in plan.reaches if len(one.clusters) > 1 or one.wave is not None]
