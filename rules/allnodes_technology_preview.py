"""Partitioning of several nodes in the release that only previews it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.model.releases import TECH_PREVIEW_MULTI_NODE, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.partitioning import Partitioning, Size


@rule("WPL415", severity=INFO)
def allnodes_technology_preview(
    partitioning: Partitioning, size: Size, releases: Releases
) -> Iterator[Draft]:
    """Several nodes are partitioned by a release that supports it fully."""
    signal = partitioning.enabled_by
    several = size.single_node is False or size.worker_nodes is True
    if signal is None or not several or releases.known is None:
        return
    if releases.has(TECH_PREVIEW_MULTI_NODE):
        yield finding(
            f"{signal.carrier} is AllNodes for several nodes, "
            f"which is a Technology Preview in OpenShift {releases.known}.",
            signal.ref.label("switched on here"),
            effect="It works, but Red Hat does not support it in production.",
            advice="Install a later release, or take it for a test only.",
        )
