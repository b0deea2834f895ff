"""Numbers and lists of a topology file, and the messages about those that mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuListError, parse_cpuset, quoted
from linter.topology.machine import TopologyError

if TYPE_CHECKING:
    from linter.formats.cpuset import CpuSet
    from linter.sources.text import Ref


def failure(ref: Ref, message: str) -> TopologyError:
    """Return the error that names a place and what is wrong there."""
    place = ref.in_file()
    line, column = place.source.position(place.start)
    return TopologyError(f"{ref.file.name}:{line}:{column}: {message}")


def number(text: str, largest: int, what: str, ref: Ref) -> int:
    """Read the number of a CPU or a NUMA node; raises TopologyError for anything else."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(largest)):
        found = int(text)
        if found <= largest:
            return found
    raise failure(ref, f"{quoted(text)} is no number of a {what}; they go from 0 to {largest}")


def cpu_list(text: str, what: str, ref: Ref) -> CpuSet:
    """Read a list such as ``0-3,8``; raises TopologyError for anything else."""
    try:
        return parse_cpuset(text)
    except CpuListError as error:
        raise failure(ref, f"{what}: {error}") from None
