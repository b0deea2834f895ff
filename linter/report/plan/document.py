"""A plan as JSON: ``schemas/plan.schema.json`` writes the contract down.

A place has ``path``, ``line`` and ``column`` and, inside a payload, ``payload`` (its path on the
node) with ``payload_line`` and ``payload_column``; all count from 1, columns in code points. Paths
of the state before begin with its name and a colon where that state is a commit and the file
another one afterwards. What is not known, or stands nowhere, is null. CPU lists are canonical.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.report.facts_dump import where
from linter.report.json_report import report
from linter.report.json_text import indented_text
from linter.report.plan.words import node_count, tally

if TYPE_CHECKING:
    from linter.engine.planning import ClusterPlan, Plan
    from linter.plan.change import ClusterChange
    from linter.plan.effects import Changed, PoolChange
    from linter.plan.fleet import Reach
    from linter.plan.states import PoolState

VERSION = 1

Json = dict[str, Any]


def text(plan: Plan, cluster: str | None = None, pool: str | None = None) -> str:
    """Return a plan as indented JSON with a line break at its end.

    Args:
        plan: The plan.
        cluster: The name of the only cluster to write; None for all of them.
        pool: The name of the only pool to write; None for all of them.

    """
    return indented_text(document(plan, cluster, pool))


def document(plan: Plan, cluster: str | None = None, pool: str | None = None) -> Json:
    """Return the object that is written; keys stand in a fixed order."""
    found = report(plan.outcome)
    nodes, whole = node_count(plan.clusters)
    written: dict[int, list[Json]] = {}
    return {
        "version": VERSION,
        "old": plan.old,
        "new": plan.new,
        "summary": {
            "clusters": len(plan.clusters) + plan.untouched,
            "changed": len(plan.clusters),
            "nodes": nodes,
            "nodes_complete": whole,
            "effects": {effect.slug: number for effect, number in tally(plan)},
        },
        "clusters": [
            _cluster(one, pool, written) for one in plan.clusters if cluster in {None, one.name}
        ],
        "reaches": [_reach(one) for one in plan.reaches],
        "findings": found["findings"],
        "input": found["summary"],
    }


def _cluster(cluster: ClusterPlan, pool: str | None, written: dict[int, list[Json]]) -> Json:
    """Return what is written of a cluster; of clusters that fare alike, pools are the same ones."""
    change = cluster.change
    state = "added" if cluster.added else "removed" if cluster.removed else "changed"
    state = "unknown" if cluster.unknown else state
    if change is not None and id(change) not in written:
        written[id(change)] = [_pool(one) for one in change.pools if pool in {None, one.name}]
    return {
        "name": cluster.name,
        "path": cluster.path,
        "state": state,
        "releases": None if change is None else _releases(change),
        "effects": [effect.slug for effect in cluster.effects],
        "pools": [] if change is None else written[id(change)],
        "otherwise": [
            {"releases": _releases(other), "pools": [_pool(one) for one in other.pools]}
            for other in cluster.changes[:-1]
        ],
    }


def _releases(change: ClusterChange) -> Json:
    return {
        "old": [f"4.{minor}" for minor in change.before.releases.minors],
        "new": [f"4.{minor}" for minor in change.after.releases.minors],
    }


def _pool(change: PoolChange) -> Json:
    return {
        "name": change.name,
        "nodes": change.size,
        "paused": change.paused,
        "effects": [effect.slug for effect in change.effects],
        "old": _state(change.old),
        "new": _state(change.new),
        "gained": str(change.gained),
        "lost": str(change.lost),
        "taken": str(change.taken),
        "statements": [_changed(one) for one in change.changed],
    }


def _state(state: PoolState | None) -> Json | None:
    if state is None:
        return None
    node = state.node
    return {
        "profile": node.profile.name if node.profile is not None else None,
        "reserved": str(node.reserved.cpus) if node.reserved is not None else None,
        "fate": state.outcome.fate.name.lower().replace("_", "-"),
        "why": state.outcome.why,
        "place": where(state.pool.ref),
    }


def _changed(changed: Changed) -> Json:
    return {
        "key": changed.key,
        "reboots": changed.reboots,
        "decided_by_template": changed.open,
        "old": None
        if changed.old is None
        else {"text": changed.old.shown, "place": where(changed.old.ref)},
        "new": None
        if changed.new is None
        else {"text": changed.new.shown, "place": where(changed.new.ref)},
    }


def _reach(reach: Reach) -> Json:
    return {
        "old": where(reach.old),
        "new": where(reach.new),
        "statements": list(reach.keys),
        "clusters": list(reach.clusters),
        "nodes": reach.nodes,
        "nodes_complete": reach.counted,
        "wave": reach.wave,
        "reboots": reach.reboots,
    }
