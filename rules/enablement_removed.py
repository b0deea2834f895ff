"""The switch of partitioning, taken away from a cluster whose nodes are partitioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.model.partitioning import Mode, stated_off
from linter.sources.fields import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange


@rule("WPL852", severity=ERROR)
def enablement_removed(change: ClusterChange) -> Iterator[Draft]:
    """What switches partitioning on stays where nodes carry the kubelet's pinning file."""
    old, new = change.before.partitioning, change.after.partitioning
    before = old.enabled_by
    if before is None or new.mode is Mode.ALL_NODES:
        return
    if not all(stated_off(signal) and isinstance(signal.mode, Missing) for signal in new.signals):
        return
    carrying = [
        pool.name
        for pool in change.pools
        if pool.old is not None and pool.old.holds_nodes and pool.old.outcome.delivery.pinning_from
    ]
    if not carrying:
        return
    listed, several = enumeration(carrying), len(carrying) > 1
    places = [signal.ref.label("says nothing of it now") for signal in new.signals[:1]]
    yield finding(
        f"Nothing switches workload partitioning on any more, but the nodes of pool"
        f"{'s' if several else ''} {listed} carry the kubelet's pinning file.",
        *places,
        before.ref.label("AllNodes before"),
        effect="The running cluster stays partitioned; installed anew from these manifests, or "
        "with the Infrastructure object changed, its profiles no longer pin anything.",
        advice="Keep cpuPartitioningMode: AllNodes for as long as the cluster lives.",
        severity=ERROR if new.signals else WARNING,
    )
