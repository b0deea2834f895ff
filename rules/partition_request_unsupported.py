"""Objects of an API for partitioning that was proposed and never shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.model.partitioning import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.partitioning import Partitioning


@rule("WPL412", severity=WARNING)
def partition_request_unsupported(cluster: Cluster, partitioning: Partitioning) -> Iterator[Draft]:
    """No manifest relies on the API WorkloadPartitions, which no release has."""
    for manifest in cluster.facts.partition_requests:
        off = partitioning.mode is Mode.OFF
        yield finding(
            f"{manifest.identity} asks for workload partitioning by an API that no release of "
            "OpenShift has.",
            manifest.name_ref.label("no such API"),
            *(
                signal.ref.label("not switched on here")
                for signal in partitioning.signals[:1]
                if off
            ),
            effect="The cluster refuses the object, and partitions nothing because of it.",
            advice="Remove it, and set cpuPartitioningMode: AllNodes in the install-config.",
            severity=ERROR if off else WARNING,
        )
