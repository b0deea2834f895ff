"""Objects in GitOps policies that an operator makes and keeps up by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, removing, rule
from linter.facts.removals import removed_object
from linter.model.derived import derived_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL801", severity=WARNING)
def derived_object_frozen(cluster: Cluster) -> Iterator[Draft]:
    """Policies apply no objects that operators make of others."""
    if not cluster.facts.bound:
        return
    for derived in derived_objects(cluster.facts):
        yield finding(
            f"A policy applies {derived.manifest.identity}, which {derived.made_by} makes "
            f"{derived.made_of}.",
            derived.manifest.name_ref.label("made by an operator"),
            effect="The policy and the operator overwrite each other's object, "
            "and a change of what it is made of is undone.",
            advice="Remove it from the policy, and apply only what it is made of.",
            fix=removing(
                f"{derived.manifest.identity} from the policy",
                removed_object(derived.manifest.root),
                everywhere=derived.manifest.kind != "KubeletConfig",
            ),
        )
