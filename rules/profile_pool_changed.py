"""Profiles that configure another pool than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.enumeration import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange, ProfileChange


@rule("WPL857", severity=WARNING)
def profile_pool_changed(change: ClusterChange, profile_change: ProfileChange) -> Iterator[Draft]:
    """A profile configures the same pool as before."""
    old, new = profile_change.old, profile_change.new
    if old is None or new is None or new.node_selector is None or old.node_selector is None:
        return
    if not (old.node_selector.complete and new.node_selector.complete):
        return
    before = [pool.name for pool in profile_change.old_pools]
    after = [pool.name for pool in profile_change.new_pools]
    if before == after or len(before) != 1 or not after:
        return
    left = change.new.pool(before[0])
    alone = left is not None and left.holds_nodes and not left.node.profiles
    yield finding(
        f"Profile {new.name} configures pool {enumeration(after)} now, and no longer {before[0]}.",
        new.node_selector.ref.label("selects other nodes now"),
        old.node_selector.ref.label("selected these before"),
        effect="Its MachineConfig changes its role, so the nodes of both pools reboot"
        + (f", and those of {before[0]} lose what it reserved." if alone else "."),
        advice=f"Give pool {enumeration(after)} a profile of its own"
        + (f", and leave this one to {before[0]}." if alone else "."),
    )
