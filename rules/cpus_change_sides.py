"""CPUs that go from the workload to the platform, or back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, WARNING, Draft, finding, rule
from linter.engine.differences import cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.effects import PoolChange


@rule("WPL861", severity=WARNING)
def cpus_change_sides(pool_change: PoolChange) -> Iterator[Draft]:
    """The CPUs of the workload and those of the platform stay what they were."""
    old, new = pool_change.old, pool_change.new
    if old is None or new is None or not new.holds_nodes:
        return
    before, after = old.node.reserved, new.node.reserved
    if before is None or after is None or before.profile is None or after.profile is None:
        return
    taken, given = after.cpus & old.workload, before.cpus & new.workload
    if not taken and not given:
        return
    parts = []
    if taken:
        parts.append(f"{cpus(taken)} from the workload to the platform")
    if given:
        parts.append(f"{cpus(given)} from the platform to the workload")
    yield finding(
        f"Pool {new.pool.name} moves {' and '.join(parts)}.",
        after.ref.label("reserved now"),
        before.ref.label("reserved before"),
        effect="Pods with CPUs of their own may no longer fit on the nodes after the reboot."
        if len(new.workload) < len(old.workload)
        else "It takes effect when the nodes have rebooted.",
        advice="See that the pods that ask for whole CPUs fit into what is left."
        if len(new.workload) < len(old.workload)
        else "Nothing needs to be done.",
        severity=WARNING if len(new.workload) < len(old.workload) else INFO,
    )
