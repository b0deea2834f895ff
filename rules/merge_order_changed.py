"""A file whose contents depend on the release's merge order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.model.overrides import skewed_files
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL603", severity=INFO)
def merge_order_changed(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """The partitioning files of a pool name the same CPUs before and since 4.15."""
    if not cluster.releases.possibly(CUSTOM_POOL_BEATS_WORKER, holds=False):
        return
    for file in skewed_files(cluster, node):
        before, since = file.before, file.since
        yield finding(
            f"In pool {node.pool.name} {file.path} names {before.said} of MachineConfig "
            f"{before.config} until 4.14, and {since.said} of {since.config} since 4.15.",
            since.ref.label("counts since 4.15"),
            before.ref.label("counts until 4.14"),
            effect="An upgrade across 4.15 changes which CPUs the file names on the nodes.",
            advice="State the file in one MachineConfig of the pool, or the same CPUs in both.",
        )
