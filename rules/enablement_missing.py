"""Partitioning that is set up, but not switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import MOST
from linter.facts.generated_names import GENERATED_MACHINE_CONFIG
from linter.model.partitioning import Mode
from linter.model.releases import CPU_PARTITIONING_API, LEGACY_SNO_MIGRATION
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Artefact, Cluster
    from linter.model.partitioning import Partitioning, Size
    from linter.model.releases import Releases


@rule("WPL401", severity=ERROR, requires=("WPL403", "WPL416"))
def enablement_missing(
    cluster: Cluster, partitioning: Partitioning, size: Size, artefacts: tuple[Artefact, ...]
) -> Iterator[Draft]:
    """Where management pods are pinned, workload partitioning is switched on."""
    releases = cluster.releases
    what = " and ".join(dict.fromkeys(artefact.what for artefact in artefacts))
    places = [artefact.ref.label("set up here") for artefact in artefacts[:3]]
    effect = "Without AllNodes no pod is marked as a management pod, so none of them is pinned."
    if partitioning.mode is Mode.OFF and not _legacy_works(size, releases):
        signals = partitioning.signals[:MOST]
        first = signals[0]
        said = first.mode.value if isinstance(first.mode, Value) else "not set"
        yield finding(
            f"The manifests set up {what}, but {first.carrier} is {said}.",
            *(signal.ref.label("not switched on here") for signal in signals),
            *places,
            *cluster.misspelt_switches(),
            effect=effect,
            advice="Set it to AllNodes: this is decided once, when the cluster is installed."
            if releases.possibly(CPU_PARTITIONING_API)
            else "Install 4.13 or later: before, only single nodes could be partitioned.",
        )
    elif partitioning.mode is Mode.SILENT and _set_up_by_hand(artefacts, releases):
        yield finding(
            f"The manifests set up {what}, but none of them switches workload partitioning on.",
            *places,
            effect=effect,
            advice="Set cpuPartitioningMode: AllNodes in the install-config, or lint its directory "
            "together with this one.",
            severity=WARNING,
        )


def _set_up_by_hand(artefacts: tuple[Artefact, ...], releases: Releases) -> bool:
    """Say whether somebody wrote the files: render writes its own only where it is switched on."""
    names = {artefact.machine_config.name for artefact in artefacts}
    rendered = {n for n in names if n.endswith("-cpu-partitioning")}
    rendered |= {n for n in names if n.startswith(GENERATED_MACHINE_CONFIG)}
    return names != rendered and releases.possibly(CPU_PARTITIONING_API)


def _legacy_works(size: Size, releases: Releases) -> bool:
    """Say whether the files alone switch it on: on a single node, as long as that was supported."""
    if size.single_node is True:
        return not releases.has(CPU_PARTITIONING_API) or releases.has(LEGACY_SNO_MIGRATION)
    return size.single_node is None and not releases.possibly(CPU_PARTITIONING_API)
