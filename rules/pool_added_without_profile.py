"""Pools that join a partitioned cluster without a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.model.fates import Fate
from linter.model.pools import inherited_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange
    from linter.plan.states import PoolState


@rule("WPL853", severity=WARNING)
def pool_added_without_profile(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """A pool that is added to a partitioned cluster has a PerformanceProfile."""
    new, switch = pool_change.new, change.new.switch
    if pool_change.old is not None or new is None or new.pool.ref is None or not new.holds_nodes:
        return
    if new.node.profiles or new.node.profiles_open or not (switch.enabled or switch.legacy):
        return
    if new.outcome.fate is Fate.UNKNOWN:
        return
    rejected = new.outcome.fate is Fate.REJECTED
    selector = new.pool.machine_config_selector if rejected else None
    yield finding(
        f"Pool {new.pool.name} is added to a partitioned cluster, and no profile matches it.",
        new.pool.ref.label("added without a profile"),
        *([selector.ref.label("does not take what prepares workers")] if selector else []),
        effect=_effect(change, new),
        advice=f"Add a profile whose nodeSelector is that of pool {new.pool.name} in the same "
        "change, before any node joins.",
        severity=ERROR if rejected else WARNING,
    )


def _effect(change: ClusterChange, new: PoolState) -> str:
    if new.outcome.fate is Fate.REJECTED:
        return (
            "Nothing brings the kubelet's pinning file to a pool that comes later and does not "
            "take the MachineConfigs of worker, so its nodes are refused when they register."
        )
    inherited = inherited_profile(new.pool, change.after.matches)
    if inherited is not None:
        return (
            f"Its nodes take over what profile {inherited.name} reserves for another pool, whether "
            "or not that suits their machines."
        )
    if not change.new.switch.enabled:
        return "The hand-made files are not for it: its nodes are not partitioned."
    return "Its nodes join, and management pods run on all of their CPUs, unaccounted for."
