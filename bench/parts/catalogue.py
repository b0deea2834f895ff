"""What all rules cost beside the first ones, on a cluster in which everything agrees."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from bench.measure import environment
from linter.engine.loader import load_rules, select_rules
from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.parts import Bench
    from linter.engine.rules import Rule

TITLE = "all rules beside those that wplint began with"
LIMIT = 2

FIRST = (
    "WPL001", "WPL101", "WPL102", "WPL202", "WPL203", "WPL301", "WPL303", "WPL304", "WPL305",
    "WPL306", "WPL309", "WPL310", "WPL311", "WPL313", "WPL321", "WPL401", "WPL403", "WPL501",
    "WPL502", "WPL503", "WPL504",
)  # fmt: skip
"""The rules that wplint began with: whether the CPUs agree, enablement, and pools."""

RELEASE = "4.16"
EXAMPLE = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, "examples", "south")


def measure(bench: Bench) -> None:
    """Time runs within this process, over manifests by hand and over those with rendered ones."""
    written = os.path.abspath(EXAMPLE)
    rendered = os.path.join(bench.folder, "rendered")
    shutil.copytree(written, rendered, dirs_exist_ok=True)
    output = os.path.join(rendered, "openshift")
    words = ["wplint", "render", written, "-o", output, "--force", "--openshift-version", RELEASE]
    subprocess.run(words, check=True, capture_output=True, env=environment())
    for name, path in (("written", written), ("rendered", rendered)):
        _compare(bench, name, path)


def _compare(bench: Bench, name: str, path: str) -> None:
    every = load_rules()
    chosen = {"no rules": (), "first rules": select_rules(every, FIRST), "all rules": every}
    spent = {words: _fastest(bench, path, rules) for words, rules in chosen.items()}
    for words, seconds in spent.items():
        print(f"  {name}: {words:12} {len(chosen[words]):4} {seconds * 1000:8.2f} ms")
    bench.hold(f"{name}, all / first rules", spent["all rules"] / spent["first rules"], LIMIT)
    alone = [spent[words] - spent["no rules"] for words in ("all rules", "first rules")]
    each = [alone[0] / len(every), alone[1] / len(FIRST)]
    print(f"  {name}: a rule takes {each[0] * 1e6:.0f} us, a first one {each[1] * 1e6:.0f} us")


def _fastest(bench: Bench, path: str, rules: Sequence[Rule]) -> float:
    """Return the processor seconds of the best of some runs; the first one, uncounted, warms up."""
    best = float("inf")
    for turn in range(10 * bench.runs + 1):
        start = time.process_time()
        outcome = lint([path], rules, Release.parse(RELEASE))
        taken = time.process_time() - start
        if outcome.findings or outcome.failures:
            bench.wrong(f"{path} is no cluster in which everything agrees")
            return taken
        best = min(best, taken) if turn else best
    return best
