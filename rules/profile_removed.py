"""Profiles that are taken away from a pool which stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.fates import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange


@rule("WPL855", severity=WARNING)
def profile_removed(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """A pool that has a PerformanceProfile keeps one."""
    old, new = pool_change.old, pool_change.new
    if old is None or new is None or not new.holds_nodes or old.node.profile is None:
        return
    profile = old.node.profile
    if new.node.profiles or new.node.profiles_open or not profile.name:
        return
    if any(one.new is not None and one.old is profile for one in change.profiles):
        return  # it is for another pool now, which is another finding
    pinned = old.outcome.fate is Fate.PINNED
    floating = new.outcome.fate is Fate.FLOATING
    effect = f"The operator deletes {profile.generated_name} and what else it made of it"
    if pinned and floating:
        effect += "; after a reboot management pods run on all CPUs, unaccounted for."
    elif new.outcome.fate is Fate.PINNED:
        effect += "; after a reboot the CPUs of another profile count."
    else:
        effect += ", and nodes reboot into their defaults."
    place = new.pool.ref
    yield finding(
        f"Profile {profile.name} is removed, and no other one matches pool {new.pool.name}.",
        *([place.label("left without a profile")] if place is not None else []),
        profile.ref.label("removed"),
        effect=effect,
        advice=f"Keep a profile for pool {new.pool.name}, or remove its nodes first.",
    )
