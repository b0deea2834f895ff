"""The same manifests give the same bytes in every format, whatever the order of files or hashes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builders import CRIO, infrastructure, kubelet_config, machine_config, profile, rules, workload

import linter.engine.run as run_module
from linter.engine.run import lint
from linter.records import replace
from linter.report import FORMATS, render, render_step_summary
from linter.sources.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest

    from linter.sources.candidates import Discovery

    Tree = Callable[[Mapping[str, str | bytes]], str]

SELECTOR = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""'
FILES: dict[str, str | bytes] = {
    "a/manifests/profile.yaml": profile("0-1", "2-7"),
    "a/manifests/infrastructure.yaml": infrastructure("None"),
    "a/openshift/one.yaml": machine_config(
        "50", files={CRIO + "98": workload("0-2"), CRIO + "99": workload("0-3")}
    ),
    "a/openshift/two.yaml": kubelet_config("a", SELECTOR, 'reservedSystemCPUs: "0-3"'),
    "b/openshift/profiles.yaml": profile("0-1,", "1-7", name="x") + "---\n" + profile(name="y"),
    "b/openshift/broken.yaml": "kind: MachineConfig\nspec: [\n",
}
PROGRAM = """
import sys
from linter.engine.loader import load_rules
from linter.engine.run import lint
from linter.report import FORMATS, render, render_step_summary
outcome = lint(sys.argv[1:], load_rules())
for name in FORMATS:
    sys.stdout.write(render(name, outcome))
sys.stdout.write(render_step_summary(outcome))
"""


def reports(folder: str) -> list[str]:
    outcome = lint([folder], rules())
    return [*(render(name, outcome) for name in FORMATS), render_step_summary(outcome)]


def test_the_order_in_which_files_are_found_changes_no_report(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tree(FILES)
    expected = reports(folder)
    for seed in range(3):

        def shuffled(paths: Sequence[str], seed: int = seed) -> Discovery:
            found = discover(paths)
            candidates = list(found.candidates)
            random.Random(seed).shuffle(candidates)
            return replace(found, candidates=tuple(candidates))

        monkeypatch.setattr(run_module, "discover", shuffled)
        assert reports(folder) == expected


def test_the_seed_of_hashes_changes_no_report(tree: Tree) -> None:
    folder = tree(FILES)
    root = Path(__file__).parents[2]
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, folder],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4711")
    }
    assert len(printed) == 1
    assert b"WPL301" in printed.pop()
