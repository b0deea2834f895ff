"""The same manifests give the same outcome and reports, whatever the order of files or hashes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builders import (
    CRIO,
    PINNING,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    rules,
    workload,
)
from fleet_trees import told

import linter.engine.run as run_module
from linter.engine.run import lint
from linter.records import replace
from linter.report import render_step_summary
from linter.sources.candidates import Candidates
from linter.sources.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest

    from linter.sources.candidates import Discovery
    from linter.sources.worktree import States

    Tree = Callable[[Mapping[str, str | bytes]], str]

SELECTOR = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""'
FILES: dict[str, str | bytes] = {
    "a/manifests/profile.yaml": profile("0-1", "2-7"),
    "a/manifests/infrastructure.yaml": infrastructure("None"),
    "a/openshift/one.yaml": machine_config(
        "50",
        files={CRIO + "98": workload("0-2"), CRIO + "99": workload("0-3"), PINNING: pinning("4")},
    ),
    "a/openshift/two.yaml": machine_config(
        "50", files={CRIO + "99": workload("5")}, kernel_arguments=["isolcpus=0-7", "isolcpus=1,x"]
    ),
    "a/openshift/three.yaml": kubelet_config("a", SELECTOR, 'reservedSystemCPUs: "0-3"')
    + "---\n"
    + kubelet_config("b", SELECTOR, 'reservedSystemCPUs: "0-"'),
    "b/openshift/profiles.yaml": profile("0-1,", "1-7", name="x") + "---\n" + profile(name="y"),
    "b/openshift/pools.yaml": pool("p", "nodeSelector: {}")
    + "---\n"
    + pool("q", "nodeSelector: {}"),
    "b/openshift/broken.yaml": "kind: MachineConfig\nspec: [\n",
}  # fmt: skip
PROGRAM = """
import sys
from linter.engine.loader import load_rules
from linter.engine.run import lint
from linter.report import FORMATS, render, render_step_summary
outcome = lint(sys.argv[1:], load_rules())
for name in FORMATS:
    sys.stdout.write(render(name, outcome))
sys.stdout.write(render_step_summary(outcome))
for found in outcome.findings:
    print(found.rule, found.cluster, found.pool, found.message, found.fingerprint, found.effect)
    for label in found.labels:
        print(" ", label.ref.order(), label.words)
print(outcome.clusters, outcome.summary, outcome.failures, outcome.notes)
"""


def all_of(directory: str) -> object:
    """Return everything that an outcome says, and how it is reported."""
    outcome = lint([directory], rules())
    labels = [
        [(label.ref.order(), label.words) for label in item.labels] for item in outcome.findings
    ]
    inside = str((outcome.clusters, outcome.summary, outcome.failures, outcome.notes))
    return told(outcome), render_step_summary(outcome), labels, inside


def test_the_order_in_which_files_are_found_changes_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tree(FILES)
    expected = all_of(directory)
    assert len(lint([directory], rules()).findings) > 10
    for seed in range(6):

        def shuffled(paths: Sequence[str], states: States, seed: int = seed) -> Discovery:
            found = discover(paths, states)
            candidates = list(found.candidates)
            random.Random(seed).shuffle(candidates)
            return replace(found, candidates=Candidates(candidates))

        monkeypatch.setattr(run_module, "discover", shuffled)
        assert all_of(directory) == expected


def test_the_order_of_the_rules_changes_nothing(tree: Tree) -> None:
    directory = tree(FILES)
    shuffled = list(rules())
    expected = [f.fingerprint for f in lint([directory], shuffled).findings]
    random.Random(1).shuffle(shuffled)
    assert [f.fingerprint for f in lint([directory], shuffled).findings] == expected


def test_the_seed_of_hashes_changes_nothing(tree: Tree) -> None:
    directory = tree(FILES)
    root = Path(__file__).parents[2]
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, directory],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "4711")
    }
    assert len(printed) == 1
    assert "WPL301" in printed.pop()


def test_fingerprints_survive_moving_and_reformatting(tree: Tree, tmp_path: Path) -> None:
    files = {f"lab/openshift/{n}.yaml": FILES[f"a/openshift/{n}.yaml"] for n in ("one", "three")}
    files["lab/manifests/p.yaml"] = profile("0-1", "2-7")
    first = lint([tree({f"x/{name}": text for name, text in files.items()})], rules())
    moved = {
        f"y/{name.replace('one', 'uno')}": "# moved\n\n" + str(text).replace("\n", "\r\n")
        for name, text in files.items()
    }
    for name, text in moved.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    second = lint([str(tmp_path / "y")], rules())
    assert first.findings
    assert {f.fingerprint for f in first.findings} == {f.fingerprint for f in second.findings}
