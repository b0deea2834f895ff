"""CRI-O's management workload without CPUs although a profile reserves some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Replacement, finding, rule
from linter.model.overrides import empty_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig, Reserved


@rule("WPL302", severity=WARNING, requires=("WPL318",))
def crio_workload_cpuset_empty(
    cluster: Cluster, node: NodeConfig, reserved: Reserved
) -> Iterator[Draft]:
    """The CRI-O table that counts names CPUs where the pool has a profile."""
    for table, certain in empty_tables(cluster, node):
        ref, workload = table.ref, node.crio.management
        if ref is None or workload is None:
            continue
        is_list = all(ref != stated.workload.ref for stated in (workload, *node.crio.shadowed))
        cpus = reserved.cpus
        yield finding(
            f"{table.path} of MachineConfig {table.made_by} pins management pods to no CPUs, "
            f"but {reserved.said_by} {cpus}.",
            ref.label("empty here" if is_list else "no cpuset here"),
            reserved.labelled(),
            effect="Management pods run on every CPU, the workload's included."
            if certain
            else "As long as this table counts, management pods run on every CPU.",
            advice=f"Set cpuset to {cpus}, or render the MachineConfig again from the profile.",
            severity=ERROR if certain else WARNING,
            fix=Fix(f"set cpuset to {cpus}", (Replacement(ref, cpus.text),)) if is_list else None,
        )
