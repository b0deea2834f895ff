"""Timing of whole processes, in turns, so that a drifting machine drifts for all of them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import IO

_END = 4096
"""Bytes of a command's output that are kept."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a command took in the best of its runs, which is what it takes when left alone.

    ``seconds`` is wall time and ``processor`` user and system time, children included; ``memory``
    is the largest resident set of one process in MiB, in any run. ``status`` is what the last run
    ended with, and ``output`` the end of what it wrote, to standard error as well.
    """

    seconds: float
    processor: float
    memory: float
    status: int
    output: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, where to run it, and what to do before each run of it, which is not timed.

    ``variables`` are those of its environment that others have not. ``runs`` is how often it is run
    at most, for one that takes so long that it is not run to warm up either. Output is thrown away
    unless it is to be ``kept``.
    """

    words: Sequence[str]
    folder: str | None = None
    before: Callable[[], object] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    runs: int | None = None
    kept: bool = False


def in_turns(
    commands: Mapping[str, Sequence[str] | Command], runs: int = 7, warm_up: int = 1
) -> dict[str, Timing]:
    """Time several commands, one run of each after the other, some rounds."""
    taken: dict[str, list[Timing]] = {name: [] for name in commands}
    for round_ in range(runs + warm_up):
        for name, given in commands.items():
            command = given if isinstance(given, Command) else Command(given)
            if command.runs is not None and not warm_up <= round_ < warm_up + command.runs:
                continue
            result = _run(command)
            if round_ >= warm_up:
                taken[name].append(result)
    return {
        name: Timing(
            min(result.seconds for result in results),
            min(result.processor for result in results),
            max(result.memory for result in results),
            results[-1].status,
            results[-1].output,
        )
        for name, results in taken.items()
    }


def environment() -> dict[str, str]:
    """Return the environment of the commands: this one, without settings of wplint and Python.

    Programs are measured as they are installed: with their modules compiled.
    """
    return {k: v for k, v in os.environ.items() if not k.startswith(("WPLINT_", "PYTHON"))}


def _run(command: Command) -> Timing:
    if command.before is not None:
        command.before()
    with tempfile.TemporaryFile() if command.kept else open(os.devnull, "r+b") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(command.words),
            cwd=command.folder,
            stdout=output,
            stderr=output,
            env=environment() | dict(command.variables),
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        return Timing(
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024,
            process.returncode,
            _end(output) if command.kept else "",
        )


def _end(stream: IO[bytes]) -> str:
    """Return the last bytes of a file as text."""
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - _END))
    return stream.read().decode(errors="replace")
