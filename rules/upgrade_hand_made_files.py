"""Upgrades of clusters that hand-made files partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, WARNING, Draft, finding, rule
from linter.engine.enumeration import MOST
from linter.model.partitioning import Mode
from linter.model.releases import LEGACY_SNO_DETECTION, LEGACY_SNO_MIGRATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.sources.text import Label


@rule("WPL862", severity=WARNING)
def upgrade_hand_made_files(change: ClusterChange) -> Iterator[Draft]:
    """A cluster is upgraded with the switch for partitioning, not with hand-made files alone."""
    if change.after.partitioning.mode not in {Mode.OFF, Mode.SILENT} or not change.newer:
        return
    places: list[Label] = [
        artefact.ref.label("partitioned by hand here") for artefact in change.after.artefacts[:MOST]
    ]
    places += [
        one.statement.ref.label("partitioned by this cpuset")
        for one in change.after.facts.node_cpusets[:MOST]
    ]
    if change.after.size.single_node is not True or not places:
        return
    said = "Hand-made files alone partition the cluster, and the upgrade"
    advice = "State cpuPartitioningMode: AllNodes, and remove the hand-made files."
    if change.ends(LEGACY_SNO_MIGRATION):
        yield finding(
            f"{said} passes 4.17, from which on no operator takes them for the switch.",
            *places,
            effect="A cluster that 4.13 to 4.16 have migrated stays partitioned; one that is "
            "installed anew from these manifests loses its pinning.",
            advice=advice,
        )
    elif change.begins(LEGACY_SNO_MIGRATION):
        yield finding(
            f"{said} passes 4.13, whose operator switches such a cluster to AllNodes.",
            *places,
            effect="From then on the profile pins: its CPUs count, and no longer those of the "
            "files.",
            advice=advice,
        )
    elif change.begins(LEGACY_SNO_DETECTION):
        yield finding(
            f"{said} passes 4.14, which deprecates them.",
            *places,
            effect="They work until 4.16: installations still take them for the switch.",
            advice=advice,
            severity=INFO,
        )
