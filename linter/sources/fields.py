"""What a read of a manifest's field can give: a value, or why there is none.

Unknown is a type here. A rule is only ever shown values; a template is counted and never judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from linter.sources.text import Ref

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A field that was read. ``ref`` covers the value's characters without quotes."""

    value: T
    ref: Ref


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that is absent or null. ``ref`` is the object in which it would stand."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Templated:
    """A field whose value some template engine decides later: unknown."""

    ref: Ref
    text: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """A field of a type that it cannot have. ``found`` names that type."""

    ref: Ref
    found: str
    text: str


Field: TypeAlias = Value[T] | Missing | Templated | Invalid

_TEMPLATE = regex(
    r"""\{\{ | \{% | <%                       # Go, Jinja, Helm, hub templates; ERB
    | \$[({A-Za-z_]                           # $name, ${NAME}, $(NAME), ${{NAME}}
    | <[A-Za-z][A-Za-z0-9 _.:/-]*>            # <placeholder>
    | @[A-Za-z_]+@                            # @NAME@
    """,
    re.VERBOSE,
)


def is_template(text: str) -> bool:
    """Say whether some part of a scalar's text is filled in by a template engine."""
    return _TEMPLATE.search(text) is not None


def known(field: Field[T]) -> T | None:
    """Return the value of a field that was read, else None."""
    return field.value if isinstance(field, Value) else None
