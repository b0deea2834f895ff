"""systemd's kernel argument against the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, removing, rule
from linter.engine.differences import difference
from linter.facts.kernel import AFFINITY
from linter.model.arguments import cpu_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.formats.cpuset import CpuSet
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig, Reserved


@rule("WPL310", severity=ERROR)
def kernel_affinity_mismatch(
    cluster: Cluster, node: NodeConfig, reserved: Reserved
) -> Iterator[Draft]:
    """The kernel argument systemd.cpu_affinity names the reserved CPUs."""
    for argument in cpu_arguments(node, cluster.facts.tuneds, (AFFINITY,)):
        if _contradicts(argument.cpus, reserved):
            yield finding(
                f"The kernel argument {argument.name} of {argument.said_by} starts system services "
                f"on {argument.cpus}, but {reserved.said_by} {reserved.cpus}.",
                argument.statement.ref.label("services start here"),
                reserved.labelled(),
                effect=difference(
                    reserved.cpus,
                    argument.cpus,
                    lacking="Reserved, but without system services",
                    surplus="Not reserved, but open to system services",
                ),
                advice="Remove the argument: TuneD sets it from the profile."
                if reserved.profile is not None
                else f"Set {argument.name} to {reserved.cpus}.",
                fix=removing(argument.argument.ref.text, argument.removed())
                if reserved.profile is not None
                else None,
            )


def _contradicts(stated: CpuSet, reserved: Reserved) -> bool:
    """Say whether an affinity is wrong, however many CPUs the machine has."""
    if not reserved.cpus <= stated:
        return True
    isolated = reserved.profile.isolated_cpus() if reserved.profile is not None else None
    if reserved.profile is None or isolated is None:
        return False
    if stated & (isolated - reserved.cpus):
        return True
    return reserved.profile.covers_every_cpu and stated != reserved.cpus
