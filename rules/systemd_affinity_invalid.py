"""CPU affinities that systemd cannot parse, or of which it passes over a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.enumeration import enumeration
from linter.engine.refusals import likely, refused
from linter.facts.cpus import Grammar
from linter.formats.cpuset import CpuListProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.formats.cpuset import CpuSet
    from linter.model.cluster import Cluster


@rule("WPL109", severity=ERROR)
def systemd_affinity_invalid(cluster: Cluster, statement: CpuStatement) -> Iterator[Draft]:
    """An affinity of systemd is one that it can parse in full."""
    error = statement.error
    if statement.grammar is not Grammar.SYSTEMD or not (error or statement.ignored):
        return
    if error is not None and error.kind is CpuListProblem.TOO_LARGE:
        return
    why = error.message if error else f"{enumeration(statement.ignored)} runs backwards"
    reserved, meant = _reserved(cluster, statement), likely(statement)
    yield finding(
        f"{statement.where} is {statement.shown!r}, but {why}.",
        statement.error_ref.label("at fault"),
        effect=refused(statement) if error else "systemd passes over the range.",
        advice=f"Write {reserved}, the reserved CPUs."
        if reserved
        else "Write ascending ranges" + (f". If that is what is meant: {meant}." if meant else "."),
        fix=Fix(f"write {reserved}", (statement.replaced_by(reserved.text),)) if reserved else None,
    )


def _reserved(cluster: Cluster, statement: CpuStatement) -> CpuSet | None:
    """Return what the profiles reserve in the pools whose services this is about."""
    found = {
        node.reserved.cpus if node.reserved and node.reserved.profile else None
        for node in cluster.nodes
        if statement.ref in node.affinity.places or statement.ref in node.kernel.places
    }
    return found.pop() if len(found) == 1 else None
