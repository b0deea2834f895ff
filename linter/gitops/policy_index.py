"""An index of policies by the labels that they ask for.

A fleet has a policy for every site beside those of groups, so holding each policy against each
cluster would be the square of its size.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.gitops.binding import Conjunction
    from linter.gitops.policy import Policy


class PolicyIndex:
    """Finds the policies that a cluster may meet, in their order.

    Args:
        policies: The policies.
        among: All that there are, which tell what few clusters have; the same if left out.

    """

    def __init__(self, policies: Sequence[Policy], among: Sequence[Policy] | None = None) -> None:
        self._policies = policies
        self._always: list[int] = []
        self._by_label: dict[tuple[str, str], list[int]] = {}
        self._by_key: dict[str, list[int]] = {}
        asked = Counter(
            (requirement.key, value)
            for policy in (policies if among is None else among)
            for requirements in policy.binding.alternatives
            for requirement in requirements
            if requirement.operator == "In"
            for value in requirement.values
        )
        for number, policy in enumerate(policies):
            if not policy.binding.complete:
                self._always.append(number)
                continue
            for requirements in policy.binding.alternatives:
                self._add(number, requirements, asked)

    def _add(
        self, number: int, requirements: Conjunction, asked: Mapping[tuple[str, str], int]
    ) -> None:
        """File a policy under the requirement that fewest others have."""
        wanted = [requirement for requirement in requirements if requirement.operator == "In"]
        if not wanted:
            self._always.append(number)
            return
        rarest = min(wanted, key=lambda r: sum(asked[r.key, value] for value in r.values))
        self._by_key.setdefault(rarest.key, []).append(number)
        for value in rarest.values:
            self._by_label.setdefault((rarest.key, value), []).append(number)

    def may_meet(self, labels: Mapping[str, str], unknown: frozenset[str]) -> bool:
        """Say whether there are candidates for a cluster with some labels."""
        return (
            bool(self._always)
            or not self._by_label.keys().isdisjoint(labels.items())
            or not self._by_key.keys().isdisjoint(unknown)
        )

    def candidates(self, labels: Mapping[str, str], unknown: frozenset[str]) -> list[Policy]:
        """Return the policies that may be meant for a cluster; all others are not.

        Args:
            labels: The labels of the cluster.
            unknown: The keys of labels whose values are not known.

        """
        numbers = set(self._always)
        for label in labels.items():
            numbers.update(self._by_label.get(label, ()))
        for key in unknown:
            numbers.update(self._by_key.get(key, ()))
        return [self._policies[number] for number in sorted(numbers)]
