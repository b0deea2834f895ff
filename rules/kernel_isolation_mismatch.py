"""Kernel arguments that isolate CPUs against the reserved and the isolated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, removing, rule
from linter.engine.differences import cpus, difference
from linter.facts.kernel import ISOLATION
from linter.model.arguments import cpu_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig, Reserved


@rule("WPL311", severity=ERROR)
def kernel_isolation_mismatch(
    cluster: Cluster, node: NodeConfig, reserved: Reserved
) -> Iterator[Draft]:
    """Kernel arguments isolate the CPUs that the profile isolates, and no reserved one."""
    profile = reserved.profile
    isolated = profile.isolated_cpus() if profile is not None else None
    stated = profile.isolated if profile is not None else None
    for argument in cpu_arguments(node, cluster.facts.tuneds, ISOLATION):
        clash = argument.cpus & (reserved.cpus if isolated is None else reserved.cpus - isolated)
        said = f"The kernel argument {argument.name} of {argument.said_by} names {argument.cpus}, "
        place = argument.statement.ref.label("named here")
        remove = "Remove the argument: TuneD sets it from the profile."
        fix = removing(argument.argument.ref.text, argument.removed())
        if clash:
            yield finding(
                f"{said}but {reserved.said_by} {reserved.cpus}.",
                place,
                reserved.labelled(),
                effect=f"The kernel keeps itself away from {cpus(clash)}, where the system runs.",
                advice=remove if profile is not None else f"Take {cpus(clash)} out of the list.",
                fix=fix if profile is not None else None,
            )
        elif isolated is not None and stated is not None and argument.cpus != isolated:
            yield finding(
                f"{said}but the profile isolates {isolated}.",
                place,
                stated.ref.label("isolated here"),
                effect=difference(
                    isolated,
                    argument.cpus,
                    lacking="Isolated by the profile, but not by this argument",
                    surplus="Not isolated by the profile, but by this argument",
                ),
                advice=remove,
                fix=fix,
            )
