"""Reserved sets that become too small for the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.differences import cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange

_FEWEST = 4


@rule("WPL860", severity=WARNING)
def reserved_shrunk(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """The platform of a partitioned cluster keeps at least four reserved threads."""
    old, new = pool_change.old, pool_change.new
    if old is None or new is None or not new.holds_nodes or not change.new.switch.enabled:
        return
    before, after = old.node.reserved, new.node.reserved
    if before is None or after is None:
        return
    if len(before.cpus) < _FEWEST or len(after.cpus) >= _FEWEST:
        return
    yield finding(
        f"The reserved CPUs of pool {new.pool.name} shrink from {before.cpus} to {after.cpus}, "
        f"fewer than {_FEWEST} threads.",
        after.ref.label("reserved now"),
        before.ref.label("reserved before"),
        effect=f"All of the platform squeezes into {cpus(after.cpus)}: pods of the control plane "
        "slow each other down, and nodes can become NotReady.",
        advice=f"Keep {_FEWEST} threads or more, both threads of each core.",
    )
