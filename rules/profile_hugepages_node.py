"""Huge pages on a NUMA node that the machine does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.topology.machine import Topology


@rule("WPL236", severity=ERROR)
def profile_hugepages_node(pool_profile: Profile, topology: Topology) -> Iterator[Draft]:
    """Huge pages are asked for on NUMA nodes that the machine has."""
    if topology.nodes is None:
        return
    numbers = [node.number for node in topology.nodes]
    seen = "has" if topology.every_node else "lists CPUs of"
    listed = enumeration([str(number) for number in numbers])
    for pages in pool_profile.settings.hugepages.pages:
        if isinstance(pages.node, Value) and pages.node.value not in numbers:
            yield finding(
                f"Huge pages are asked for on NUMA node {pages.node.value}, but the machine {seen} "
                f"node {listed} only.",
                pages.node.ref.label("no such node"),
                topology.nodes[-1].ref.label(f"the last one is node {numbers[-1]}"),
                effect="The unit that allocates them fails at every boot, and pods that ask for "
                "them are never scheduled.",
                advice="Name a node of the machine, or leave spec.hugepages.pages[].node out.",
                severity=ERROR if topology.every_node else WARNING,
            )
