"""Manifests inside of other documents: NodePools' ConfigMaps, other ConfigMaps, lists of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repositories import facts, outcome, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]


def profile(reserved: str = "0-3", name: str = "edge") -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata:\n  name: {name}\nspec:\n  cpu:\n    reserved: {reserved}\n"
        '    isolated: 4-31\n  nodeSelector:\n    node-role.kubernetes.io/worker: ""\n'
    )


def config_map(name: str, key: str, text: str, namespace: str = "clusters") -> str:
    body = "".join(f"    {line}\n" for line in text.splitlines())
    head = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"{head}data:\n  {key}: |\n{body}"


def node_pool(name: str, *tuning: str, namespace: str = "clusters") -> str:
    listed = ", ".join(f"{{name: {one}}}" for one in tuning)
    return (
        "apiVersion: hypershift.openshift.io/v1beta1\nkind: NodePool\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{clusterName: hosted, tuningConfig: [{listed}]}}\n"
    )


def test_each_node_pool_has_its_own_profile(tree: Tree) -> None:
    """Profiles of several pools say the same nodes in their selectors, and do not compete."""
    folder = tree({
        "pools.yaml": f"{node_pool('a', 'one')}---\n{node_pool('b', 'two')}",
        "one.yaml": config_map("one", "tuning", profile("0-3")),
        "two.yaml": config_map("two", "tuning", profile("0-5")),
    })  # fmt: skip
    read = facts(folder)
    assert {name: [p.reserved and p.reserved.text for p in f.profiles] for name, f in read.items()
            if f.profiles} == {"a": ["0-3"], "b": ["0-5"]}  # fmt: skip
    (item,) = outcome(folder).findings
    assert (item.rule, item.cluster) == ("WPL202", "b")
    assert item.primary.ref.file.name.endswith("two.yaml")


@pytest.mark.parametrize("namespace", ["clusters", "elsewhere"])
def test_a_config_map_is_read_in_the_namespace_of_its_pool(tree: Tree, namespace: str) -> None:
    folder = tree({
        "pool.yaml": node_pool("a", "one", namespace=namespace),
        "one.yaml": config_map("one", "tuning", profile("0-5")),
    })  # fmt: skip
    (item,) = said(folder, "WPL202")
    assert item.cluster == ("a" if namespace == "clusters" else "one")


def test_a_config_map_of_manifests_belongs_to_the_cluster_that_it_lies_beside(tree: Tree) -> None:
    folder = tree({"m.yaml": config_map("extra", "98.yaml", profile("0-5"))})
    (item,) = said(folder, "WPL202")
    assert item.primary.ref.file.position(item.primary.ref.in_file().start)[0] in {12, 13}


def test_a_list_of_files(tree: Tree) -> None:
    body = "".join(f"    {line}\n" for line in profile("0-5").splitlines())
    folder = tree({"extra.yaml": f"- 98-edge.yaml: |\n{body}- other: x\n- text\n"})
    (item,) = said(folder, "WPL202")
    assert item.primary.ref.file.name.endswith("extra.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "- 98.yaml: 1\n- 99.yaml: [a]\n# PerformanceProfile\n",
        "- 98.yaml: |\n    kind: PerformanceProfile\n    apiVersion: [\n",
        "- - - 98.yaml: PerformanceProfile\n",
        "- &a {98.yaml: PerformanceProfile, b: *a}\n",
        config_map("x", "tuning", "kind: PerformanceProfile: apiVersion"),
        node_pool("a", "{{hub x hub}}", "b").replace("tuningConfig: [", "tuningConfig: ["),
        node_pool("a").replace("[]", "text"),
        "apiVersion: v1\nkind: ConfigMap\ndata: {tuning: [PerformanceProfile]}\n",
    ],
)
def test_odd_texts_are_passed_over(tree: Tree, text: str) -> None:
    assert outcome(tree({"a.yaml": text})).failures == ()
