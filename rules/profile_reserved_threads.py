"""Reserved CPUs of a single node that are too few for the whole platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, WARNING, Draft, finding, rule
from linter.engine.differences import cpus
from linter.model.partitioning import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.partitioning import Partitioning, Size
    from linter.topology.machine import Topology

_FEWEST = 4


@rule("WPL235", severity=WARNING, requires=("WPL202", "WPL230"))
def profile_reserved_threads(
    pool_profile: Profile, topology: Topology, partitioning: Partitioning, size: Size
) -> Iterator[Draft]:
    """A single node reserves four threads or more, which are two cores."""
    reserved = pool_profile.reserved
    if not size.single_node or reserved is None or not reserved.cpus:
        return
    if partitioning.mode is Mode.OFF or len(reserved.cpus & topology.online) >= _FEWEST:
        return
    cores = [core for core in topology.cores or () if core.cpus & reserved.cpus]
    of = f" of {len(cores)} core{'s' * (len(cores) > 1)}" if cores else ""
    sure = partitioning.mode is Mode.ALL_NODES
    yield finding(
        f"{pool_profile.manifest.identity} reserves {cpus(reserved.cpus)}{of} on a single node, "
        f"fewer than {_FEWEST} threads.",
        reserved.ref.label("reserved here"),
        topology.ref.label("the machine's CPUs"),
        effect=("The" if sure else "Where the cluster is partitioned, the")
        + " whole control plane, the kubelet and CRI-O share these CPUs, and slow each other down.",
        advice="Reserve two cores or more, with both threads of each.",
        severity=WARNING if sure else INFO,
    )
