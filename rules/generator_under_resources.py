"""Generators that a kustomization takes for resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL805", severity=WARNING)
def generator_under_resources(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """A kustomization lists generators under generators."""
    if policy_remark.oddity is not Oddity.UNDER_RESOURCES:
        return
    yield finding(
        f"The kustomization lists a {policy_remark.subject} under resources, not under generators.",
        policy_remark.ref.label("listed here"),
        effect="It is applied as it is, so nothing is generated from it.",
        advice="Move the line to generators.",
    )
