"""NUMA nodes without a reserved CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.formats.cpuset import CpuSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.topology.machine import Topology


@rule("WPL233", severity=INFO, requires=("WPL202", "WPL230"))
def profile_numa_unreserved(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """Each NUMA node of a machine has a reserved CPU."""
    reserved, offlined = pool_profile.reserved, pool_profile.offlined
    if reserved is None or not reserved.cpus or not pool_profile.cpu_sets_known:
        return
    off = (offlined.cpus if offlined is not None else None) or CpuSet.EMPTY
    bare = [
        node
        for node in topology.nodes or ()
        if node.cpus - off and node.cpus.isdisjoint(reserved.cpus)
    ]
    if bare:
        numbers = enumeration([str(node.number) for node in bare])
        yield finding(
            f"{pool_profile.manifest.identity} reserves {reserved.shown}, and with it no CPU of "
            f"NUMA node {numbers}.",
            reserved.ref.label("reserved here"),
            *(node.ref.label(f"CPUs of node {node.number}") for node in bare[:1]),
            effect="Interrupts of devices on that node, and the kernel's work on its memory, are "
            "done from afar or on isolated CPUs.",
            advice=f"Reserve a core of it too, such as that of CPU {bare[0].cpus.first}.",
        )
