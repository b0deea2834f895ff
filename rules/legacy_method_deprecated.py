"""Hand-made partitioning files on a release that is the last to take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Applicability, Draft, Fix, finding, rule
from linter.engine.enumeration import MOST
from linter.facts.installation import ALL_NODES
from linter.model.partitioning import Mode
from linter.model.releases import LEGACY_SNO_DETECTION, LEGACY_SNO_MIGRATION, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Artefact
    from linter.model.partitioning import Partitioning, Size


@rule("WPL411", severity=WARNING, requires=("WPL401", "WPL403"))
def legacy_method_deprecated(
    partitioning: Partitioning, size: Size, releases: Releases, artefacts: tuple[Artefact, ...]
) -> Iterator[Draft]:
    """From 4.14 on a single node is partitioned by the switch, not by hand-made files."""
    if partitioning.mode is not Mode.OFF or size.single_node is not True:
        return
    if releases.known is None or not releases.has(LEGACY_SNO_DETECTION):
        return
    if not releases.has(LEGACY_SNO_MIGRATION):
        return
    first, signal = artefacts[0], partitioning.signals[0]
    on = signal.switched_on()
    yield finding(
        f"OpenShift {releases.known} is partitioned by hand-made files alone, "
        "which releases since 4.17 no longer take for a switch.",
        *(artefact.ref.label("set up here") for artefact in artefacts[:MOST]),
        signal.ref.label("not switched on here"),
        effect="It still works here, and ends with an installation of 4.17 or later.",
        advice="Set cpuPartitioningMode: AllNodes in the install-config, and remove "
        f"MachineConfig {first.machine_config.name}.",
        fix=Fix(f"set {signal.carrier} to {ALL_NODES}", (on,), Applicability.UNSAFE)
        if on is not None
        else None,
    )
