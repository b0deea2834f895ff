"""The rows beneath a line of code: marks under the exact characters, and words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.report.visible import ELLIPSIS, columns, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.report.styled import Line, Segment

_ROOM_FOR_WORDS = 24
"""Words get at least so many columns, if need be to the left of their mark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Columns of a row that are marked, from 0, end exclusive, and what is said of them.

    ``style`` is ``secondary``, or the severity for a primary mark. ``goes_on`` tells that the
    labelled text continues on further lines.
    """

    start: int
    end: int
    words: str
    style: str
    goes_on: bool = False

    @property
    def is_primary(self) -> bool:
        """Whether this is the place to look at first."""
        return self.style != "secondary"

    @property
    def reach(self) -> int:
        """The column after the mark and the ellipsis that may follow it."""
        return self.end + self.goes_on


def beneath(marks: Sequence[Mark], room: int) -> list[Line]:
    """Return the rows under a line of code, without the gutter.

    Marks that overlap stand in rows of their own, a primary one first.
    """
    rows: list[Line] = []
    for tier in _tiers(marks):
        rows += _tier_rows(tier, room)
    return rows


def _tiers(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Divide marks into rows in which none overlaps another, each ordered by column."""
    tiers: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: (not mark.is_primary, mark.start, mark.end)):
        for tier in tiers:
            if all(mark.start >= other.reach or mark.reach <= other.start for other in tier):
                tier.append(mark)
                break
        else:
            tiers.append([mark])
    return [sorted(tier, key=lambda mark: mark.start) for tier in tiers]


def _tier_rows(marks: Sequence[Mark], room: int) -> list[Line]:
    """Return a row of marks and the rows of their words.

    The words of the rightmost mark stand beside it where they fit; the others hang below theirs,
    rightmost first, so that no connector crosses words.
    """
    pending = [mark for mark in marks if mark.words]
    last = marks[-1]
    rows = [_painted(marks)]
    if pending and pending[-1] is last and last.reach + 1 + columns(last.words) <= room:
        rows[0] = (*rows[0], (" " + last.words, last.style))
        pending.pop()
        if pending:
            rows.append(_connectors(pending, room))
    while pending:
        mark = pending.pop()
        rows += _hanging(mark, pending, room)
    return rows


def _painted(marks: Sequence[Mark]) -> Line:
    """Return the row of carets and dashes; an ellipsis follows a mark that goes on."""
    cells = [(" ", "")] * marks[-1].reach
    for mark in marks:
        for column in range(mark.start, mark.end):
            cells[column] = ("^" if mark.is_primary else "-", mark.style)
        if mark.goes_on:
            cells[mark.end] = (ELLIPSIS, mark.style)
    return _joined(cells)


def _connectors(pending: Sequence[Mark], room: int) -> Line:
    """Return a row with a bar under the beginning of every mark whose words are still to come."""
    cells = [(" ", "")] * room
    for mark in pending:
        cells[mark.start] = ("│", mark.style)
    return _joined(cells)


def _hanging(mark: Mark, others: Sequence[Mark], room: int) -> list[Line]:
    """Return a mark's words under its first column, with the bars of marks to the left of it."""
    needed = min(_ROOM_FOR_WORDS, columns(mark.words))
    indent = max(0, min(mark.start, room - needed))
    rows: list[Line] = []
    for words in wrapped(mark.words, room - indent, room - indent):
        cells = [(" ", "")] * indent
        for other in others:
            if other.start < indent:
                cells[other.start] = ("│", other.style)
        rows.append((*_joined(cells, keep=True), (words, mark.style)))
    return rows


def _joined(cells: Sequence[Segment], *, keep: bool = False) -> Line:
    """Return single columns as segments of one style each; blanks at the end go unless kept."""
    row: list[Segment] = []
    for char, style in cells:
        if row and row[-1][1] == style:
            row[-1] = (row[-1][0] + char, style)
        else:
            row.append((char, style))
    if row and not keep and not row[-1][0].strip(" "):
        row.pop()
    return tuple(row)
