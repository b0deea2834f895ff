"""Places that say whether partitioning is on, and disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Applicability, Draft, Fix, finding, rule
from linter.facts.installation import ALL_NODES, MODES
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.partitioning import Partitioning


@rule("WPL402", severity=ERROR, requires=("WPL403",))
def enablement_conflict(cluster: Cluster, partitioning: Partitioning) -> Iterator[Draft]:
    """All manifests of a cluster agree whether workload partitioning is on."""
    # A directory that no installer reads may hold several clusters, which may well differ.
    if not (cluster.installer or cluster.facts.bound):
        return
    stated = [
        (signal, signal.mode.value)
        for signal in partitioning.signals
        if isinstance(signal.mode, Value) and signal.mode.value in MODES
    ]
    for signal, mode in stated[1:]:
        first, theirs = stated[0]
        off = [one.switched_on() for one, said in stated if said != ALL_NODES]
        if mode != theirs:
            yield finding(
                f"{signal.carrier} is {mode}, but {first.carrier} is {theirs}.",
                signal.ref.label(f"{mode} here"),
                first.ref.label(f"{theirs} here"),
                effect="Which of them the installer takes decides, once and for good, whether "
                "management pods are pinned.",
                advice="Write the same in both, or leave one out.",
                fix=Fix(
                    f"say {ALL_NODES} everywhere",
                    tuple(wish for wish in off if wish is not None),
                    Applicability.UNSAFE,
                    everywhere=True,
                )
                if off and None not in off
                else None,
            )
            return
