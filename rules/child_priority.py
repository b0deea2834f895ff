"""Child TuneD profiles that are never chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Applicability, Draft, Fix, Replacement, finding, rule
from linter.model.children import children
from linter.model.kernel import GENERATED_PRIORITY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL902", severity=WARNING)
def child_priority(cluster: Cluster) -> Iterator[Draft]:
    """A child TuneD profile is recommended with a lower number than the one that it includes."""
    for child in children(cluster):
        for entry in child.recommendations():
            if entry.priority is None or entry.priority < GENERATED_PRIORITY:
                continue
            wanted = str(GENERATED_PRIORITY - 1)
            fix = Fix(
                f"set the priority to {wanted}",
                (Replacement(entry.priority_ref, wanted),),
                Applicability.UNSAFE,
            )
            yield finding(
                f"TuneD profile {entry.profile} has priority {entry.priority}, but profile "
                f"{child.parent.name}, which it includes, has {GENERATED_PRIORITY}.",
                entry.priority_ref.label("the lower number wins"),
                child.parent.ref.label(f"its TuneD profile has priority {GENERATED_PRIORITY}"),
                effect="On nodes of that profile this one is never chosen."
                if entry.priority > GENERATED_PRIORITY
                else "Which of the two a node gets is not defined.",
                advice=f"Set the priority to {wanted}.",
                fix=fix,
            )
