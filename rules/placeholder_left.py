"""Placeholders of a source CR that a PolicyGenerator does not fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL110", severity=ERROR)
def placeholder_left(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """A PolicyGenerator replaces the placeholders in the profiles that it names."""
    if policy_remark.oddity is not Oddity.PLACEHOLDER_LEFT:
        return
    other = [] if policy_remark.other is None else [policy_remark.other[0].label("left here")]
    yield finding(
        f"The source CR leaves {policy_remark.subject} to be filled in, "
        "but a PolicyGenerator fills in nothing.",
        policy_remark.ref.label("no patch replaces it"),
        *other,
        effect="The cluster refuses the profile, so that no CPU is reserved by it.",
        advice="Add a patch that states the value, or name a source CR without placeholders.",
    )
