"""One slip in a cluster in which everything agrees gives one finding."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import rules

from linter.engine.findings import Severity
from linter.engine.loader import select_rules
from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]

SOUTH = Path(__file__).parents[2] / "examples" / "south"
PROFILE = "openshift/performance-profile-worker.yaml"
CONFIG = "openshift/50-performance-worker.yaml"
POOL = "openshift/pool.yaml"
INSTALL = "install-config.yaml"
POOL_TEXT = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata:
  name: worker
  labels:
    pools.operator.machineconfiguration.openshift.io/worker: ""
spec:
  machineConfigSelector:
    matchLabels:
      machineconfiguration.openshift.io/role: worker
  nodeSelector:
    matchLabels:
      node-role.kubernetes.io/worker: ""
"""


def files() -> dict[str, str]:
    found = {
        path.relative_to(SOUTH).as_posix(): path.read_text(encoding="utf-8")
        for path in SOUTH.rglob("*.yaml")
    }
    return found | {POOL: POOL_TEXT}


def said(tree: Tree, changed: Mapping[str, str]) -> list[str]:
    outcome = lint([tree(changed)], rules(), Release(16))
    assert outcome.failures == ()
    worth_it = [item for item in outcome.findings if item.severity is not Severity.INFO]
    return [f"{item.severity.value} {item.rule}" for item in worth_it]


def test_everything_agrees(tree: Tree) -> None:
    assert said(tree, files()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (PROFILE, "spec:", "specs:", "error WPL002"),
        (PROFILE, "  cpu:\n", "  cpus:\n", "error WPL002"),
        (PROFILE, "reserved:", "reservd:", "error WPL002"),
        (PROFILE, "isolated:", "isolate:", "error WPL002"),
        (PROFILE, "nodeSelector:", "nodeSelectr:", "error WPL002"),
        (PROFILE, 'nodeSelector:\n    node-role.kubernetes.io/worker: ""', "nodeSelector: {}",
         "error WPL205"),
        (PROFILE, "node-role.kubernetes.io/worker", "hardware", "error WPL205"),
        (PROFILE, 'node-role.kubernetes.io/worker: ""', "- worker", "error WPL002"),
        (PROFILE, 'worker: ""', "worker: true", "error WPL002"),
        (CONFIG, "  labels:\n", "  lables:\n", "error WPL002"),
        (CONFIG, "- path:", "- paht:", "error WPL002"),
        (CONFIG, "contents:\n            source:", "contents:", "error WPL002"),
        (POOL, "matchLabels:\n      machine", "matchLables:\n      machine", "error WPL002"),
        (POOL, "    matchLabels:\n      node-role.kubernetes.io/worker", "    node-role",
         "error WPL002"),
        (POOL, 'matchLabels:\n      node-role.kubernetes.io/worker: ""', "matchLabels: []",
         "error WPL002"),
        (POOL, "role: worker", "role: wrker", "error WPL506"),
        (POOL, '    matchLabels:\n      node-role.kubernetes.io/worker: ""', "    {}",
         "error WPL503"),
        (INSTALL, "cpuPartitioningMode:", "cpuPartitionMode:", "error WPL002"),
        (INSTALL, "cpuPartitioningMode: AllNodes", "cpuPartitioningMode: allnodes", "error WPL403"),
    ],
)  # fmt: skip
def test_one_slip_is_one_finding(tree: Tree, name: str, old: str, new: str, expected: str) -> None:
    changed = files()
    assert old in changed[name], "the slip changes nothing"
    changed[name] = changed[name].replace(old, new, 1)
    assert said(tree, changed) == [expected]


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        (PROFILE, "reserved:", "reservd:", "WPL201"),
        (PROFILE, "nodeSelector:", "nodeSelectr:", "WPL205"),
        (CONFIG, "  labels:\n", "  lables:\n", "WPL604"),
        (INSTALL, "cpuPartitioningMode:", "cpuPartitionMode:", "WPL401"),
    ],
)
def test_what_a_slip_does_is_not_lost_where_the_slip_itself_is_not_looked_for(
    tree: Tree, name: str, old: str, new: str, code: str
) -> None:
    """Without the rule on schemas the finding about the absence points at the misspelt name."""
    changed = files()
    changed[name] = changed[name].replace(old, new, 1)
    outcome = lint([tree(changed)], select_rules(rules(), ignore=["WPL002"]), Release(16))
    (item,) = [item for item in outcome.findings if item.rule == code]
    assert "misspelt here" in {label.words for label in item.labels}
