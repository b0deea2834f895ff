"""A CRI-O workload table that another drop-in replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, removing, rule
from linter.facts.removals import removed_files
from linter.model.overrides import shadowed_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL322", severity=ERROR, requires=("WPL301", "WPL302"))
def crio_workload_shadowed(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """No drop-in that is read later replaces the CPUs that an earlier one pins to."""
    for table in shadowed_tables(cluster, node):
        counts, path = table.counts, table.stated.drop_in.path
        said = str(counts.cpuset) if counts.cpuset else "no CPUs"
        where = f"management pods run on {said}" if counts.cpuset else "management pods run on all"
        yield finding(
            f"{path} pins management pods to {table.cpuset.shown}, but {counts.path} "
            f"of MachineConfig {counts.made_by} is read later and pins them to {said}.",
            table.cpuset.ref.label("without effect"),
            *((counts.ref.label("this one counts"),) if counts.ref is not None else ()),
            *((table.implied_by.label("brings that file"),) if table.implied_by else ()),
            effect=f"CRI-O replaces a workload's table as a whole, so {where}."
            if table.harmless
            else f"CRI-O replaces a workload's table as a whole, so {where}"
            + ("." if counts.cpuset else " CPUs, the workload's included."),
            advice=f"Remove {path}: the operator writes the table from the profile."
            if table.harmless
            else "Add a profile for the pool, or keep only one of the two tables.",
            severity=WARNING if table.harmless else ERROR,
            fix=removing(path, *removed_files(table.stated.layer.machine_config, {path}) or ())
            if table.harmless
            else None,
        )
