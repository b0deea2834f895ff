"""``python -m bench``: what wplint costs beside other programs, on this machine, in this run."""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.fleet import render_inputs, write_fleet
from bench.measure import Timing, in_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

RENDER_LIMIT = 0.002
"""Seconds for one profile with all its objects."""

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements asked for and print their ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(PARTS)} (default: all)")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command")
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {unknown[0]}")
    if shutil.which("wplint") is None:
        parser.error("wplint is not installed here: pip install -e '.[dev]'")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts or PARTS:
            print(f"\n{part}")
            failed += PARTS[part](folder, options.runs)
    return 1 if failed else 0


def start_up(folder: str, runs: int) -> int:
    """Time one relevant file, one irrelevant one, the version and the examples."""
    fleet = write_fleet(os.path.join(folder, "start"), 1, broken_every=0, others=1)
    relevant = os.path.join(fleet.path, "site-00000", "openshift", "performance-profile.yaml")
    irrelevant = os.path.join(fleet.path, "site-00000", "apps", "app-0.yaml")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "wplint --version": ["wplint", "--version"],
        "wplint lint irrelevant.yaml": ["wplint", "lint", irrelevant],
        "wplint lint relevant.yaml": ["wplint", "lint", relevant],
        "wplint lint examples": ["wplint", "lint", os.path.join(HERE, "examples")],
    }
    if shutil.which("yamllint"):
        commands["yamllint relevant.yaml"] = ["yamllint", "-d", "relaxed", relevant]
    timings = in_turns(commands, runs)
    base = timings["python -c pass"]
    for name, timing in timings.items():
        print(f"  {name:30} {_ms(timing)}  {timing.seconds / base.seconds:5.1f} x bare python")
    if "yamllint relevant.yaml" in timings:
        ratio = (
            timings["wplint lint relevant.yaml"].seconds / timings["yamllint relevant.yaml"].seconds
        )
        print(f"  one relevant file is {ratio:.2f} x yamllint (limit 1.5)")
    return 0


def clusters(folder: str, runs: int) -> int:
    """Time growing fleets and check that exactly the seeded disagreements are found."""
    failed = 0
    sizes = (1, 100, 500, 2000)
    commands = {}
    for size in sizes:
        fleet = write_fleet(os.path.join(folder, f"fleet-{size}"), size)
        commands[str(size)] = ["wplint", "lint", "--output", "json", fleet.path]
        failed += _check(commands[str(size)], set(fleet.broken))
    timings = in_turns(commands, max(3, runs // 2))
    first = timings["1"].seconds
    for size in sizes:
        timing = timings[str(size)]
        each = (timing.seconds - first) / max(1, size - 1) * 1000
        print(f"  {size:5} clusters {_ms(timing)} {timing.memory:6.0f} MiB  {each:6.2f} ms each")
    steps = [
        (timings[str(b)].seconds - timings[str(a)].seconds) / (b - a)
        for a, b in pairwise(sizes[1:])
    ]
    print(f"  the last step costs {steps[-1] / steps[0]:.2f} x the one before, per cluster")
    return failed


def render_profiles(_: str, runs: int) -> int:
    """Time rendering of growing numbers of profiles: the objects alone, and with their YAML."""
    from linter.model.releases import NEWEST_MINOR, Release
    from linter.render import render
    from linter.render.emit import to_yaml

    release = Release(NEWEST_MINOR)
    sizes = (125, 250, 500, 1000)
    gc.disable()  # otherwise the second half pays for looking through the first
    spent: dict[tuple[str, int], float] = {}
    for size in sizes:
        inputs = render_inputs(size)
        for name in ("objects", "with YAML"):
            taken = []
            for _turn in range(max(3, runs // 2)):
                gc.collect()
                start = time.perf_counter()
                manifests = render(inputs, release)
                if name == "with YAML":
                    sum(len(to_yaml(manifest)) for manifest in manifests)
                taken.append(time.perf_counter() - start)
            spent[name, size] = statistics.median(taken)
    gc.enable()
    failed = 0
    for name in ("objects", "with YAML"):
        for size in sizes:
            each = spent[name, size] / size * 1000
            whole = f"{spent[name, size] * 1000:8.1f} ms"
            print(f"  {size:5} profiles, {name:10} {whole} {each:6.3f} ms each")
        last = (spent[name, 1000] - spent[name, 500]) / (spent[name, 500] - spent[name, 250]) / 2
        print(f"  {name}: the last step costs {last:.2f} x the one before, per profile")
        failed += spent[name, 1000] > 1000 * RENDER_LIMIT
    print(f"  limit {RENDER_LIMIT * 1000:.0f} ms each: {'missed' if failed else 'kept'}")
    return failed


def _check(command: Sequence[str], broken: set[str]) -> int:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(result.stdout)
    errors = [item for item in report["findings"] if item["severity"] == "error"]
    found = {os.path.basename(str(item["cluster"])) for item in errors}
    if found != broken or len(errors) != len(broken):
        print(f"  WRONG: expected errors in {sorted(broken)}, found {sorted(found)}")
        return 1
    return 0


def _ms(timing: Timing) -> str:
    return f"{timing.seconds * 1000:8.1f} ms"


PARTS = {"start-up": start_up, "clusters": clusters, "render": render_profiles}

if __name__ == "__main__":
    sys.exit(main())
