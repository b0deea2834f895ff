"""A field that PolicyGenerators do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.policies import Oddity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.policies import PolicyRemark


@rule("WPL806", severity=WARNING)
def placement_rule_defaults(policy_remark: PolicyRemark) -> Iterator[Draft]:
    """A PolicyGenerator places its policies by policyDefaults.placement."""
    if policy_remark.oddity is not Oddity.PLACEMENT_RULE_DEFAULTS:
        return
    yield finding(
        f"PolicyGenerator {policy_remark.subject} has placementRuleDefaults, which is no field.",
        policy_remark.ref.label("not read"),
        effect="It places nothing: the policies are placed by policyDefaults.placement only.",
        advice="State the selector in policyDefaults.placement.",
    )
