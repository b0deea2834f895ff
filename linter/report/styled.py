"""Lines of a report before anybody has decided how they are printed.

A line is a tuple of segments, a segment a piece of text and the name of a style. The text never
holds a control character. Two printers exist: :func:`plain` here, and the coloured one of
:mod:`linter.report.terminal`.

Styles are named after what the text is: ``error``, ``warning`` and ``info`` (severities, and the
primary marks), ``secondary`` (the other marks), ``message``, ``path``, ``payload``, ``code``,
``gutter``, ``note``, ``context``, ``fix``, ``good``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from linter.report.visible import columns, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

Segment: TypeAlias = tuple[str, str]
Line: TypeAlias = tuple[Segment, ...]

EMPTY: Line = ()


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text without styles, each with its line break."""
    return "".join("".join(text for text, _ in line) + "\n" for line in lines)


def paragraph(lead: Line, text: str, style: str, width: int, hang: int | None = None) -> list[Line]:
    """Return a sentence wrapped at a width, after a lead that only its first line has.

    The other lines are indented by ``hang`` columns, or by the width of the lead.
    """
    taken = sum(columns(part) for part, _ in lead)
    indent = taken if hang is None else hang
    rows = wrapped(text, max(1, width - taken), max(1, width - indent))
    first: Line = (*lead, (rows[0], style))
    return [first, *(((" " * indent, ""), (row, style)) for row in rows[1:])]


def limited(width: int) -> int:
    """Return a width at which a report can be laid out and read: 40 to 120 columns."""
    return max(40, min(width, 120))
