"""A change of one line in a group policy, planned beside the lint of the whole repository."""

from __future__ import annotations

import json
import os
import subprocess
import time
from functools import partial
from typing import TYPE_CHECKING

from bench.gitops import write_gitops
from bench.measure import Command, environment, in_turns

if TYPE_CHECKING:
    from bench.parts import Bench

TITLE = "one line of a policy of 40, in a git repository of growing size"
SIZES = (1250, 5000)
LIMIT = 2.0
"""Times a warm lint of the same repository."""

_YOUNG = 3
"""Seconds after which a file may be taken to be what it was; a run is not kept before."""

_GROUPS = 40
_GROUP = 7


def measure(bench: Bench) -> None:
    """Check which clusters are named, then time both commands, of which each has run before.

    ``cold`` is the plan of somebody who has never run one. At last one line of the policy changes
    once more, and ``lint`` takes from the run before what that does not concern.
    """
    for size in SIZES:
        folder = os.path.join(bench.folder, str(size))
        _repository(folder, size)
        _check(bench, folder, size)
        cache = ["--cache-dir", os.path.join(bench.folder, f"cache-{size}")]
        plan = ["wplint", "plan", "--from", "HEAD", "--output", "json"]
        lint = ["wplint", "lint", "--output", "json"]
        commands = {
            "lint": Command([*lint, *cache], folder),
            "plan": Command([*plan, *cache], folder),
            "cold lint": Command([*lint, "--no-cache"], folder),
            "cold plan": Command([*plan, "--no-cache"], folder),
        }
        timings = in_turns(commands, bench.runs)
        again = Command([*lint, *cache], folder, before=partial(_change, folder, "0,3"))
        timings |= in_turns({"lint, policy changed": again}, bench.runs)
        for name, timing in timings.items():
            print(
                f"  {size:5} clusters, {name:20} {timing.seconds:6.2f} s "
                f"{timing.processor:6.2f} s processor {timing.memory:7.1f} MiB"
            )
        ratio = timings["plan"].processor / timings["lint"].processor
        words = f"plan of {size} clusters, times a warm lint"
        if size == SIZES[-1]:
            bench.hold(words, ratio, LIMIT)
        else:  # to start the program takes most of the time of both
            print(f"  {words}: {ratio:.2f} x")


def _repository(folder: str, size: int) -> None:
    """Write a repository, commit it, and change one line of one policy."""
    if not os.path.isdir(os.path.join(folder, ".git")):
        write_gitops(folder, size, groups=_GROUPS)
        _git(folder, "init", "-q", "-b", "main")
        _git(folder, "add", "-A")
        _git(folder, "commit", "-q", "-m", "fleet")
    _change(folder, "0,2")
    time.sleep(_YOUNG)


def _change(folder: str, reserved: str) -> None:
    """Change one line of one policy."""
    policy = os.path.join(folder, "policies", f"group-{_GROUP:02d}.yaml")
    with open(policy, encoding="utf-8") as stream:
        lines = stream.read().splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.lstrip().startswith("reserved:"):
            lines[number] = f"{line[: len(line) - len(line.lstrip())]}reserved: {reserved}\n"
    with open(policy, "w", encoding="utf-8") as stream:
        stream.write("".join(lines))


def _git(folder: str, *arguments: str) -> None:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, env=environment())


def _check(bench: Bench, folder: str, size: int) -> None:
    """Hold the clusters that are named against those of the group."""
    command = ["wplint", "plan", "--from", "HEAD", "--output", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment())
    found = [cluster["name"] for cluster in json.loads(done.stdout)["clusters"]]
    truth = [f"edge-{number:05d}" for number in range(size) if number % _GROUPS == _GROUP]
    if found != truth:
        odd = sorted(set(found) ^ set(truth))
        bench.wrong(f"{size} clusters: named too many or too few: {odd[:5]}")
