"""Start-up: what a hook at every commit costs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bench.manifests import other, performance_profile
from bench.measure import Command, in_turns
from bench.peers import compared, installed, readers

if TYPE_CHECKING:
    from bench.parts import Bench

TITLE = "one file, and none"
EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples")


def measure(bench: Bench) -> None:
    """Time one relevant file, one irrelevant one, the version and the examples."""
    relevant = _file(bench, "performance-profile.yaml", performance_profile("0-1", "2-63"))
    irrelevant = _file(bench, "deployment.yaml", other(1, 1))
    commands: dict[str, list[str] | Command] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "wplint --version": ["wplint", "--version"],
        "wplint lint irrelevant.yaml": ["wplint", "lint", irrelevant],
        "wplint lint relevant.yaml": ["wplint", "lint", relevant],
        "wplint lint -o json relevant.yaml": ["wplint", "lint", "-o", "json", relevant],
        "wplint lint examples": ["wplint", "lint", EXAMPLES],
    }
    peers = readers(bench, installed(bench.folder), [relevant])
    for name, peer in peers.items():
        commands[name] = Command(peer.command([relevant]), kept=True)
    timings = in_turns(commands, 3 * bench.runs)
    base = timings["python -c pass"].seconds
    for name, timing in timings.items():
        print(f"  {name:34} {timing.seconds * 1000:7.1f} ms {timing.seconds / base:6.1f} x python")
    bench.hold("--version / python", timings["wplint --version"].seconds / base, 2)
    bench.hold("irrelevant / python", timings["wplint lint irrelevant.yaml"].seconds / base, 2)
    if "yamllint" in compared(bench, peers, timings):
        mine = timings["wplint lint relevant.yaml"].seconds
        bench.hold("one relevant file / yamllint", mine / timings["yamllint"].seconds, 1)


def _file(bench: Bench, name: str, text: str) -> str:
    path = os.path.join(bench.folder, name)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
