"""Profiles that match more than one pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.enumeration import MOST, enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.pools import ProfileMatch


@rule("WPL503", severity=ERROR)
def profile_in_several_pools(match: ProfileMatch) -> Iterator[Draft]:
    """A PerformanceProfile matches one MachineConfigPool only."""
    pools = {pool.name: pool for pool in match.pools if pool.name}
    labels = match.profile.node_selector
    if len(pools) < 2 or labels is None:
        return
    yield finding(
        f"Profile {match.profile.name} matches several pools: {enumeration(list(pools))}.",
        labels.ref.label("matches several pools"),
        *(
            pool.node_selector.ref.label(f"pool {pool.name} selects these nodes")
            for pool in list(pools.values())[:MOST]
            if pool.declared is not None
            and pool.declared.node_selector is not None
            and pool.node_selector is not None
        ),
        effect="The operator refuses it, so no pool gets its settings; "
        "while a cluster is installed, the bootstrap stops at it.",
        advice="Give each pool a node selector of its own, and a profile with the same one.",
    )
