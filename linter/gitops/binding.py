"""Bindings: which clusters a policy is meant for, by their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import read_labels
from linter.formats.label_selector import OPERATORS, Requirement
from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linter.sources.yaml_tree import Node

Conjunction = tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """The clusters that meet one of some lists of requirements.

    ``complete`` is False where there may be more to it than could be read, so that a cluster that
    meets none of the lists may still be meant.
    """

    alternatives: tuple[Conjunction, ...]
    complete: bool = True

    def holds(self, labels: Mapping[str, str], unknown: frozenset[str]) -> bool | None:
        """Say whether a cluster is meant.

        Args:
            labels: The labels of the cluster.
            unknown: The keys of labels whose values are not known.

        Returns:
            None where that is not known.

        """
        answer: bool | None = False if self.complete else None
        for requirements in self.alternatives:
            if any(r.key not in unknown and not r.matches(labels) for r in requirements):
                continue
            if not any(r.key in unknown for r in requirements):
                return True
            answer = None
        return answer

    def stated_labels(self) -> dict[str, str]:
        """Return the labels that every cluster it means has, with the one value they can have."""
        if len(self.alternatives) != 1 or not self.complete:
            return {}
        return {
            r.key: r.values[0]
            for r in self.alternatives[0]
            if r.operator == "In" and len(r.values) == 1
        }


NOBODY = Binding((), complete=False)
"""A binding of which nothing is known."""


def read_binding_rules(rules: Node, excluded: Node) -> Binding:
    """Read the ``bindingRules`` and ``bindingExcludedRules`` of a PolicyGenTemplate."""
    required = read_labels(rules)
    if required is None or not required.values or not required.complete:
        return NOBODY
    requirements = [_rule(key, value) for key, value in required.values.items()]
    unwanted = read_labels(excluded)
    if unwanted is not None:
        if not unwanted.complete:
            return NOBODY
        opposite = {"Exists": "DoesNotExist", "In": "NotIn"}
        for key, value in unwanted.values.items():
            rule = _rule(key, value)
            requirements.append(Requirement(key, opposite[rule.operator], rule.values))
    return Binding((tuple(requirements),))


def _rule(key: str, value: str) -> Requirement:
    if not value:
        return Requirement(key, "Exists")
    return Requirement(key, "In", tuple(part.strip() for part in value.split(",")))


def read_selector(node: Node) -> Conjunction | None:
    """Read a selector: ``matchLabels`` and ``matchExpressions``, or a flat map of labels.

    None where a part cannot be read.
    """
    if not node.is_mapping:
        return None
    if not (node.at("matchLabels").exists or node.at("matchExpressions").exists):
        return _equal(node)
    requirements: list[Requirement] = []
    if not node.at("matchLabels").is_null:
        equal = _equal(node.at("matchLabels"))
        if equal is None:
            return None
        requirements.extend(equal)
    for expression in node.at("matchExpressions").elements():
        requirement = _expression(expression)
        if requirement is None:
            return None
        requirements.append(requirement)
    return tuple(requirements)


def _equal(node: Node) -> Conjunction | None:
    labels = read_labels(node)
    if labels is None or not labels.complete:
        return None
    return tuple(Requirement(key, "In", (value,)) for key, value in labels.values.items())


def _expression(node: Node) -> Requirement | None:
    key, operator = known(node.at("key").text()), known(node.at("operator").text())
    if key is None or operator not in OPERATORS:
        return None
    values: list[str] = []
    for element in node.at("values").elements():
        if not element.is_scalar or element.is_template:
            return None
        text = element.raw.value
        values.append(text.lower() if isinstance(element.scalar(), bool) else text)
    return Requirement(key, operator, tuple(values))


def any_of(selectors: Iterable[Conjunction | None]) -> Binding:
    """Return the binding of clusters that meet any of some selectors."""
    listed = list(selectors)
    readable = tuple(selector for selector in listed if selector is not None)
    return Binding(readable, complete=bool(listed) and len(readable) == len(listed))


def join(bindings: Iterable[Binding]) -> Binding:
    """Return the binding of clusters that any of some bindings means."""
    listed = list(bindings)
    if not listed:
        return NOBODY
    alternatives = tuple(part for binding in listed for part in binding.alternatives)
    return Binding(alternatives, all(binding.complete for binding in listed))
