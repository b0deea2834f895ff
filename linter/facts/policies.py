"""What is to be said of policies: how their values are reached, and what is odd about them."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Passage:
    """A value that a policy reads from elsewhere, through a hub template.

    Attributes:
        value: Where the value is written.
        place: Where the policy reads it.
        policy: The name of the policy.

    """

    value: Ref
    place: Ref
    policy: str

    @property
    def words(self) -> str:
        """What to say of the place."""
        return f"policy {self.policy} reads it here"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A text that objects or values come from, and what people call it: a policy, a key."""

    ref: Ref
    name: str


@dataclass(frozen=True, slots=True)
class MissingKey:
    """A key that a hub template asks a ConfigMap for, and that this does not have."""

    config_map: str
    key: str
    policy: str
    place: Ref
    found: Ref


class Oddity(Enum):
    """What is odd about a policy, or about how it is listed."""

    UNDER_RESOURCES = auto()
    """A generator that a kustomization lists under ``resources``."""

    PLACEMENT_RULE_DEFAULTS = auto()
    """``placementRuleDefaults``, which is no field of a PolicyGenerator."""

    PLACEHOLDER_LEFT = auto()
    """A ``$placeholder`` of a source CR that a PolicyGenerator does not fill in."""

    UNBOUND = auto()
    """A policy with a profile that is meant for none of the clusters that are here."""

    OWNED_TWICE = auto()
    """A profile that two policies put on one cluster, each with other CPUs."""

    OBJECT_OWNED_TWICE = auto()
    """Another object that two policies put on one cluster and say otherwise of."""


@dataclass(frozen=True, slots=True)
class PolicyRemark:
    """Something odd: ``subject`` is what it is about, in people's words.

    ``other`` is a further place, with what to say of it, and ``detail`` the part that is odd.
    """

    oddity: Oddity
    subject: str
    ref: Ref
    other: tuple[Ref, str] | None = None
    detail: str = ""
