"""Tuned objects where their operator does not look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, Replacement, finding, rule
from linter.facts.tuned_profiles import OPERATOR_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.tuned_profiles import Tuned
    from linter.model.cluster import Cluster


@rule("WPL905", severity=ERROR)
def tuned_namespace(cluster: Cluster, tuned: Tuned) -> Iterator[Draft]:
    """A Tuned object is in the namespace of the Node Tuning Operator."""
    namespace, place = tuned.manifest.namespace, tuned.namespace_ref
    if not namespace or namespace == OPERATOR_NAMESPACE:
        return
    yield finding(
        f"Tuned {tuned.name} is in namespace {namespace}, but the operator only reads "
        f"{OPERATOR_NAMESPACE}.",
        place.label("another namespace"),
        effect="The operator does not see it, so no node gets any of its settings.",
        advice=f"Set the namespace to {OPERATOR_NAMESPACE}.",
        severity=WARNING if cluster.facts.pools_open else ERROR,
        fix=Fix(
            f"set the namespace to {OPERATOR_NAMESPACE}", (Replacement(place, OPERATOR_NAMESPACE),)
        ),
    )
