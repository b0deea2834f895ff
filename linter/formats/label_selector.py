"""Kubernetes label selectors (k8s.io/apimachinery, ``metav1.LabelSelector``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One ``matchExpressions`` entry.

    Raises:
        ValueError: The operator is not one of Kubernetes' four.
    """

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise ValueError(
                f"'{self.operator}' is no selector operator; they are {', '.join(OPERATORS)}"
            )

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Evaluate against a label set; ``NotIn`` holds for an absent key."""
        present = self.key in labels
        if self.operator == "Exists":
            return present
        if self.operator == "DoesNotExist":
            return not present
        if self.operator == "In":
            return present and labels[self.key] in self.values
        return not present or labels[self.key] not in self.values


@dataclass(frozen=True, slots=True)
class LabelSelector:
    """All of ``matchLabels`` and ``matchExpressions`` must hold; an empty selector always holds.

    What an absent or empty selector means differs between users of selectors, so that is theirs
    to decide: ask :attr:`empty`.
    """

    match_labels: Mapping[str, str] = field(default_factory=dict)
    match_expressions: tuple[Requirement, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it requires nothing."""
        return not self.match_labels and not self.match_expressions

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Evaluate against a label set, values included."""
        return all(labels.get(key) == value for key, value in self.match_labels.items()) and all(
            requirement.matches(labels) for requirement in self.match_expressions
        )
