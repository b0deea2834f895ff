"""The switch of partitioning, stated by another manifest than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.facts.installation import ALL_NODES
from linter.model.releases import CPU_PARTITIONING_API
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.installation import Enablement
    from linter.model.partitioning import Partitioning
    from linter.plan.change import ClusterChange


@rule("WPL851", severity=INFO)
def enablement_moved(change: ClusterChange) -> Iterator[Draft]:
    """The same manifest switches partitioning on that did so when the cluster was installed."""
    old, new = (_carriers(one) for one in (change.before.partitioning, change.after.partitioning))
    gone = [signal for name, signal in old.items() if name not in new]
    come = [signal for name, signal in new.items() if name not in old]
    if not gone or not come or not change.releases.has(CPU_PARTITIONING_API):
        return
    yield finding(
        f"Workload partitioning is switched on by {come[0].carrier} now, and no longer by "
        f"{gone[0].carrier}.",
        come[0].ref.label("switched on here now"),
        gone[0].ref.label("switched on here before"),
        effect="A running cluster reads neither again; the next installation reads the new one.",
        advice="See that whatever installs the cluster reads the new place.",
    )


def _carriers(partitioning: Partitioning) -> dict[str, Enablement]:
    """Return the signals that switch partitioning on, by what carries them."""
    return {
        signal.carrier: signal for signal in partitioning.signals if known(signal.mode) == ALL_NODES
    }
