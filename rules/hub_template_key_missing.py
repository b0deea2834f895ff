"""Keys that a hub template asks for and a ConfigMap does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import MissingKey


@rule("WPL111", severity=WARNING)
def hub_template_key_missing(missing_key: MissingKey) -> Iterator[Draft]:
    """A ConfigMap has the keys that hub templates make of the labels of a cluster."""
    name, key = missing_key.config_map, missing_key.key
    yield finding(
        f"Policy {missing_key.policy} reads key {key} of ConfigMap {name}, which has no such key.",
        missing_key.place.label("read here"),
        missing_key.found.label("not among these"),
        effect="The policy is not applied, because its template cannot be resolved.",
        advice="Add the key, or correct the label of the cluster that it is made of.",
    )
