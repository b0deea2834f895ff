"""Reports: what a run found, in the words of people and in those of programs.

Every renderer is a pure function of an outcome, in a module of its own that is imported when its
format is asked for.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.outcome import Outcome


class _Format(Protocol):
    """What the module of a format offers."""

    def text(self, outcome: Outcome, width: int) -> str:
        """Return the document; machine formats do not heed the width."""


def render(format_name: str, outcome: Outcome, width: int = 80) -> str:
    """Return an outcome's document in a format, as plain text without colours.

    A name that is none of ``FORMATS`` raises a ValueError.
    """
    renderer = FORMATS.get(format_name)
    if renderer is None:
        raise ValueError(f"no report format {format_name!r}; there are {', '.join(FORMATS)}")
    return renderer(outcome, width)


def print_terminal(outcome: Outcome, stream: TextIO) -> None:
    """Print the findings for people, in colour where the stream is a terminal."""
    from linter.report import terminal

    terminal.print_terminal(outcome, stream)


def print_summary(outcome: Outcome, stream: TextIO) -> None:
    """Print what was found and understood for people; meant for standard error."""
    from linter.report import terminal

    terminal.print_summary(outcome, stream)


def print_statistics(outcome: Outcome, stream: TextIO) -> None:
    """Print how often each rule found something; meant for standard error."""
    from linter.report import statistics, terminal

    terminal.write(statistics.lines(outcome), stream)


def render_step_summary(outcome: Outcome) -> str:
    """Return what GitHub Actions shows as the summary of a step, as Markdown."""
    from linter.report import step_summary

    return step_summary.text(outcome)


def _text(module: str, outcome: Outcome, width: int) -> str:
    return cast("_Format", import_module(f"linter.report.{module}")).text(outcome, width)


FORMATS: Final[Mapping[str, Callable[[Outcome, int], str]]] = MappingProxyType(
    {
        "full": partial(_text, "full"),
        "concise": partial(_text, "concise"),
        "json": partial(_text, "json_report"),
        "sarif": partial(_text, "sarif"),
        "github": partial(_text, "github"),
        "gitlab": partial(_text, "gitlab"),
        "junit": partial(_text, "junit"),
    }
)
"""Every report format by its name on the command line."""

ROOTED: Final = frozenset({"sarif", "github", "gitlab", "junit"})
"""The formats whose readers know files by their names from the root of the repository."""
