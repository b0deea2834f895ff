"""The part of a line that a code frame shows.

A line that fits is shown whole. Of a longer one (base64, minified JSON, a pull secret beside the
value that matters) only the labelled characters are shown, with at most 20 characters on each side:
what stands further off may be nobody's business, least of all that of a CI log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.report.visible import ELLIPSIS, columns, command_brackets, shown, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAB = 4
_ATTEMPTS = ((20, 1), (12, 1), (12, 2), (6, 1), (6, 2), (3, 3))
"""Characters of context, and by how much the room is divided to limit a labelled span."""

_LAST_ATTEMPTS = ((2, 4), (0, 6))
_NARROWEST = (0, 2)
"""Two characters of the span, each of at most ten columns, fit into any frame."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of a line, and the columns (from 0, end exclusive) of the spans asked for."""

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(line: str, spans: Sequence[tuple[int, int]], room: int) -> Excerpt | None:
    """Return the part of a line that shows the given spans in ``room`` columns (at least 24).

    Spans are offsets within the line. A span too long to be shown loses its middle. None where
    several spans are too far apart or too long to stand on one row; a single span always fits.
    """
    last = max(end for _, end in spans)
    indent = min(len(line) - len(line.lstrip(" ")), *(start for start, _ in spans), last)
    stop = max(last, len(line.rstrip(" ")))
    for begin in (0, indent):
        if stop - begin <= room:
            laid = _laid(line, [(begin, stop)], spans, begin, stop)
            if laid.width <= room:
                return Excerpt(laid.text, laid.marks)
    attempts = [(context, room // part) for context, part in _ATTEMPTS]
    if len(spans) == 1:
        attempts += [*((context, room // part) for context, part in _LAST_ATTEMPTS), _NARROWEST]
    for context, keep in attempts:
        pieces = _pieces(spans, context, keep, indent, stop)
        if sum(end - start for start, end in pieces) <= room:
            laid = _laid(line, pieces, spans, indent, stop)
            if laid.width <= room:
                return Excerpt(laid.text, laid.marks)
    return None


def _pieces(
    spans: Sequence[tuple[int, int]], context: int, keep: int, first: int, stop: int
) -> list[tuple[int, int]]:
    """Return the parts of the line to show: each span, or its two ends, with its context."""
    wanted: list[tuple[int, int]] = []
    for start, end in spans:
        left, right = max(first, start - context), min(stop, end + context)
        if end - start > keep:
            half = keep // 2
            wanted += [(left, start + half), (end - half, right)]
        else:
            wanted.append((left, right))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(wanted):
        # One character left out would cost the column that its ellipsis takes.
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    head, tail = merged[0], merged[-1]
    if head[0] == first + 1:
        merged[0] = (first, head[1])
    if tail[1] == stop - 1:
        merged[-1] = (merged[-1][0], stop)
    return merged


@dataclass(frozen=True, slots=True)
class _Laid:
    text: str
    marks: tuple[tuple[int, int], ...]
    width: int


def _laid(
    line: str,
    pieces: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    first: int,
    stop: int,
) -> _Laid:
    """Set pieces of a line side by side and find the columns at which the spans come to stand."""
    shown_parts: list[str] = []
    at: dict[int, int] = {}
    column = 0
    if pieces[0][0] > first:
        shown_parts.append(ELLIPSIS)
        column = 1
    for number, (start, end) in enumerate(pieces):
        if number:
            shown_parts.append(ELLIPSIS)
            column += 1
        brackets = command_brackets(line, start, end)
        for offset in range(start, end):
            at[offset] = column
            char = line[offset]
            if char == "\t":
                part = " " * (_TAB - column % _TAB)
            else:
                part = spelled(char) if offset in brackets else shown(char)
            shown_parts.append(part)
            column += columns(part)
        at[end] = column
    if pieces[-1][1] < stop:
        shown_parts.append(ELLIPSIS)
        column += 1
    marks = tuple((at[start], max(at[start] + 1, at[end])) for start, end in spans)
    width = max(column, *(end for _, end in marks))
    return _Laid("".join(shown_parts), marks, width)
