"""``--watch``: run again whenever a file changes.

Files are looked at twice a second, which needs nothing of the system and sees what an editor does
by replacing files as well.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from linter.cli.streams import StandardError, StandardOutput, complain
from linter.cli.usage import UsageError
from linter.engine.configuration import NAMES, repository_of
from linter.records import replace
from linter.sources.candidates import PathError
from linter.sources.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.cli.lint import LintRequest

PAUSE = 0.5
"""Seconds between two looks."""

_CLEAR = "\x1b[2J\x1b[H"

State = dict[str, tuple[int, int, int]]
"""The time of the last change, the size and the number of each file."""


def watch(request: LintRequest, run: Callable[[LintRequest], int]) -> NoReturn:
    """Run at once and after each change, until Ctrl-C ends the program.

    Raises:
        UsageError: What is asked for cannot be watched, or a path cannot be used at the start.

    """
    if request.fixing or request.update_baseline or request.prune_baseline:
        raise UsageError("--watch only looks on: leave out options that write")
    once = replace(request, watch=False)
    seen = _state(request)
    run(once)
    while True:
        _announce()
        now = seen
        while now == seen:
            time.sleep(PAUSE)
            now = _state(request)
        seen = now
        _clear()
        _again(once, run)


def _again(request: LintRequest, run: Callable[[LintRequest], int]) -> None:
    """Run once more; what cannot be used now may be usable after the next change."""
    try:
        run(request)
    except UsageError as error:
        complain(f"error: {error}")


def _state(request: LintRequest) -> State:
    try:
        listed = [candidate.path for candidate in discover(request.paths).candidates]
    except PathError:  # gone for a moment, or for good
        listed = []
    for path in request.paths or (".",):
        folder = os.path.realpath(path)
        root = repository_of(folder)
        while True:
            listed.extend(os.path.join(folder, name) for name in NAMES)
            if folder == root or folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
    if request.baseline is not None:
        listed.append(request.baseline)
    state: State = {}
    for path in listed:
        try:
            found = os.stat(path)
        except OSError:
            continue
        state[path] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return state


def _announce() -> None:
    with StandardError() as stream:
        stream.write("\nWatching for changes; Ctrl-C ends it.\n")


def _clear() -> None:
    """Clear the screen, where there is one."""
    with StandardOutput() as stream:
        if stream is sys.stdout and stream.isatty():
            stream.write(_CLEAR)
