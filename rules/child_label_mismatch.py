"""Child TuneD profiles that are recommended to another pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.manifests import Labels
from linter.model.children import children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL904", severity=WARNING, requires=("WPL502", "WPL503"))
def child_label_mismatch(cluster: Cluster) -> Iterator[Draft]:
    """A child TuneD profile is recommended to the pool of its PerformanceProfile."""
    for child in children(cluster):
        if len(child.match.pools) != 1 or child.match.open:
            continue
        pool, entries = child.match.pools[0], list(child.recommendations())
        own = child.parent.role_label
        if own is None or pool.selects(Labels(dict([own]), child.parent.ref)) is False:
            continue  # the pool does not even take what is made of the profile
        stated = [entry.machine_config_labels for entry in entries]
        if not stated or any(
            labels is None or not labels.values or pool.selects(labels) is not False
            for labels in stated
        ):
            continue
        labels = stated[0]
        if labels is None:
            continue
        said = ", ".join(f"{key}: {value}" for key, value in labels.values.items())
        yield finding(
            f"TuneD profile {child.inclusion.profile.name} is recommended by {said}, "
            f"which pool {pool.name} of profile {child.parent.name} does not select.",
            labels.ref.label("another pool's label"),
            child.parent.ref.label(f"configures pool {pool.name}"),
            effect=f"The nodes of pool {pool.name} do not get it; "
            "nodes of another pool get the isolation of CPUs that are not theirs.",
            advice=f"Recommend it by the label of the profile's own MachineConfig: "
            f'{own[0]}: "{own[1]}".',
        )
