"""Topology policies that the kubelet does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.enumeration import enumeration, nearest
from linter.facts.profile_settings import TOPOLOGY_POLICIES
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profile_settings import ProfileSettings


@rule("WPL208", severity=ERROR)
def profile_topology_policy(profile_settings: ProfileSettings) -> Iterator[Draft]:
    """A topology policy is one that the kubelet has."""
    policy = profile_settings.topology_policy
    if isinstance(policy, Value) and policy.value not in TOPOLOGY_POLICIES:
        meant = nearest(policy.value, TOPOLOGY_POLICIES)
        yield finding(
            f"spec.numa.topologyPolicy is '{policy.value}', which is no topology policy.",
            policy.ref.label("no such policy"),
            effect="The API refuses the profile; a kubelet that is given it does not start.",
            advice=f"The policies are {enumeration(TOPOLOGY_POLICIES)}"
            + (f"; likely topologyPolicy: {meant}." if meant else "."),
        )
