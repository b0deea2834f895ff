"""CPUs in a profile that its machines do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.differences import cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.topology.machine import Topology

_KUBELET = "The kubelet does not start: it reserves no CPU that is not there."
_TUNED = "TuneD refuses the whole profile, so that no CPU is isolated."


@rule("WPL230", severity=ERROR, requires=("WPL202",))
def profile_cpu_nonexistent(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """The machines of a pool have the CPUs that its profile names."""
    whole = topology.present is not None
    words = "are on the machine" if whole else "were online on the machine"
    for statement in pool_profile.cpu_sets:
        missing = (statement.cpus or topology.known) - topology.known
        if not missing or (statement is pool_profile.offlined and not whole):
            continue
        rest = statement.cpus - missing if statement.cpus is not None else None
        reserves = statement is pool_profile.reserved or (
            statement is pool_profile.shared and pool_profile.mixed_cpus
        )
        isolates = statement is pool_profile.isolated or statement is pool_profile.ovs_dpdk
        yield finding(
            f"{statement.where} names {cpus(missing)}, but only {cpus(topology.known)} {words}.",
            statement.ref.label("names CPUs that are not there"),
            topology.ref.label("the machine's CPUs"),
            effect=_KUBELET if reserves else _TUNED if isolates else "Nothing comes of them.",
            advice=f"Leave {missing} out"
            + (f" ({statement.where.rpartition('.')[2]}: {rest})" if rest else "")
            + ", or give the topology of the machines it is for.",
            severity=ERROR if whole and (reserves or isolates) else WARNING,
        )
