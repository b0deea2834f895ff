"""Styled lines in colour, through rich, which knows what a terminal can show.

This is the only module that imports rich; it is imported when colours are really shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.report.styled import Line

STYLES: Final[Mapping[str, str]] = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "secondary": "bright_blue",
    "message": "bold",
    "path": "cyan",
    "payload": "magenta",
    "code": "",
    "gutter": "bright_blue",
    "note": "",
    "context": "dim",
    "fix": "green",
    "good": "bold green",
}
"""How a terminal shows each style, in the words of rich."""


def write(lines: Sequence[Line], stream: TextIO) -> None:
    """Print lines with their styles.

    They are laid out already and no text in them is markup, so they go to rich as segments: nothing
    is wrapped, highlighted or interpreted.
    """
    console = Console(file=stream, force_terminal=True)
    styles = {name: Style.parse(words) for name, words in STYLES.items() if words}
    segments: list[Segment] = []
    for line in lines:
        segments += [Segment(text, styles.get(name)) for text, name in line if text]
        segments.append(Segment.line())
    console.print(Segments(segments), end="", soft_wrap=True)
