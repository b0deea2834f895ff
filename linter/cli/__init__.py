"""The command line: options are read here, everything else is done by the packages below.

Start-up is a part of the interface of a tool that runs at every commit. ``--version`` and a
``lint`` with the most frequent options do not load Typer, whose import takes longer than most runs
(:mod:`linter.cli.short_way`).
"""

from __future__ import annotations

import os
import sys

from linter import __version__

TYPE_CHECKING = False  # typing itself would take as long as Python's own start
if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_USAGE = 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells count it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run wplint and return its exit status.

    0: nothing at or above the fail level. 1: findings. 2: wrong usage, or an error of wplint
    itself. 130: interrupted by Ctrl-C.

    Args:
        arguments: The command line without the program's name; that of the process if left out.

    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - Python's own status for it means "findings" here
        return _internal_error(error)


def _run(arguments: list[str]) -> int:
    from linter.cli.streams import StandardOutput, complain
    from linter.cli.usage import UsageError

    try:
        if arguments == ["--version"]:
            with StandardOutput() as stream:
                stream.write(f"wplint {__version__}\n")
            return 0
        from linter.cli.short_way import task_of

        task = task_of(arguments)
        if task is not None:
            return task()
        from linter.cli.app import run_app

        return run_app(arguments)
    except UsageError as error:
        complain(f"error: {error}")
        return WRONG_USAGE


def _internal_error(error: Exception) -> int:
    """Report an error that nothing expected: one line, or a traceback to whoever asks for it."""
    from linter.cli.streams import StandardError, complain
    from linter.errors import came_about

    if os.environ.get("WPLINT_TRACEBACK"):
        from traceback import print_exception

        with StandardError() as stream:
            print_exception(error, file=stream)
    words = " ".join(f"{type(error).__name__}: {error}".split()) + came_about(error)
    complain(
        f"internal error: {words}. This is a bug of wplint: please report it with what "
        "WPLINT_TRACEBACK=1 shows."
    )
    return WRONG_USAGE
