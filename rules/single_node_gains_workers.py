"""Single-node clusters that get workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.fates import Fate
from linter.model.pools import MASTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange


@rule("WPL859", severity=WARNING)
def single_node_gains_workers(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """Workers that join a partitioned single-node cluster find a profile of their own."""
    old, new = pool_change.old, pool_change.new
    if change.before.size.single_node is not True or new is None or new.pool.name == MASTER:
        return
    if change.before.size.worker_nodes is not False or not change.after.size.worker_nodes:
        return
    if new.pool.holds_nodes is not True or (old is not None and old.pool.holds_nodes):
        return
    if new.node.profiles or new.node.profiles_open or new.outcome.fate is Fate.PINNED:
        return
    switch = change.new.switch
    if not (switch.enabled or switch.legacy):
        return
    places = [host.ref.label("joins the pool") for host in new.hosts[:2]]
    places += [
        one.topology.ref.label("counted here")
        for one in change.after.facts.installations[:1]
        if one.topology is not None and not places
    ]
    if not places:
        return
    yield finding(
        f"A partitioned single-node cluster gains workers, and no profile matches pool "
        f"{new.pool.name}.",
        *places,
        effect="Management pods run on all CPUs of the workers, unaccounted for."
        if switch.enabled
        else "The hand-made files are for the control plane: the workers are not partitioned.",
        advice=f"Add a profile for pool {new.pool.name} before the first worker joins.",
    )
