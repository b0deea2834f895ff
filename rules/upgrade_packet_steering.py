"""Upgrades after which packets are no longer steered to the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.model.releases import RPS_OFF_BY_DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange

_MASK = "rps_default_mask"


@rule("WPL864", severity=WARNING)
def upgrade_packet_steering(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """An upgrade to 4.20 leaves it as it is on which CPUs packets are received."""
    new = pool_change.new
    if new is None or new.node.profile is None or not change.begins(RPS_OFF_BY_DEFAULT):
        return
    gone = [
        changed
        for changed in pool_change.changed
        if changed.key.startswith(_MASK) and changed.new is None
    ]
    if not gone:
        return
    profile = new.node.profile
    yield finding(
        f"The upgrade passes 4.20, from which on profile {profile.name} no longer steers received "
        "packets to the reserved CPUs by default.",
        profile.ref.label("steered until then"),
        effect="Packets of virtual devices are then received on the CPUs of the pods that they "
        "are for, isolated ones among them.",
        advice='Annotate the profile with performance.openshift.io/enable-rps: "enable" before '
        "the upgrade, if the workload counts on it.",
    )
