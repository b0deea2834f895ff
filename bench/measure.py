"""Timing of whole processes, in turns, so that a drifting machine drifts for all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Timing:
    """Median wall seconds of a command, and the largest resident set in MiB."""

    seconds: float
    memory: float
    status: int


def run_once(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float, int]:
    """Run a command with its output thrown away; return seconds, peak MiB and exit status."""
    start = time.perf_counter()
    process = subprocess.Popen(
        list(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_maxrss / 1024, process.returncode


def in_turns(
    commands: Mapping[str, Sequence[str]], runs: int = 7, warm_up: int = 1
) -> dict[str, Timing]:
    """Time several commands, one run of each after the other, some rounds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WPLINT_")}
    taken: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
    for round_ in range(runs + warm_up):
        for name, command in commands.items():
            result = run_once(command, environment)
            if round_ >= warm_up:
                taken[name].append(result)
    return {
        name: Timing(
            statistics.median(seconds for seconds, _, _ in results),
            max(memory for _, memory, _ in results),
            results[-1][2],
        )
        for name, results in taken.items()
    }
