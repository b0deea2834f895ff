"""Upgrades that change which of two MachineConfigs wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.overrides import skewed_files
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange


@rule("WPL863", severity=WARNING)
def upgrade_merge_order(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """An upgrade across 4.15 leaves the files of a pool as they are."""
    new = pool_change.new
    if new is None or not change.begins(CUSTOM_POOL_BEATS_WORKER):
        return
    for file in skewed_files(change.after, new.node):
        before, since = file.before, file.since
        yield finding(
            f"The upgrade passes 4.15, from which on {file.path} of pool {new.pool.name} names "
            f"{since.said} of MachineConfig {since.config}, no longer {before.said} of "
            f"{before.config}.",
            since.ref.label("counts after the upgrade"),
            before.ref.label("counts until then"),
            effect="MachineConfigs of role worker are merged before all others from 4.15 on, "
            "whatever their names.",
            advice="State the file in one MachineConfig of the pool, or the same CPUs in both, "
            "before the upgrade.",
        )
