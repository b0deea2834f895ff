"""Where a label stands, in the numbers that people and machines are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.text import Embedded

if TYPE_CHECKING:
    from linter.sources.text import Ref, Source


@dataclass(frozen=True, slots=True)
class Span:
    """Lines and columns of a reference in one text, counted from 1, columns in code points.

    The end is exclusive: ``end_column`` is the column after the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """A label's place in its file and, where it stands in a payload, there as well.

    ``payload`` is what the payload is called, mostly its path on the node.
    """

    path: str
    span: Span
    payload: str = ""
    payload_span: Span | None = None


def place(ref: Ref) -> Place:
    """Return where a reference stands in its file and in the innermost payload with a title."""
    outer, inner = ref.in_file(), ref.in_payload()
    name = ref.file.name
    if inner is None or not isinstance(inner.source, Embedded):
        return Place(name, span(outer))
    return Place(name, span(outer), inner.source.title, span(inner))


def span(ref: Ref) -> Span:
    """Return the lines and columns of a reference in its own source."""
    start, end = offsets(ref)
    return Span(*ref.source.position(start), *ref.source.position(end))


def offsets(ref: Ref) -> tuple[int, int]:
    """Return a reference's offsets, held within its text."""
    start = min(max(0, ref.start), len(ref.source.text))
    return start, min(max(start, ref.end), len(ref.source.text))


def view(ref: Ref) -> tuple[Source, int, int]:
    """Return the text in which a place is shown to people, and its offsets there.

    That is the decoded payload where it has a title, else the file.
    """
    seen = ref.in_payload() or ref.in_file()
    return (seen.source, *offsets(seen))
