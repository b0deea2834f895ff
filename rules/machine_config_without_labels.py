"""A MachineConfig that no pool can select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.facts.manifests import ROLE_LABEL
from linter.sources.text import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig
    from linter.model.cluster import Cluster


@rule("WPL604", severity=ERROR)
def machine_config_without_labels(
    cluster: Cluster, machine_config: MachineConfig
) -> Iterator[Draft]:
    """A MachineConfig that an installer reads carries the label by which pools select it."""
    manifest = machine_config.manifest
    if not cluster.installer or not isinstance(manifest.ref.source, File):
        return
    if not manifest.name or machine_config.generated:
        return
    stated = manifest.root.at("metadata", "labels")
    if manifest.labels.complete and not manifest.labels.values:
        yield finding(
            f"MachineConfig {manifest.name} has no labels, not even {ROLE_LABEL}.",
            manifest.name_ref.label("no labels"),
            *(
                []
                if stated.is_null or stated.is_mapping
                else [stated.ref.label("no map of labels")]
            ),
            *cluster.misspelt(manifest, "metadata", "metadata.labels"),
            effect="No pool takes it, so nothing that it states reaches a node.",
            advice=f"Label it {ROLE_LABEL}: master, or with the role of its pool.",
        )
