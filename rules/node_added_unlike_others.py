"""Nodes that join a pool of other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.differences import cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.effects import PoolChange


@rule("WPL858", severity=WARNING)
def node_added_unlike_others(pool_change: PoolChange) -> Iterator[Draft]:
    """A node that joins a pool is a machine like the others there, and has the reserved CPUs."""
    new = pool_change.new
    if new is None:
        return
    for host in pool_change.hosts_added:
        joins = f"Node {host.name} joins pool {new.pool.name}"
        other = next((one for one in pool_change.hosts_kept if any(host.unlike(one))), None)
        if other is not None:
            mine, theirs = next(host.unlike(other))
            yield finding(
                f"{joins} with {mine}, but node {other.name} has {theirs}.",
                host.ref.label("joins here"),
                other.ref.label("is of another kind"),
                effect="One profile names the CPUs of all nodes of a pool, whatever machine each "
                "of them is.",
                advice="Give machines of another kind a pool and a profile of their own.",
            )
        lacking = new.lacking(host)
        if lacking is None or new.node.reserved is None:
            continue
        # By their number alone it is no error: numbers may have gaps.
        told = new.node.topology is None
        yield finding(
            f"{joins} with {host.cpus} CPUs, but {cpus(lacking.cpus)} "
            f"{'is' if len(lacking.cpus) == 1 else 'are'} reserved there."
            if told
            else f"{joins}, whose machine lacks the reserved {cpus(lacking.cpus)}.",
            host.ref.label("joins here"),
            new.node.reserved.labelled(),
            lacking.ref.label("the CPUs of the machine"),
            effect="Its kubelet does not start with CPUs that are not there.",
            advice="Reserve CPUs that all machines of the pool have.",
            severity=WARNING if told else ERROR,
        )
