"""Cores whose threads are in different sets of a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.enumeration import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.profiles import Profile
    from linter.topology.machine import Core, Topology


@rule("WPL232", severity=WARNING, requires=("WPL202", "WPL230"))
def profile_core_split(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """The threads of a core are in one set of a profile."""
    split: dict[tuple[int, ...], list[Core]] = {}
    sets = [one for one in pool_profile.cpu_sets if one is not pool_profile.offlined]
    for core in topology.cores or ():
        homes = tuple(i for i, one in enumerate(sets) if one.cpus and one.cpus & core.cpus)
        if len(homes) > 1:
            split.setdefault(homes, []).append(core)
    for homes, cores in sorted(split.items(), key=lambda item: item[0]):
        places = [sets[i] for i in homes]
        listed = enumeration([_shared(core, places) for core in cores])
        names = enumeration([place.where for place in places])
        yield finding(
            f"{len(cores)} of {len(topology.cores or ())} cores are split between {names}: CPUs "
            f"{listed}.",
            *(place.ref.label("threads of the same cores") for place in places),
            cores[0].ref.label("one core"),
            effect="The threads of a core share its units and caches: what runs on one slows down "
            "the other, and no pod can have the core to itself.",
            advice="Put both threads of a core into the same set.",
        )


def _shared(core: Core, places: list[CpuStatement]) -> str:
    """Return the threads of a core, as the sets divide them."""
    return "|".join(str(place.cpus & core.cpus) for place in places if place.cpus)
