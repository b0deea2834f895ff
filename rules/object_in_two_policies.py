"""Objects that two policies put on one cluster and say otherwise of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL809", severity=WARNING)
def object_in_two_policies(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """Policies that meet one cluster agree what they say of an object."""
    if policy_remark.oddity is not Oddity.OBJECT_OWNED_TWICE or policy_remark.other is None:
        return
    place, words = policy_remark.other
    yield finding(
        f"Two policies put {policy_remark.subject} on the same cluster "
        f"and disagree about {policy_remark.detail}.",
        policy_remark.ref.label("said here"),
        place.label(words),
        effect="Each policy undoes what the other does, or a list ends up with what both say.",
        advice="Keep the object in one of the policies, or bind them to different clusters.",
    )
