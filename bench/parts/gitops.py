"""Clusters that meet the policies of their groups, and take CPUs from their type of hardware."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from bench.gitops import write_gitops
from bench.measure import environment, in_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.gitops import GitOpsTree
    from bench.parts import Bench

TITLE = "clusters x 40 group policies x 3 types of hardware"
SIZES = (500, 1250, 2500, 5000)
_MOST_EACH = 5
"""KiB of memory for a further cluster: its name, labels, place and verdict, and its report."""


def measure(bench: Bench) -> None:
    """Check what is found in growing repositories, and time them."""
    trees = [write_gitops(os.path.join(bench.folder, str(size)), size) for size in SIZES]
    for tree in trees:
        _check(bench, tree)
    timings = in_turns({tree.path: _command(tree) for tree in trees}, bench.runs)
    for tree in trees:
        timing = timings[tree.path]
        print(
            f"  {tree.clusters:5} clusters {timing.processor * 1000:9.1f} ms processor "
            f"{timing.processor / tree.clusters * 1000:6.2f} ms each {timing.memory:7.1f} MiB"
        )
    spent = [timings[tree.path].processor for tree in trees]
    first = (spent[1] - spent[0]) / (SIZES[1] - SIZES[0])
    last = (spent[-1] - spent[-2]) / (SIZES[-1] - SIZES[-2])
    bench.hold("gitops, processor time per further cluster", last / first, 1.3)
    memory = (timings[trees[-1].path].memory - timings[trees[1].path].memory) * 1024
    each = memory / (SIZES[-1] - SIZES[1])
    bench.hold("gitops, memory per further cluster", each, _MOST_EACH, "KiB")
    bench.hold(
        f"gitops, memory for {SIZES[-1]} clusters", timings[trees[-1].path].memory, 120, "MiB"
    )


def _command(tree: GitOpsTree) -> Sequence[str]:
    return ["wplint", "lint", "--no-cache", "--output", "json", tree.path]


def _check(bench: Bench, tree: GitOpsTree) -> None:
    """Hold the errors against the truth, by rule and by the file that they are in."""
    done = subprocess.run(_command(tree), capture_output=True, check=False, env=environment())
    errors = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
    found = sorted(
        (f["rule"], os.path.splitext(os.path.basename(f["locations"][0]["path"]))[0])
        for f in errors
    )
    if found != sorted(tree.truth):
        odd = sorted(set(found) ^ set(tree.truth))
        bench.wrong(f"{tree.clusters} clusters: errors too many or too few: {odd[:5]}")
