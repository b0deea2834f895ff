"""Profiles that come back under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange


@rule("WPL856", severity=WARNING)
def profile_renamed(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """The profile of a pool keeps its name."""
    old, new = pool_change.old, pool_change.new
    if old is None or new is None or not new.holds_nodes:
        return
    before, after = old.node.profile, new.node.profile
    if before is None or after is None or not before.name or not after.name:
        return
    if before.name == after.name or any(p.name == before.name for p in change.new.profiles):
        return
    children = [
        place.label(f"still includes {before.name}")
        for tuned in change.after.facts.tuneds
        for entry in tuned.profiles
        for name, place in entry.includes
        if name.removeprefix("-") == f"openshift-node-performance-{before.name}"
    ]
    yield finding(
        f"The profile of pool {new.pool.name} is called {after.name} now, and no longer "
        f"{before.name}.",
        after.ref.label("its new name"),
        before.ref.label("its old name"),
        *children[:2],
        effect="To the operator it is another profile: it deletes all that it made of the old one "
        "and makes it anew under other names. In between the pool has two of each or none, and "
        "its nodes reboot.",
        advice="Keep the name; or pause the pool until the old objects are gone and the new ones "
        "are there.",
    )
