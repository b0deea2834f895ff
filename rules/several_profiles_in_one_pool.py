"""Pools that more than one profile configures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import MOST, enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL504", severity=ERROR)
def several_profiles_in_one_pool(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """One PerformanceProfile only configures a MachineConfigPool."""
    profiles = [profile for profile in node.profiles if profile.name]
    astray = [match.profile for match in cluster.matches if len(match.pools) > 1]
    if len(profiles) < 2 or any(profile in astray for profile in profiles):
        return
    names = list(dict.fromkeys(profile.name for profile in profiles))
    labels = [profile.ref.label(f"for pool {node.pool.name}") for profile in profiles[:MOST]]
    if len(names) == 1:
        yield finding(
            f"Profile {names[0]} is here {len(profiles)} times for pool {node.pool.name}.",
            *labels[1:],
            labels[0],
            effect="Which one counts is not known, so nothing is compared with either.",
            advice="If these are several clusters' manifests, lint the clusters one by one.",
            severity=WARNING,
        )
        return
    yield finding(
        f"Several profiles configure pool {node.pool.name}: {enumeration(names)}.",
        *labels[1:],
        labels[0],
        effect="Each makes a KubeletConfig and a MachineConfig for the same nodes: "
        "the bootstrap stops at two, and a running cluster refuses the second profile.",
        advice="Keep one; if these are several clusters' manifests, lint the clusters one by one.",
    )
