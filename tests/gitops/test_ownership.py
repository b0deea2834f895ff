"""Objects that two policies put on one cluster: where what they say of them differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from gitops.test_repositories import POOL, config
from repositories import instance, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]

KUBELET = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata: {name: edge}
spec:
  kubeletConfig: {cpuManagerPolicy: static, reservedSystemCPUs: "0-3", evictionHard: {a: 1%}}
"""
TUNED = """\
apiVersion: tuned.openshift.io/v1
kind: Tuned
metadata: {name: patch, namespace: openshift-cluster-node-tuning-operator}
spec:
  profile:
  - name: patch
    data: |
      [main]
      include=openshift-node-performance-x
      [sysctl]
      kernel.sched_rt_runtime_us=-1
"""
MACHINE = config("0-3")


def policy(name: str, manifest: str, binding: str = 'edge: ""', entry: str = "") -> str:
    """Return a PolicyGenTemplate with the object of a source CR."""
    return (
        "apiVersion: ran.openshift.io/v1\nkind: PolicyGenTemplate\n"
        f"metadata: {{name: {name}, namespace: ztp}}\nspec:\n  bindingRules: {{{binding}}}\n"
        f"  sourceFiles:\n  - {{fileName: {kind(manifest)}-{name}.yaml, policyName: config"
        f"{entry}}}\n"
    )


def kind(manifest: str) -> str:
    """Return the kind of a manifest, by which its source CR is named."""
    return manifest.split("kind: ")[1].split(maxsplit=1)[0]


def repository(one: str, two: str) -> dict[str, str]:
    """Return a cluster and two policies with an object each."""
    return {
        "c.yaml": instance("north"),
        "policies/a.yaml": policy("a", one),
        "policies/b.yaml": policy("b", two),
        f"policies/source-crs/{kind(one)}-a.yaml": one,
        f"policies/source-crs/{kind(two)}-b.yaml": two,
    }


@pytest.mark.parametrize(
    ("one", "two", "detail"),
    [
        (MACHINE, config("0-5"), "the contents of /etc/crio/crio.conf.d/01-workload-partitioning"),
        (MACHINE, MACHINE, None),
        (MACHINE, config("0-5").replace("02-master", "03-master"), None),
        (MACHINE, config("0-5").replace("01-workload", "02-workload"), None),
        (MACHINE + "  kernelType: default\n", MACHINE + "  kernelType: realtime\n", "kernelType"),
        (MACHINE, MACHINE + "  kernelType: realtime\n", None),
        (KUBELET, KUBELET.replace("static", "none"), "cpuManagerPolicy"),
        (KUBELET, KUBELET.replace("1%", "2%"), "evictionHard.a"),
        (KUBELET, KUBELET.replace("0-3", "0-5"), "reservedSystemCPUs"),
        (KUBELET, KUBELET.replace("0-3", "0,1-3"), None),
        (KUBELET, KUBELET.replace("static", '"static"'), None),
        (KUBELET, KUBELET.replace("static", "'{{ later }}'"), None),
        (KUBELET, KUBELET.replace("0-3", "$reserved"), None),
        (KUBELET, KUBELET.replace("evictionHard", "evictionSoft"), None),
        (TUNED, TUNED.replace("=-1", "=950000"), "[sysctl] kernel.sched_rt_runtime_us in profile"),
        (TUNED, TUNED + "      a.b=1\n", "[sysctl] a.b in profile patch"),
        (TUNED, TUNED + "      # a remark\n", None),
        (TUNED, TUNED.replace("- name: patch", "- name: other"), None),
        (TUNED, TUNED.replace("=-1", "=1").replace("openshift-cluster", "other"), None),
        (POOL, POOL.replace("worker, edge", "worker, far"), "machineConfigSelector"),
        (POOL, POOL.replace("worker, edge", "worker"), None),
        (POOL, POOL + "  paused: true\n", None),
    ],
)
def test_what_two_policies_say_otherwise(
    tree: Tree, one: str, two: str, detail: str | None
) -> None:
    found = said(tree(repository(one, two)), "WPL809")
    if detail is None:
        assert found == []
        return
    (item,) = found
    assert f"disagree about {detail}" in item.message
    assert [label.ref.in_file().file.name[-6:] for label in item.labels] == ["b.yaml", "a.yaml"]
    assert "policy a-config" in item.labels[1].words


OTHER = KUBELET.replace("static", "none")


@pytest.mark.parametrize(
    "changes",
    [
        {"c.yaml": instance("north", "other: ''")},
        {"policies/b.yaml": policy("b", OTHER, 'edge: "", zone: ""')},
        {"policies/b.yaml": policy("b", OTHER, entry=", complianceType: mustnothave")},
        {"policies/kustomization.yaml": "generators: [a.yaml]\n"},
        {"kustomization.yaml": "resources: []\n", "policies/kustomization.yaml": "resources: []\n"},
        {
            "policies/b.yaml": "",
            "ways/b.yaml": policy("b", OTHER),
            "ways/source-crs/KubeletConfig-b.yaml": OTHER,
        },
    ],
)
def test_what_is_no_conflict(tree: Tree, changes: dict[str, str]) -> None:
    """Clusters of one of them, ``mustnothave``, what nothing lists, and alternatives."""
    assert said(tree({**repository(KUBELET, OTHER), **changes}), "WPL809") == []


def test_samples_do_not_count(tree: Tree) -> None:
    files = repository(KUBELET, OTHER)
    folder = tree({f"example/{name}": text for name, text in files.items()})
    assert said(folder, "WPL809") == []
    assert len(said(f"{folder}/example", "WPL809")) == 1


def test_many_clusters_are_one_finding(tree: Tree) -> None:
    more = {f"c{number}.yaml": instance(f"c{number}") for number in range(5)}
    (item,) = said(tree({**repository(KUBELET, OTHER), **more}), "WPL809")
    assert "6 clusters" in item.effect
