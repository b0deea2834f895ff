"""Dumps of running clusters: ``oc get -o yaml``, and what must-gather writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repositories import facts, outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]

SCOPED = "cluster-scoped-resources"
POOL = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata:
  name: edge
  labels: {machineconfiguration.openshift.io/role: edge}
spec:
  machineConfigSelector:
    matchExpressions:
    - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, edge]}
  nodeSelector: {matchLabels: {node-role.kubernetes.io/edge: ""}}
"""
RENDERED = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: rendered-edge-0123456789abcdef0123456789abcdef
  ownerReferences: [{kind: MachineConfigPool, name: edge}]
spec: {config: {ignition: {version: 3.2.0}}}
"""


def profile(name: str, reserved: str = "0-3") -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata: {{name: {name}, generation: 1}}\n"
        f"spec:\n  cpu: {{reserved: {reserved}, isolated: 4-31}}\n"
        '  nodeSelector: {node-role.kubernetes.io/edge: ""}\n'
    )


def node(name: str, role: str = "edge") -> str:
    return (
        f"apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n  annotations:\n"
        "    machineconfiguration.openshift.io/currentConfig: rendered-edge-1\n  labels:\n"
        '    node-role.kubernetes.io/worker: ""\n'
        f'    node-role.kubernetes.io/{role}: ""\n'
    )


def dump(top: str, name: str, reserved: str = "0-3") -> dict[str, str]:
    machine = f"{top}/{SCOPED}/machineconfiguration.openshift.io"
    return {
        f"{top}/{SCOPED}/performance.openshift.io/performanceprofiles/{name}.yaml": profile(
            name, reserved
        ),
        f"{machine}/machineconfigpools/edge.yaml": POOL,
        f"{machine}/machineconfigs/rendered.yaml": RENDERED,
        f"{top}/{SCOPED}/core/nodes/n1.yaml": node("n1"),
        f"{top}/namespaces/openshift-cluster-node-tuning-operator/tuned.yaml": (
            "apiVersion: tuned.openshift.io/v1\nkind: Tuned\n"
            "metadata: {name: default, namespace: openshift-cluster-node-tuning-operator}\n"
        ),
    }


def test_each_dump_is_one_cluster(tree: Tree) -> None:
    folder = tree({**dump("a/quay-1", "one"), **dump("b/quay-2", "two", "0-5")})
    read = facts(folder)
    assert sorted(read) == ["quay-1", "quay-2"]
    assert [(len(f.profiles), len(f.tuneds), len(f.nodes)) for f in read.values()] == [
        (1, 1, 1)
    ] * 2
    found = [item for item in outcome(folder).findings if item.severity.value == "error"]
    assert [(item.rule, item.cluster) for item in found] == [("WPL202", "quay-2")]


def test_a_dump_of_a_single_cluster_may_be_given_by_itself(tree: Tree) -> None:
    read = facts(tree(dump(".", "one")))
    assert [len(f.profiles) for f in read.values()] == [1]


def test_nodes_of_a_dump_reach_their_pools(tree: Tree) -> None:
    """All workers are in the custom pool, so that nothing is amiss with the empty worker pool."""
    items = "".join(
        "- " + text.replace("\n", "\n  ").rstrip() + "\n"
        for text in (profile("one"), POOL, node("n1"), node("n2"))
    )
    text = f"apiVersion: v1\nkind: List\nitems:\n{items}"
    (read,) = facts(tree({"all.yaml": text})).values()
    assert len(read.nodes) == 2
    pools = {pool.name: pool for cluster in outcome(tree({})).clusters for pool in cluster.pools}
    assert pools["edge"].profile == "one"


@pytest.mark.parametrize("labels", ["", "  labels: {{hub x hub}}\n", "  labels: []\n"])
def test_odd_nodes_are_passed_over(tree: Tree, labels: str) -> None:
    text = node("n1").partition("  labels:")[0] + labels
    assert all(not f.nodes for f in facts(tree({"n.yaml": text, "p.yaml": POOL})).values())
