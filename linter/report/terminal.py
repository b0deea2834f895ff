"""Printing of styled lines on a stream, coloured where somebody sees the colours.

Colours are used on a terminal unless ``NO_COLOR`` is set or ``TERM`` is ``dumb``; ``FORCE_COLOR``
asks for them anywhere, as some CI services understand them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from linter.report.full import document_lines, summary_lines
from linter.report.styled import EMPTY, limited, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.engine.outcome import Outcome
    from linter.report.styled import Line

DEFAULT_WIDTH = 80

_DRAWN = str.maketrans({"┌": "+", "├": "+", "─": "-", "│": "|", "⋮": ":", "…": "~", "→": ">"})


def print_terminal(outcome: Outcome, stream: TextIO) -> None:
    """Print the findings, which are the document."""
    write(document_lines(outcome, width_of(stream)), stream)


def print_summary(outcome: Outcome, stream: TextIO) -> None:
    """Print what was found and understood; meant for standard error.

    A blank line sets it off from the findings, which a terminal shows just above.
    """
    lines = summary_lines(outcome, width_of(stream))
    write([EMPTY, *lines] if outcome.findings else lines, stream)


def write(lines: Sequence[Line], stream: TextIO) -> None:
    """Print lines, in colour if the stream is to have it, in ASCII if it cannot encode more."""
    lines = _encodable(lines, stream)
    if not lines:
        return
    if wants_colour(stream, os.environ):
        from linter.report import colour

        colour.write(lines, stream)
    else:
        stream.write(plain(lines))


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether colours are shown to somebody who has not declined them (https://no-color.org)."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM", "dumb") not in ("", "dumb")


def width_of(stream: TextIO) -> int:
    """Return the width to lay a report out for: that of the terminal, else 80 columns.

    ``COLUMNS`` counts on a terminal only, so that the same run writes the same bytes to a pipe.
    """
    if not stream.isatty():
        return DEFAULT_WIDTH
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 and int(wanted):
        return limited(int(wanted))
    try:
        size = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return DEFAULT_WIDTH
    return limited(size or DEFAULT_WIDTH)


def _encodable(lines: Sequence[Line], stream: TextIO) -> Sequence[Line]:
    """Return lines that the stream's encoding can carry.

    Where it cannot, frames are drawn in ASCII and other characters become escapes.
    """
    encoding = stream.encoding or "utf-8"
    try:
        plain(lines).encode(encoding)
    except UnicodeEncodeError:
        return [tuple((_reduced(text, encoding), style) for text, style in line) for line in lines]
    return lines


_BULLETS = str.maketrans({"•": "*", "·": "-"})


def encodable_text(text: str, stream: TextIO) -> str:
    """Return a text that the stream's encoding can carry, as :func:`write` prints lines."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return _reduced(text.translate(_BULLETS), encoding)
    return text


def _reduced(text: str, encoding: str) -> str:
    return text.translate(_DRAWN).encode(encoding, "backslashreplace").decode(encoding)
