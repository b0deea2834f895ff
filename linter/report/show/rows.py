"""Rows of a block: a mark, a name, a value, and where it stands, in columns that line up.

What does not fit beside its row stands below it. A file's ``path:line:column`` is never cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.report.places import place
from linter.report.styled import EMPTY, paragraph
from linter.report.visible import columns, fitted, prose, shortened
from linter.sources.text import File

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.report.styled import Line, Segment
    from linter.sources.text import Ref

INDENT = 2
_WIDEST_NAME = 28
_WIDEST_VALUE = 22
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a block.

    Attributes:
        name: What it is about.
        value: What is said.
        by: Who says it.
        ref: Where.
        mark: One character before the name.
        style: The style of the value, and of the mark.

    """

    name: str
    value: str = ""
    by: str = ""
    ref: Ref | None = None
    mark: str = " "
    style: str = "code"


def clean(text: str) -> str:
    """Return a text of a manifest on one line, short, with nothing in it that acts."""
    return shortened(prose(text))


def laid_out(rows: Sequence[Row], width: int, indent: int) -> list[Line]:
    """Return rows as lines; names and values stand in columns."""
    names = [clean(row.name) for row in rows]
    values = [clean(row.value) for row in rows]
    widest = min(_WIDEST_NAME, width // 2)
    shown = [size for name in names if (size := columns(name)) <= widest]
    said = [size for value in values if (size := columns(value)) <= _WIDEST_VALUE]
    widths = max(shown, default=0), max(said, default=0)
    lines: list[Line] = []
    for row, name, value in zip(rows, names, values, strict=True):
        lead: Line = ((" " * indent, ""), (f"{row.mark} ", row.style if row.mark != " " else ""))
        if columns(name) > widths[0]:
            lines += paragraph(lead, name, "message", width, indent + 4)
            below = indent + 4
            items = [(value, row.style), *_source(row, width - below)]
            lines += _flowing((), [item for item in items if item[0]], width, below)
            continue
        below = indent + 2 + widths[0] + len(_GAP)
        first = below + (widths[1] + len(_GAP) if widths[1] else 0)
        line: Line = (*lead, (name, "message"))
        if value:
            line = (*_filled(line, below), (value, row.style))
        if columns(value) > widths[1]:
            lines += paragraph(line[:-1], value, row.style, width, below)
            lines += _flowing((), _source(row, width - below), width, below)
        else:
            source = _source(row, width - below)
            lines += _flowing(_filled(line, first) if source else line, source, width, below)
    return lines


def _filled(line: Line, column: int) -> Line:
    """Return a line with blanks up to a column."""
    return (*line, (" " * (column - _length(line)), ""))


def _length(line: Line) -> int:
    return sum(columns(text) for text, _ in line)


def _source(row: Row, width: int) -> list[Segment]:
    """Return who says it and where, as the parts that a line may end between."""
    by = clean(row.by)
    stands = [segment for segment in where(row.ref, width) if segment[0] != _GAP]
    return [(by, "note"), *stands] if by else stands


def _flowing(line: Line, parts: Sequence[Segment], width: int, indent: int) -> list[Line]:
    """Return parts one after the other, on new lines where they do not fit any more.

    ``line`` is what stands before them, if need be with nothing else.
    """
    lines: list[Line] = []
    is_fresh = True
    for text, style in parts:
        gap = 0 if is_fresh else len(_GAP)
        if line and _length(line) + gap + columns(text) <= width:
            line = (*line, *(() if is_fresh else ((_GAP, ""),)), (text, style))
        else:
            if line:
                lines.append(_stripped(line))
            pad: Line = ((" " * indent, ""),)
            *before, line = paragraph(pad, text, style, width, indent)
            if style == "path":  # never cut
                before, line = [], (*pad, (text, style))
            lines += before
        is_fresh = False
    return [*lines, _stripped(line)] if line else lines


def _stripped(line: Line) -> Line:
    """Return a line without the blanks at its end."""
    return line[:-1] if len(line) > 1 and not line[-1][0].strip(" ") else line


def where(ref: Ref | None, width: int) -> Line:
    """Return where something stands: in its file and, decoded, in a payload; empty if nowhere."""
    if ref is None or is_nowhere(ref):
        return EMPTY
    found = place(ref)
    path = f"{prose(found.path)}:{found.span.line}:{found.span.column}"
    if found.payload_span is None:
        return ((path, "path"),)
    number = f":{found.payload_span.line}"
    payload = fitted(prose(found.payload), max(8, width - len(number))) + number
    return ((path, "path"), (_GAP, ""), (payload, "payload"))


def is_nowhere(ref: Ref) -> bool:
    """Say whether a reference is into no file; pools without a manifest have such ones."""
    return isinstance(ref.source, File) and not ref.source.text


def heading(text: str, indent: int, width: int) -> list[Line]:
    """Return the heading of a block."""
    return paragraph(((" " * indent, ""),), text, "message", width, indent + 2)
