"""Topology files and the pools that they are given for."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.regexes import regex
from linter.sources.candidates import printable, shown
from linter.topology.machine import Topologies, TopologyError
from linter.topology.reading import read_topology

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.topology.machine import Topology

_POOL = regex(r"((?:[^./=][^/=]*/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)=(.+)", re.DOTALL)


def split_given(word: str) -> tuple[str, str]:
    """Return the pool, empty for all of them, and the path of ``POOL=FILE`` or ``FILE``.

    The pool may stand after its cluster, ``CLUSTER/POOL=FILE``. A path with ``=`` is taken for one
    where it begins with ``./``.
    """
    found = _POOL.fullmatch(word)
    return (found[1], found[2]) if found else ("", word)


def read_topologies(given: Iterable[tuple[str, str]], folder: str = "") -> Topologies:
    """Read topology files.

    Args:
        given: Pools, empty for all of them, and paths.
        folder: What the paths are relative to; the current directory if left out.

    Raises:
        TopologyError: A file cannot be used, or two are given for the same pool.

    """
    read: dict[str, Topology] = {}
    for pool, path in given:
        if pool in read:
            what = f"pool '{printable(pool)}'" if pool else "all pools"
            raise TopologyError(f"two files are given for {what}")
        read[pool] = read_topology(os.path.join(folder, path), shown(path))
    return Topologies(read)
