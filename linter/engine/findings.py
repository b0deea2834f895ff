"""Findings: what a rule says, where, and what could be done about it."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.text import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.sources.text import NewFile, Replacement


@total_ordering
class Severity(Enum):
    """How bad a finding is. An error is a defect in any reading of the manifests."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for information, 2 for an error."""
        return list(Severity).index(self)

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank


class Applicability(Enum):
    """Whether a fix may be applied unasked."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair: places that should read otherwise and files that should be there, all together.

    ``everywhere`` says that it is right for every cluster that reads these places.
    """

    description: str
    replacements: tuple[Replacement, ...]
    applicability: Applicability = Applicability.SAFE
    creations: tuple[NewFile, ...] = ()
    everywhere: bool = False

    @property
    def possible(self) -> bool:
        """Whether the spelling of every place lets it be changed."""
        return all(wish.edit() is not None for wish in self.replacements)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule yields. The engine adds who said it, and about which pool of which cluster.

    ``message`` is one sentence that says what is wrong, with both values; ``effect`` one that says
    what it does to the node; ``advice`` one that says what to do. ``labels[0]`` is the place to
    look at first.
    """

    message: str
    labels: tuple[Label, ...]
    effect: str = ""
    advice: str = ""
    severity: Severity | None = None
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("a finding needs a place")
        for value, kind in (
            *((label, Label) for label in self.labels),
            *((words, str) for words in (self.message, self.effect, self.advice)),
            (self.severity or Severity.INFO, Severity),
        ):
            if not isinstance(value, kind):
                raise TypeError(f"a finding takes a {kind.__name__}, not {value!r:.60}")


def finding(
    message: str,
    *labels: Label,
    effect: str = "",
    advice: str = "",
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Draft:
    """Say what is wrong and where: the first label is the place to look at first."""
    return Draft(message, labels, effect, advice, severity, fix)


def removing(what: str, *wishes: Replacement | None, everywhere: bool = False) -> Fix | None:
    """Return the repair that takes something away: an unsafe one, since somebody wrote it.

    None where a part of it cannot be taken out of the text that it stands in.
    """
    made = tuple(wish for wish in wishes if wish is not None)
    if not made or len(made) < len(wishes):
        return None
    return Fix(f"remove {what}", made, Applicability.UNSAFE, everywhere=everywhere)


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, complete.

    ``resource`` is the object that the first place belongs to, with the payload in it; ``dormant``
    says that nothing applies the manifests, so that it is information whatever the rule says.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    labels: tuple[Label, ...]
    effect: str = ""
    advice: str = ""
    fix: Fix | None = None
    cluster: str = ""
    pool: str = ""
    releases: str = ""
    fingerprint: str = ""
    alone: bool = False
    """Whether it is about a policy by itself, whatever clusters it is meant for."""
    reached: tuple[Label, ...] = ()
    """Where policies read the labelled values; they join the labels once clusters are compared."""
    resource: str = ""
    dormant: bool = False

    @property
    def primary(self) -> Label:
        """The place to look at first."""
        return self.labels[0]

    def order(self) -> tuple[object, ...]:
        """Return a key that sorts findings by place, then by rule."""
        return (*self.primary.ref.order(), self.rule, self.cluster, self.pool, self.message)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the highest severity among findings, or None where there are none."""
    return max((item.severity for item in findings), default=None)
