"""Policies with a profile that no cluster here is meant to get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL807", severity=INFO)
def unbound_policy(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """A policy with a PerformanceProfile is meant for a cluster of the repository."""
    if policy_remark.oddity is not Oddity.UNBOUND:
        return
    yield finding(
        f"No cluster in this repository has the labels that {policy_remark.subject} asks for.",
        policy_remark.ref.label("for no cluster here"),
        effect="Its profile is checked by itself, and compared with no cluster.",
        advice="Correct its labels, unless its clusters are described elsewhere.",
    )
