"""The first CPU, left to the workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.differences import cpus
from linter.formats.cpuset import CpuSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.topology.machine import Topology


@rule("WPL234", severity=WARNING, requires=("WPL202", "WPL230"))
def profile_boot_cpu(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """CPU 0 of a machine is reserved."""
    reserved = pool_profile.reserved
    if reserved is None or not reserved.cpus or 0 in reserved.cpus or 0 not in topology.online:
        return
    core = topology.siblings(0) or CpuSet.of([0])
    for statement in pool_profile.cpu_sets:
        if statement.cpus and 0 in statement.cpus:
            yield finding(
                f"CPU 0 is in {statement.where} ({statement.shown}), and the profile reserves "
                f"{reserved.shown}.",
                statement.ref.label("CPU 0 is here"),
                reserved.ref.label("not reserved here"),
                effect="The kernel boots on CPU 0 and keeps the time there: its work cannot be "
                "moved away from what runs beside it.",
                advice=f"Reserve {cpus(core)} in exchange for others.",
            )
