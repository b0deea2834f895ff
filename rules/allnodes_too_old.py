"""Partitioning switched on in a release that does not know the switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.enumeration import MOST
from linter.model.releases import CPU_PARTITIONING_API, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.partitioning import Partitioning


@rule("WPL407", severity=ERROR)
def allnodes_too_old(
    cluster: Cluster, partitioning: Partitioning, releases: Releases
) -> Iterator[Draft]:
    """A cluster that is switched to AllNodes runs a release that knows this mode."""
    signal = partitioning.enabled_by
    if signal is None or releases.known is None or releases.has(CPU_PARTITIONING_API):
        return
    yield finding(
        f"{signal.carrier} is AllNodes, but OpenShift {releases.known} has no such field: "
        "it came with 4.13.",
        signal.ref.label("switched on here"),
        *(claim.ref.label("the release") for claim in cluster.claims[:MOST]),
        effect="Whether the installer refuses the field or leaves it out, it partitions nothing.",
        advice="Install 4.13 or later, or on a single node use the older MachineConfig.",
    )
