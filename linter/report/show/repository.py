"""The table that ``wplint show`` prints of a repository: a line for each pool of each cluster.

A line is never wrapped and the name of a cluster never cut, so that it can be searched; other
cells give way until a line has as many columns as there is room for. A star stands behind the name
of a policy that is meant for no cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.engine.findings import Severity
from linter.report.facts_dump import where
from linter.report.places import place
from linter.report.show.rows import clean
from linter.report.styled import limited
from linter.report.visible import columns, fitted, prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.overview import Standing
    from linter.report.styled import Line

_TITLES = ("verdict", "cluster", "pool", "profile", "reserved", "written at")
_WIDEST = (10, 32, 12, 18, 16)
_NARROWEST = (10, 32, 6, 8, 8)
_CLUSTER = 1
_MARK = " *"
"""Behind the name of a policy that is meant for no cluster."""

_NARROWEST_PLACE = 16
_GAP = "  "
_NOTHING = "-"


def lines(standings: Sequence[Standing], width: int) -> list[Line]:
    """Return the table as styled lines.

    Args:
        standings: The pools, in the order in which they are to stand.
        width: The number of columns to use, held between 40 and 120.

    """
    rows = [_cells(standing) for standing in standings]
    widths = _widths([_TITLES, *rows], limited(width))
    table = [_line(_TITLES, widths, limited(width), ["context"] * len(_TITLES))]
    for standing, row in zip(standings, rows, strict=True):
        style = standing.worst.value if standing.worst is not None else "good"
        styles = [style, "message", "code", "code", "code", "path"]
        table.append(_line(row, widths, limited(width), styles))
    return table


def items(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Return the pools as JSON has them."""
    return [
        {
            "cluster": standing.cluster,
            "path": standing.path,
            "bound": standing.bound,
            "pool": standing.pool,
            "profile": standing.profile,
            "reserved": standing.reserved,
            "isolated": standing.isolated,
            "places": [where(ref) for ref in standing.places],
            "severity": standing.worst.value if standing.worst is not None else None,
            "findings": {s.value: standing.found.get(s, 0) for s in reversed(Severity)},
        }
        for standing in standings
    ]


def _cells(standing: Standing) -> tuple[str, ...]:
    name = prose(standing.cluster)
    return (
        _verdict(standing),
        name if standing.bound else f"{name}{_MARK}",
        clean(standing.pool) or _NOTHING,
        clean(standing.profile or "") or _NOTHING,
        clean(standing.reserved or "") or _NOTHING,
        _place(standing),
    )


def _verdict(standing: Standing) -> str:
    worst = standing.worst
    if worst is None:
        return "fine"
    count = standing.found[worst]
    return f"{count} {worst.value}{'' if count == 1 else 's'}"


def _place(standing: Standing) -> str:
    if not standing.places:
        return _NOTHING
    found = place(standing.places[0])
    return f"{prose(found.path)}:{found.span.line}"


def _widths(rows: Sequence[tuple[str, ...]], width: int) -> list[int]:
    """Return the widths of all columns but the last, which takes what is left."""
    widths = [
        min(most, size)
        for most, size in zip(
            _WIDEST, (max(columns(row[index]) for row in rows) for index in range(5)), strict=True
        )
    ]
    room = width - _NARROWEST_PLACE - len(_GAP) * len(widths)
    for index in (3, 4, 2):  # profiles are all called alike, so their names go first
        while sum(widths) > room and widths[index] > _NARROWEST[index]:
            widths[index] -= 1
    return widths


def _line(row: Sequence[str], widths: Sequence[int], width: int, styles: Sequence[str]) -> Line:
    line: list[tuple[str, str]] = []
    taken = 0
    for index, (text, size, style) in enumerate(zip(row, widths, styles, strict=False)):
        cell = text if index == _CLUSTER else fitted(text, size)
        gap = " " * max(0, size - columns(cell)) + _GAP
        line += [(cell, style), (gap, "")]
        taken += columns(cell) + len(gap)
    room = max(_NARROWEST_PLACE, width - taken)
    return (*line, (fitted(row[-1], room), styles[-1]))
