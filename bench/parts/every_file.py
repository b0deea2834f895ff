"""Trees of which every file matters, where leaving files out is no help."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from bench.manifests import install_config, machine_config, performance_profile
from bench.measure import Command, environment, in_turns
from bench.peers import compared, installed, readers
from bench.trees import HARDWARE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.parts import Bench
    from bench.peers import Peer

TITLE = "installer directories alone, beside linters that read every file as well"

_LIMITS = {"yamllint": 1, "check-jsonschema": 1, "kubeconform": 1 / 2, "kube-linter": 1 / 3}
"""What part of a peer's time wplint may take."""

_SLOW = frozenset({"yamllint", "check-jsonschema"})
"""Those that take so many times as long that one run of them, on the first tree, tells enough."""


def measure(bench: Bench) -> None:
    """Time wplint and whatever of its peers is installed on files that all matter, 3 a cluster.

    In ``alike`` clusters have one of six kinds of hardware, as in a fleet, and wplint judges those
    that state the same once; half of what the smaller tree takes is its start, so limits are for
    the larger one. In ``apart``, which no fleet is, no two clusters state the same; what that takes
    is printed, and no limit is held.
    """
    peers = installed(bench.folder)
    for name, clusters, cluster, held in _TREES:
        tree = os.path.join(bench.folder, f"{name}-{clusters}")
        for number in range(clusters):
            _write(os.path.join(tree, f"site-{number:05d}"), cluster(number))
        words = f"{clusters} clusters {name}"
        print(f"  {words}")
        _check(bench, tree, clusters)
        _compare(bench, words, tree, readers(bench, peers, [tree]), held=held)
        peers = {name: peer for name, peer in peers.items() if name not in _SLOW}


def _alike(number: int) -> dict[str, str]:
    """Return the files of a cluster that has one of a few kinds of hardware."""
    return _files(number, *HARDWARE[number % len(HARDWARE)])


def _apart(number: int) -> dict[str, str]:
    """Return the files of a cluster that states what no other does, so that no file has a twin."""
    reserved, last = 4 + 2 * (number // 250), 31 + 2 * (number % 250)
    files = _files(number, f"0-{reserved - 1}", f"{reserved}-{last}")
    return {path: f"# Handed over with ticket {number}.\n{text}" for path, text in files.items()}


_TREES = (
    ("alike", 1_000, _alike, False),
    ("alike", 3_333, _alike, True),
    ("apart", 1_000, _apart, False),
)


def _files(number: int, reserved: str, isolated: str) -> dict[str, str]:
    return {
        "install-config.yaml": install_config(number),
        "openshift/performance-profile.yaml": performance_profile(reserved, isolated),
        "openshift/99-workload-partitioning.yaml": machine_config(reserved, reserved),
    }


def _write(folder: str, files: dict[str, str]) -> None:
    os.makedirs(os.path.join(folder, "openshift"), exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)


def _check(bench: Bench, tree: str, clusters: int) -> None:
    """Hold that every cluster is judged, and that nothing is found in any."""
    command = ["wplint", "lint", "--no-cache", "--output", "json", tree]
    done = subprocess.run(command, capture_output=True, check=False, env=environment())
    report = json.loads(done.stdout)
    found, judged = len(report["findings"]), len(report["clusters"])
    if (found, judged) != (0, clusters):
        bench.wrong(f"{tree}: {found} findings in {judged} clusters, not 0 in {clusters}")


def _compare(bench: Bench, words: str, tree: str, peers: Mapping[str, Peer], *, held: bool) -> None:
    commands = {"wplint": Command(["wplint", "lint", "--no-cache", tree])}
    for name, peer in peers.items():
        runs = 1 if name in _SLOW else None
        commands[name] = Command(peer.command([tree]), runs=runs, kept=True)
    timings = in_turns(commands, bench.runs)
    mine = timings["wplint"].seconds
    for name, timing in timings.items():
        print(
            f"    {name:16} {timing.seconds * 1000:9.1f} ms wall "
            f"{timing.processor * 1000:9.1f} ms processor {timing.seconds / mine:6.1f} x wplint"
        )
    for name in compared(bench, peers, timings):
        if held or name in _SLOW:
            bench.hold(f"{words}, wplint / {name}", mine / timings[name].seconds, _LIMITS[name])
