"""What is odd about policies themselves, whatever cluster they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.policies import Oddity, PolicyRemark
from linter.gitops.documents import POLICY
from linter.sources.overlay import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Repository
    from linter.gitops.kustomizations import Liveness
    from linter.gitops.policy import Policy

_CPU_PLACEHOLDERS = frozenset({"$reserved", "$isolated"})


def policy_remarks(
    repository: Repository,
    liveness: Liveness,
    policies: Iterable[Policy],
    unbound: Iterable[Policy],
    *,
    clusters: bool,
) -> Iterator[PolicyRemark]:
    """Yield what is odd about live policies.

    Args:
        repository: Everything that was read.
        liveness: Which files are live.
        policies: The policies of the repository.
        unbound: Those that are meant for none of its clusters.
        clusters: Whether there are clusters that they could be meant for.

    """
    for entry, kind in liveness.misplaced:
        yield PolicyRemark(Oddity.UNDER_RESOURCES, kind, entry.ref)
    for document in repository.of(POLICY, "PolicyGenerator"):
        root, key = document.root, "placementRuleDefaults"
        if root.at(key).exists and liveness.is_live(document.path):
            name = document.manifest.name
            yield PolicyRemark(Oddity.PLACEMENT_RULE_DEFAULTS, name, root.key_ref(key))
    for policy in policies:
        if policy.document.shape == (POLICY, "PolicyGenerator") and liveness.is_live(
            policy.document.path
        ):
            yield from _placeholders(policy)
    for policy in unbound if clusters else ():
        has_profile = any(
            o.root.at("kind").scalar() == "PerformanceProfile" for o in policy.objects
        )
        if has_profile and policy.binding.complete:
            yield PolicyRemark(Oddity.UNBOUND, policy.name, policy.document.manifest.name_ref)


def _placeholders(policy: Policy) -> Iterator[PolicyRemark]:
    """Yield what the source CR of a profile leaves to be filled in: CPU sets and the pool."""
    for origin in policy.objects:
        selector = origin.root.at("spec", "nodeSelector")
        for key, _ in selector.pairs():
            if key.raw.value.endswith("/$mcp"):
                other = (key.content_ref(), "left as it is here")
                yield PolicyRemark(Oddity.PLACEHOLDER_LEFT, "$mcp", origin.ref, other)
        cpu = origin.root.at("spec", "cpu")
        for _, value in cpu.pairs():
            if is_placeholder(value) and value.raw.value in _CPU_PLACEHOLDERS:
                other = (value.content_ref(), "left as it is here")
                yield PolicyRemark(Oddity.PLACEHOLDER_LEFT, f"{value.raw.value}", origin.ref, other)
