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
    added = pool_change.hosts_added
    others = [host for host in new.hosts if host not in added]
    reserved, machine = new.node.reserved, new.node.topology
    for host in added:
        for one in others:
            for what, mine, theirs in host.unlike(one):
                yield finding(
                    f"Node {host.name} joins pool {new.pool.name} with {what} {mine}, but node "
                    f"{one.name} has {theirs}.",
                    host.ref.label("joins here"),
                    one.ref.label("is of another kind"),
                    effect="One profile names the CPUs of all nodes of a pool, whatever machine "
                    "each of them is.",
                    advice="Give machines of another kind a pool and a profile of their own.",
                )
            break  # one comparison tells it
        if reserved is None or machine is None or reserved.cpus <= machine.known:
            continue
        yield finding(
            f"Node {host.name} joins pool {new.pool.name}, whose machine lacks the reserved "
            f"{cpus(reserved.cpus - machine.known)}.",
            host.ref.label("joins here"),
            reserved.labelled(),
            machine.ref.label("the CPUs of the machine"),
            effect="Its kubelet does not start with CPUs that are not there.",
            advice="Reserve CPUs that all machines of the pool have.",
            severity=ERROR,
        )
