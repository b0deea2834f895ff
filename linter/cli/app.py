"""The grammar of the command line.

Typer reads the words and nothing else: every command returns what is to be done, and
:func:`run_app` does it. So an error of wplint is not taken for wrong usage, nor the other way
round, and Typer has no part in what is printed but for the help.

The annotations of parameters are read at run time, hence no ``TYPE_CHECKING`` here.
"""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.main import get_command

from linter import __version__
from linter.cli.commands.init import INIT
from linter.cli.commands.lint import LINT
from linter.cli.commands.plan import PLAN
from linter.cli.commands.render import RENDER
from linter.cli.commands.rules import EXPLAIN, RULES
from linter.cli.commands.show import FACTS, SHOW
from linter.cli.streams import StandardError, StandardOutput
from linter.cli.usage import UsageError

COMMANDS = (LINT, INIT, RULES, EXPLAIN, FACTS, SHOW, PLAN, RENDER)
"""All commands, in the order of the help."""

# Typer has a copy of click inside since 0.26 and needs click before; neither exports this class.
_Refusal: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
"""What Typer raises for a command line that it cannot read."""

app = typer.Typer(
    name="wplint",
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


COMPLETING = "_WPLINT_COMPLETE"
"""Set by the shell where it asks for completions; Typer answers and ends the program."""


def run_app(arguments: list[str]) -> int:
    """Read a command line, do what it says, and return the exit status.

    Raises:
        UsageError: It cannot be understood.

    """
    command = get_command(app)
    if not arguments and COMPLETING not in os.environ:
        with StandardError() as stream:
            stream.write(_help())
        return 2
    try:
        with StandardOutput():
            answer = command.main(arguments, prog_name="wplint", standalone_mode=False)
    except _Refusal as refusal:
        raise UsageError(_refused(refusal, arguments[0])) from None
    return answer() if callable(answer) else int(answer or 0)


def _help() -> str:
    command = get_command(app)
    with command.make_context("wplint", ["lint"], resilient_parsing=True) as context:
        return command.get_help(context) + "\n"


def _refused(refusal: Any, first: str) -> str:
    """Say in one line what is wrong with a command line and where its help is."""
    command = "wplint"
    if first in {entry.name for entry in app.registered_commands}:
        command += f" {first}"
    words = " ".join(refusal.format_message().split()).rstrip(".")
    if words[1:2].islower():
        words = words[:1].lower() + words[1:]
    return f"{words}{'' if words.endswith('?') else ';'} see '{command} --help'"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wplint {__version__}")
        raise typer.Exit


@app.callback()
def wplint(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Check that every statement of a partitioned OpenShift cluster's reserved CPUs agrees.

    wplint reads the manifests of clusters, decodes what MachineConfigs put on the nodes, and says
    where two places disagree. Start with: wplint lint DIRECTORY
    """


for one in COMMANDS:
    app.command(one.name, short_help=one.summary, epilog=one.epilog)(one.read)
