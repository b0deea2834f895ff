"""A picture of a machine's CPUs: one letter for each, in rows of 64, 32 or 16 under their numbers.

::

           0        8        16       24       32       40       48       56
       0   RR...... ........ ........ ........ RR...... ........ ........ ........

Everything is ASCII, so that it reads the same in a log without colours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from linter.formats.cpuset import CpuSet
from linter.records import dataclass
from linter.report.styled import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.report.styled import Line, Segment

DISPUTED: Final = "!"
UNASSIGNED: Final = "_"

_GROUP = 8
_ROWS = (64, 32, 16)


@dataclass(frozen=True, slots=True)
class CpuRole:
    """What some of the CPUs are for: a letter, what it means, and the style it is shown in."""

    letter: str
    words: str
    style: str
    cpus: CpuSet


@dataclass(frozen=True, slots=True)
class Dispute:
    """CPUs about which a statement disagrees with the profile, and what to say of it."""

    cpus: CpuSet
    words: str


def picture(
    roles: Sequence[CpuRole], disputes: Sequence[Dispute], width: int, indent: int
) -> list[Line]:
    """Return the picture, its legend and the disagreements; nothing where no CPU is named.

    A CPU of two roles is shown as disputed. ``width`` is the number of columns to use, of which
    the first ``indent`` stay blank.
    """
    disputed = _overlaps(roles)
    for dispute in disputes:
        disputed |= dispute.cpus
    every = disputed
    for role in roles:
        every |= role.cpus
    last = every.last
    if last is None:
        return []
    pad = " " * indent
    digits = max(3, len(str(last)))
    room = width - indent - digits - 1
    per_row = next((size for size in _ROWS if size + size // _GROUP <= room), _ROWS[-1])
    cells = _cells(roles, disputed, last)
    lines: list[Line] = [_ruler(pad + " " * (digits + 2), per_row, len(cells))]
    lines += _rows(cells, per_row, pad, digits)
    lines += _legend(roles, disputed, every, width, pad)
    for dispute in disputes:
        if dispute.cpus:
            lead: Line = ((f"{pad}{DISPUTED} ", "error"),)
            lines += paragraph(lead, f"{dispute.cpus}: {dispute.words}", "note", width)
    return lines


def _overlaps(roles: Sequence[CpuRole]) -> CpuSet:
    """Return the CPUs that have more than one role."""
    seen = twice = CpuSet.EMPTY
    for role in roles:
        twice |= seen & role.cpus
        seen |= role.cpus
    return twice


def _cells(roles: Sequence[CpuRole], disputed: CpuSet, last: int) -> list[Segment]:
    """Return a letter and its style for each CPU up to the last one named."""
    cells: list[Segment] = [(UNASSIGNED, "warning")] * (last + 1)
    for role in roles:
        for cpu in role.cpus:
            cells[cpu] = (role.letter, role.style)
    for cpu in disputed:
        cells[cpu] = (DISPUTED, "error")
    return cells


def _ruler(lead: str, per_row: int, count: int) -> Line:
    """Return the numbers above the first CPU of each group."""
    text = lead
    for first in range(0, min(per_row, count), _GROUP):
        text = text.ljust(len(lead) + first + first // _GROUP) + str(first)
    return ((text, "gutter"),)


def _rows(cells: Sequence[Segment], per_row: int, pad: str, digits: int) -> Iterator[Line]:
    """Yield the rows; of several that look alike the first is shown."""
    before: Sequence[Segment] = ()
    alike = 0
    for first in range(0, len(cells), per_row):
        row = cells[first : first + per_row]
        if row == before:
            alike = first
            continue
        if alike:
            yield _alike(alike + per_row - 1, pad, digits)
            alike = 0
        before = row
        yield ((f"{pad}{str(first).rjust(digits)}  ", "gutter"), *_grouped(row))
    if alike:
        yield _alike(alike + per_row - 1, pad, digits)


def _alike(last: int, pad: str, digits: int) -> Line:
    return ((f"{pad}{' ' * digits}  the same up to {last}", "context"),)


def _grouped(row: Sequence[Segment]) -> Line:
    """Return a row in groups of eight, neighbours of one style joined."""
    joined: list[Segment] = []
    for index, (letter, style) in enumerate(row):
        text = (" " if index and index % _GROUP == 0 else "") + letter
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    return tuple(joined)


def _legend(
    roles: Sequence[CpuRole], disputed: CpuSet, every: CpuSet, width: int, pad: str
) -> list[Line]:
    """Return what the letters mean, those that are shown."""
    entries = [(role.letter, role.words, role.style) for role in roles if role.cpus - disputed]
    if len(every) <= (every.last or 0):
        entries.append((UNASSIGNED, "not named", "warning"))
    if disputed:
        entries.append((DISPUTED, "disagreement", "error"))
    lines: list[Line] = []
    row: list[Segment] = []
    used = 0
    for letter, words, style in entries:
        needed = len(letter) + 1 + len(words)
        if row and used + 3 + needed > width:
            lines.append(tuple(row))
            row, used = [], 0
        lead = "   " if row else pad
        used += len(lead) + needed
        row += [(lead, ""), (letter, style), (f" {words}", "context")]
    return [*lines, tuple(row)] if row else lines
