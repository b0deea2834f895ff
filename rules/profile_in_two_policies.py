"""Profiles that two policies put on one cluster, each with other CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL808", severity=WARNING)
def profile_in_two_policies(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """Policies that meet one cluster agree what its profile reserves."""
    if policy_remark.oddity is not Oddity.OWNED_TWICE or policy_remark.other is None:
        return
    place, words = policy_remark.other
    yield finding(
        f"Two policies put profile {policy_remark.subject} on the same cluster "
        "with different reserved CPUs.",
        policy_remark.ref.label("reserved here"),
        place.label(words),
        effect="Each policy undoes what the other does, and every change restarts the nodes.",
        advice="Keep the profile in one of the policies, or bind them to different clusters.",
    )
