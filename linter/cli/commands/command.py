"""What a command is to the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Task = Callable[[], int]


class Command(NamedTuple):
    """A command.

    Attributes:
        name: What it is called by.
        summary: What it does, in a line.
        read: Takes its arguments and options, and returns what is to be done.
        examples: Command lines for the end of its help.

    """

    name: str
    summary: str
    read: Callable[..., Task]
    examples: tuple[str, ...]

    @property
    def epilog(self) -> str:
        """The end of its help, marked so that the examples are not refilled."""
        return "\n  ".join(("\b\nExamples:", *self.examples))
