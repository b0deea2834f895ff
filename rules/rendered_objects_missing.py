"""Profiles and pools that were added to a directory after it was rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, Fix, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL802", severity=INFO, requires=("WPL502", "WPL503", "WPL504", "WPL508"))
def rendered_objects_missing(cluster: Cluster) -> Iterator[Draft]:
    """Rendered objects are there for every profile and pool, or for none."""
    if not cluster.installer or not cluster.facts.machine_configs:
        return
    from linter.render.unrendered import unrendered

    for item in unrendered(cluster):
        added = item.files(cluster)
        yield finding(
            f"The directory holds rendered objects of {item.others}, but none of {item.kind} "
            f"{item.name}.",
            item.ref.label("not rendered"),
            item.like.name_ref.label(f"rendered for {item.others}"),
            effect="Its nodes get them from the operator in the running cluster only, "
            "with one more reboot."
            if item.kind == "profile"
            else "Its nodes join without them, unless they take those of another pool.",
            advice="Render them: wplint render INPUT... -o DIR.",
            fix=Fix(f"render what belongs to {item.kind} {item.name}", (), creations=added)
            if added
            else None,
        )
