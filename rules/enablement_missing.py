"""Partitioning that is set up, but not switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, finding, rule
from linter.engine.enumeration import MOST
from linter.facts.generated_names import GENERATED_MACHINE_CONFIG
from linter.facts.installation import ALL_NODES
from linter.model.partitioning import Mode
from linter.model.releases import CPU_PARTITIONING_API, LEGACY_SNO_MIGRATION
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine import NewFile, Replacement
    from linter.facts.machine_configs import MachineConfig
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
        first, *others = partitioning.signals[:MOST]
        said = first.mode.value if isinstance(first.mode, Value) else "not set"
        yield finding(
            f"The manifests set up {what}, but {first.carrier} is {said}.",
            *(signal.ref.label("not switched on here") for signal in (first, *others)),
            *places,
            *cluster.misspelt_switches(),
            effect=effect,
            advice="Set it to AllNodes: this is decided once, when the cluster is installed."
            if releases.possibly(CPU_PARTITIONING_API)
            else "Install 4.13 or later: before, only single nodes could be partitioned.",
            fix=_unsafe(f"set {first.carrier} to {ALL_NODES}", first.switched_on())
            if releases.possibly(CPU_PARTITIONING_API)
            else None,
        )
    elif partitioning.mode is Mode.SILENT and _set_up_by_hand(artefacts, releases):
        yield finding(
            f"The manifests set up {what}, but none of them switches workload partitioning on.",
            *places,
            effect=effect,
            advice="Set cpuPartitioningMode: AllNodes in the install-config, or lint it as well.",
            severity=WARNING,
            fix=_declared(artefacts[0].machine_config) if cluster.installer else None,
        )


def _unsafe(words: str, wish: Replacement | None = None, *new: NewFile) -> Fix | None:
    """Return a fix that is asked for: whether to partition a cluster is decided once."""
    wishes = (wish,) if wish is not None else ()
    return Fix(words, wishes, Applicability.UNSAFE, new) if wishes or new else None


def _declared(config: MachineConfig) -> Fix | None:
    """Add the object that the installer would make of the install-config."""
    from linter.render.addition import new_files
    from linter.render.cluster import enablement

    added = new_files([enablement(None)], config.manifest)
    return _unsafe(f"add an Infrastructure object that says {ALL_NODES}", None, *added)


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
