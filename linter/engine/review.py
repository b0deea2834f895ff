"""What became of suppressions and of the baseline in a run: the facts of the rules about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from linter.engine.suppressions import Suppression
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class UnknownRule:
    """A word of a suppression that names no rule; ``nearest`` is the rule that may be meant."""

    ref: Ref
    nearest: str


@dataclass(frozen=True, slots=True)
class UnusedWish:
    """A word of a suppression that suppresses nothing, and the rule that it names.

    ``kind`` is ``comment``, ``annotation`` or ``configuration``.
    """

    ref: Ref
    rule: str
    kind: str


@dataclass(frozen=True, slots=True)
class StaleEntry:
    """An entry of the baseline that no finding matches."""

    ref: Ref
    rule: str
    cluster: str
    resource: str


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to say of the suppressions and of the baseline of a run."""

    suppressions: tuple[Suppression, ...] = ()
    unknown: tuple[UnknownRule, ...] = ()
    unused: tuple[UnusedWish, ...] = ()
    stale: tuple[StaleEntry, ...] = ()
