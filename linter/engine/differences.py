"""Words for what differs between two sets of CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.facts.cpus import CpuStatement
    from linter.formats.cpuset import CpuSet


def cpus(listed: CpuSet) -> str:
    """Return ``CPU 4`` or ``CPUs 2-3``."""
    return f"CPU {listed}" if len(listed) == 1 else f"CPUs {listed}"


def difference(expected: CpuSet, stated: CpuSet, *, lacking: str, surplus: str) -> str:
    """Say what a statement lacks and what it has too much.

    Args:
        expected: The CPUs that should be stated.
        stated: The CPUs that are.
        lacking: What those left out are, such as ``Reserved, but without management pods``.
        surplus: What those added are, such as ``Taken from the workload``.

    """
    parts = [
        f"{words}: {cpus(listed)}."
        for listed, words in ((expected - stated, lacking), (stated - expected, surplus))
        if listed
    ]
    return " ".join(parts)


def either(one: CpuStatement, other: CpuStatement, added: CpuSet) -> str:
    """Return what two statements read with some CPUs more, of which one is to be written."""
    listed = [
        f"{statement.where.rpartition('.')[2]}: {statement.cpus | added}"
        for statement in (one, other)
        if statement.cpus is not None
    ]
    return f"{' or '.join(listed)}."
