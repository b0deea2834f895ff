"""The grammar of ``wplint init``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from linter.cli.commands.command import Command, Task


def init_command(
    folder: Annotated[
        str,
        typer.Argument(metavar="[DIRECTORY]", help="Where to write it.", show_default=False),
    ] = ".",
) -> Task:
    """Write a commented wplint.toml, made of what is found in the directory.

    It names the clusters and releases that were found. A file that is there is never overwritten.
    """
    from linter.cli.init import init

    return partial(init, folder)


INIT = Command(
    "init",
    "Write a configuration file to begin with.",
    init_command,
    ("wplint init", "wplint init clusters/"),
)
