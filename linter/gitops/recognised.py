"""Recognised clusters: what they state is known by what others stated whose files are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from linter.facts.scope import Facts


@dataclass(frozen=True, slots=True)
class Recognised:
    """A cluster whose own file is composed only if somebody asks for it.

    Attributes:
        opened: What opens the file.
        others: All that its facts may be, but for what the file states.
        own: What stands for that: two clusters of which it is the same state the same there.
        facts: Returns all that its facts may be; nothing where the file is not what it was.

    """

    opened: str
    others: list[Facts]
    own: Hashable
    facts: Callable[[], list[Facts]]


Stated: TypeAlias = "list[Facts] | Recognised"
"""All that the facts of a cluster may be."""


def facts_of(stated: Stated) -> list[Facts]:
    """Return all that the facts of a cluster may be."""
    return stated.facts() if isinstance(stated, Recognised) else stated


def described_in(stated: Stated) -> str | None:
    """Return what opens the file that describes a cluster; None where none does."""
    if isinstance(stated, Recognised):
        return stated.opened
    described = stated[0].described_at
    return described.file.path if described is not None else None
