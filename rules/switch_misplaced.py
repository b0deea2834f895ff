"""A switch that stands where nobody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Applicability, Draft, Fix, Replacement, finding, rule
from linter.facts.infrastructure import FIELD, NAME, moved_switch
from linter.facts.installation import ALL_NODES, NOT_PARTITIONED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.infrastructure import MisplacedSwitch
    from linter.model.cluster import Cluster

_LONGEST_SHOWN = 40


@rule("WPL406", severity=WARNING)
def switch_misplaced(cluster: Cluster) -> Iterator[Draft]:
    """The Infrastructure object says whether the cluster is partitioned in the field for it."""
    others = any(i.kind == "Infrastructure" for i in cluster.facts.installations)
    for switch in cluster.facts.misplaced_switches:
        name = switch.manifest.name
        if switch.value == NOT_PARTITIONED:
            continue
        rename = Fix(
            f"name it {NAME}",
            (Replacement(switch.manifest.name_ref, NAME),),
            Applicability.UNSAFE,
        )
        renamed = switch.misnamed and switch.field == FIELD and not others
        yield finding(
            f"Infrastructure {name} sets {switch.field} to {switch.value[:_LONGEST_SHOWN]}, "
            f"but only {FIELD} of Infrastructure {NAME} counts.",
            (switch.manifest.name_ref if switch.misnamed else switch.ref).label("not read"),
            effect="Nothing reads it, so it does not switch workload partitioning on.",
            advice=f"Write name: {NAME}."
            if renamed
            else f"Write cpuPartitioning: {ALL_NODES} below status of the object named {NAME}.",
            fix=rename if renamed else _moved(switch) if cluster.installer else None,
        )


def _moved(switch: MisplacedSwitch) -> Fix | None:
    """Move the switch to where it is read; after the installation no status is applied."""
    if switch.misnamed or switch.field == FIELD:
        return None
    wishes = moved_switch(switch)
    return Fix(f"move it to {FIELD}", wishes, Applicability.UNSAFE) if wishes else None
