"""Fleets: whole repositories, of which a tenth matters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.measure import Command, environment, in_turns
from bench.peers import compared, installed, readers
from bench.trees import FILES_PER_CLUSTER, Tree, written
from linter.sources.prefilter import NEEDLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.measure import Timing
    from bench.parts import Bench
    from bench.peers import Peer

TITLE = "repositories of growing size, beside grep, git status and linters that read every file"
SIZES = (1_000, 10_000, 100_000)
GREP = ["grep", "-rlF", "--exclude-dir=.git", *(f"-e{needle.decode()}" for needle in NEEDLES)]

_PEERS = {"kubeconform": 1, "kube-linter": 2}
"""Linters that read every file, and how often they are run: it takes each half a minute."""

_LEAST = {"cold": 15, "warm": 50}
"""How many times as fast as kube-linter runs must be."""


def measure(bench: Bench) -> None:
    """Check what is found, then time it beside ``grep`` and ``git status``.

    ``cold`` reads everything; ``first`` does and keeps the run; ``warm`` recalls it; ``changed``
    recalls it after one file was written. Linters are run on the largest tree alone, once it is
    certain of the smallest that they read all of it.
    """
    trees = [_tree(bench, files) for files in SIZES if files <= bench.largest]
    peers: dict[str, Peer] = {}
    if trees[-1].files == SIZES[-1]:
        known = {name: how for name, how in installed(bench.folder).items() if name in _PEERS}
        peers = readers(bench, known, _paths(trees[0]))
    results = {}
    for tree in trees:
        check(bench, tree)
        # What a file takes is little beside what a run of a small tree takes: that must be certain.
        runs = bench.runs * (4 if tree.files < bench.largest else 1)
        commands = _commands(bench, tree)
        if tree is trees[-1]:
            commands |= _peer_commands(peers, tree)
        results[tree.files] = in_turns(commands, runs)
        _print(tree, results[tree.files])
    for name in ("cold", "warm"):
        _growth(bench, name, {files: timings[name] for files, timings in results.items()})
    _limits(bench, results[trees[-1].files])
    _beside(bench, peers, results[trees[-1].files])


def check(bench: Bench, tree: Tree) -> None:
    """Hold what is found, at any level, against what was seeded."""
    command = ["wplint", "lint", "--no-cache", "--output", "json", tree.path]
    done = subprocess.run(command, capture_output=True, check=False, env=environment())
    report = json.loads(done.stdout)
    found = {(item["rule"], os.path.basename(item["cluster"])) for item in report["findings"]}
    clusters = tree.files // FILES_PER_CLUSTER
    if found != tree.truth or len(report["findings"]) != len(tree.truth):
        odd = sorted(found ^ tree.truth)
        bench.wrong(f"{tree.files} files: {len(odd)} findings too many or too few: {odd[:5]}")
    if len(report["clusters"]) != clusters:
        bench.wrong(f"{tree.files} files: {len(report['clusters'])} clusters, not {clusters}")


def _tree(bench: Bench, files: int) -> Tree:
    """Return a tree that is a git repository with everything committed."""
    tree = written(os.path.join(bench.folder, str(files)), files)
    if not os.path.isdir(os.path.join(tree.path, ".git")):
        git = [
            "git",
            "-C",
            tree.path,
            "-c",
            "user.name=bench",
            "-c",
            "user.email=bench@example.com",
        ]
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "fleet"]):
            subprocess.run([*git, *words], check=True)
    return tree


def _commands(bench: Bench, tree: Tree) -> dict[str, Command]:
    cache = os.path.join(bench.folder, "cache")
    lint = Command(["wplint", "lint", tree.path], variables={"XDG_CACHE_HOME": cache})
    file = os.path.join(tree.path, "clusters", "site-00001", "install-config.yaml")

    def change() -> None:
        with open(file, "a", encoding="utf-8") as stream:
            stream.write("# changed\n")

    def restore() -> None:
        subprocess.run(["git", "-C", tree.path, "checkout", "-q", "."], check=True)
        subprocess.run(["git", "-C", tree.path, "status", "-s"], check=True, capture_output=True)

    return {
        "grep": Command([*GREP, tree.path], before=restore),
        "git status": Command(["git", "status", "--short"], tree.path),
        "cold": Command(["wplint", "lint", "--no-cache", tree.path]),
        "first": replace(lint, before=lambda: shutil.rmtree(cache, ignore_errors=True)),
        "warm": lint,
        "changed": replace(lint, before=change),
    }


def _peer_commands(peers: Mapping[str, Peer], tree: Tree) -> dict[str, Command]:
    paths = _paths(tree)
    return {
        name: Command(peer.command(paths), runs=_PEERS[name], kept=True)
        for name, peer in peers.items()
    }


def _paths(tree: Tree) -> list[str]:
    """Return paths that make up the tree.

    What lies beside a kustomization is named one by one: of a directory that has one kube-linter
    reads only what kustomize makes of it, and here that is nothing.
    """
    gitops = os.path.join(tree.path, "gitops")
    beside = [entry.path for folder in os.scandir(gitops) for entry in os.scandir(folder)]
    return [os.path.join(tree.path, "clusters"), *sorted(beside)]


def _print(tree: Tree, timings: Mapping[str, Timing]) -> None:
    print(f"  {tree.files} files, {len(tree.truth)} seeded disagreements")
    for name, timing in timings.items():
        print(
            f"    {name:12} {timing.seconds * 1000:9.1f} ms wall {timing.processor * 1000:9.1f} ms "
            f"processor {timing.memory:7.1f} MiB"
        )


def _limits(bench: Bench, timings: Mapping[str, Timing]) -> None:
    cold, warm = timings["cold"], timings["warm"]
    bench.hold("cold / grep", cold.seconds / timings["grep"].seconds, 2)
    bench.hold("warm / git status", warm.seconds / timings["git status"].seconds, 2)
    more = (timings["changed"].seconds - warm.seconds) * 1000
    bench.hold("one file changed, more than warm", more, 60, "ms")
    bench.hold("memory of a process", max(cold.memory, timings["first"].memory), 200, "MiB")


def _beside(bench: Bench, peers: Mapping[str, Peer], timings: Mapping[str, Timing]) -> None:
    """Print how many times as fast as its peers wplint is, and hold what must be reached."""
    for peer in compared(bench, peers, timings):
        for name, least in _LEAST.items():
            times = timings[peer].seconds / timings[name].seconds
            if peer == "kube-linter":
                bench.reach(f"{peer} / {name}", times, least)
            else:
                print(f"  {peer} / {name}: {times:.1f} x")


def _growth(bench: Bench, name: str, timings: Mapping[int, Timing]) -> None:
    """Hold the time and memory that each further file takes against those before."""
    if len(timings) < 3:
        return
    steps = [
        ((b.processor - a.processor) / (m - n), (b.memory - a.memory) / (m - n))
        for (n, a), (m, b) in pairwise(sorted(timings.items()))
    ]
    bench.hold(f"{name}, processor time per further file", steps[1][0] / steps[0][0], 1.15)
    if name == "cold":  # little else takes more memory than this program, which counts as well
        bench.hold(f"{name}, memory per further file", steps[1][1] / steps[0][1], 1.15)
