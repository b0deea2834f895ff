"""Reserved sets that are small for the whole platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, WARNING, Draft, finding, rule
from linter.engine.differences import cpus
from linter.model.partitioning import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.partitioning import Partitioning, Size

_FEWEST = 4


@rule("WPL215", severity=WARNING, requires=("WPL104",))
def profile_reserved_small(
    profile: Profile, cluster: Cluster, partitioning: Partitioning, size: Size
) -> Iterator[Draft]:
    """On a partitioned cluster four CPUs are reserved, the first one among them."""
    reserved = profile.reserved
    if partitioning.mode is not Mode.ALL_NODES or reserved is None or not reserved.cpus:
        return
    measured = cluster.knows_machines(profile)  # rules about the machine know better then
    if len(reserved.cpus) < _FEWEST:
        if measured and size.single_node:
            return
        yield finding(
            f"{profile.manifest.identity} reserves {cpus(reserved.cpus)}, fewer than {_FEWEST}.",
            reserved.ref.label("reserved here"),
            effect="Every pod of the platform, the kubelet, CRI-O and the services of the system "
            "share these CPUs, and slow each other down.",
            advice=f"Reserve {_FEWEST} CPUs or more, both threads of each core.",
            severity=WARNING if size.single_node else INFO,
        )
    elif 0 not in reserved.cpus and not measured:
        yield finding(
            f"{profile.manifest.identity} reserves {cpus(reserved.cpus)}, without CPU 0.",
            reserved.ref.label("CPU 0 is not reserved"),
            effect="The kernel boots on CPU 0, and some of its work stays there, beside the "
            "workload.",
            advice="Reserve CPU 0 and its sibling, unless the machine needs it otherwise.",
            severity=INFO,
        )
