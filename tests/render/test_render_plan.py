from __future__ import annotations

from typing import Any

import pytest
from rendering_inputs import (
    CRIO_DEFAULT,
    CRIO_LEGACY,
    CRIO_PINNING,
    KUBELET_PINNING,
    NODE_ROLE,
    OF_A_PROFILE,
    ROLE,
    bootstrap,
    failure,
    infrastructure,
    legacy_machine_config,
    management,
    payloads,
    pinned,
    profile,
    rendered,
    role_pool,
)

from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release
from linter.render import (
    OwnerReference,
    RenderError,
    RenderInputs,
    is_rendered,
    render,
)

NEWEST = NEWEST_MINOR


# --- files and order ------------------------------------------------------------------------------


def test_nothing_implies_nothing() -> None:
    for minor in range(OLDEST_MINOR, NEWEST + 1):
        assert rendered(minor) == {}


def test_file_names_and_order_do_not_depend_on_the_input_order() -> None:
    objects = [
        infrastructure(),
        role_pool("zinc"),
        role_pool("argon"),
        profile("two", role="worker"),
        profile("one"),
    ]
    expected = [
        *map(bootstrap, ["argon", "master", "worker", "zinc"]),
        *(f"{name}_{suffix}.yaml" for name in ("one", "two") for suffix in OF_A_PROFILE),
    ]
    assert list(rendered(NEWEST, *objects)) == expected
    assert list(rendered(NEWEST, *reversed(objects))) == expected


def test_unrelated_and_foreign_objects_are_passed_over() -> None:
    foreign = {**profile(), "apiVersion": "example.com/v2"}
    others: list[Any] = ["text", None, 7, [], {}, {"kind": ["PerformanceProfile"]}, foreign]
    assert rendered(NEWEST, *others) == {}


def test_only_the_infrastructure_named_cluster_counts() -> None:
    other = infrastructure()
    other["metadata"]["name"] = "other"
    assert rendered(NEWEST, other) == {}
    last = RenderInputs.from_objects([infrastructure("None"), infrastructure("AllNodes")])
    assert last.infrastructure == infrastructure("AllNodes")


# --- workload partitioning ------------------------------------------------------------------------


def test_partitioned_without_any_profile() -> None:
    files = rendered(NEWEST, infrastructure())
    assert list(files) == [bootstrap("master"), bootstrap("worker")]
    config = files[bootstrap("worker")].object
    assert config["metadata"] == {
        "name": "01-worker-cpu-partitioning",
        "labels": {ROLE: "worker"},
    }
    texts = payloads(config)
    assert list(texts) == [KUBELET_PINNING, CRIO_DEFAULT]
    assert pinned(texts[KUBELET_PINNING]) == ""
    assert management(texts[CRIO_DEFAULT])["resources"] == {"cpushares": 0, "cpuset": ""}


@pytest.mark.parametrize("value", ["None", "allnodes", ""])
def test_anything_but_all_nodes_is_not_partitioned(value: str) -> None:
    files = rendered(NEWEST, infrastructure(value), profile())
    assert list(files) == [f"edge_{suffix}.yaml" for suffix in OF_A_PROFILE]
    assert CRIO_PINNING not in payloads(files["edge_machineconfig.yaml"].object)


def test_bootstrap_pinning_by_release() -> None:
    before = payloads(rendered(13, infrastructure())[bootstrap("master")].object)
    after = payloads(rendered(14, infrastructure())[bootstrap("master")].object)
    assert list(before) == [KUBELET_PINNING]
    assert before[KUBELET_PINNING] == after[KUBELET_PINNING].removeprefix("\n")
    assert after[KUBELET_PINNING].startswith("\n{")
    assert list(after) == [KUBELET_PINNING, CRIO_DEFAULT]


def test_payload_bytes_of_the_pinning_files() -> None:
    files = rendered(NEWEST, infrastructure(), profile(cpu={"reserved": "0-3"}))
    config = files["edge_machineconfig.yaml"].object
    sources = [e["contents"]["source"] for e in config["spec"]["config"]["storage"]["files"]]
    assert sources[-1].endswith(",CnsKICAibWFuYWdlbWVudCI6IHsKICAgICJjcHVzZXQiOiAiMC0zIgogIH0KfQo=")
    empty = files[bootstrap("master")].object["spec"]["config"]["storage"]["files"][1]
    assert empty["contents"]["source"] == (
        "data:text/plain;charset=utf-8;base64,"
        "CltjcmlvLnJ1bnRpbWUud29ya2xvYWRzLm1hbmFnZW1lbnRdCmFjdGl2YXRpb25fYW5ub3RhdGlvbiA9ICJ0YXJn"
        "ZXQud29ya2xvYWQub3BlbnNoaWZ0LmlvL21hbmFnZW1lbnQiCmFubm90YXRpb25fcHJlZml4ID0gInJlc291cmNl"
        "cy53b3JrbG9hZC5vcGVuc2hpZnQuaW8iCnJlc291cmNlcyA9IHsgImNwdXNoYXJlcyIgPSAwLCAiY3B1c2V0IiA9"
        "ICIiIH0K"
    )
    assert empty["mode"] == 420


@pytest.mark.parametrize(("minor", "detected"), [(13, False), (14, True), (NEWEST, True)])
def test_legacy_single_node_counts_as_partitioned(minor: int, detected: bool) -> None:
    objects = [
        infrastructure("None", "SingleReplica"),
        legacy_machine_config(),
        role_pool("master"),
        profile(),
    ]
    files = rendered(minor, *objects)
    assert (bootstrap("master") in files) is detected
    texts = payloads(files["edge_machineconfig.yaml"].object)
    assert (CRIO_PINNING in texts) is detected
    if detected:
        assert not any(name.startswith("01") for name in rendered(minor, *objects, in_cluster=True))


@pytest.mark.parametrize(
    ("cluster", "path"),
    [
        (infrastructure("None", "HighlyAvailable"), KUBELET_PINNING),
        (infrastructure("None", "SingleReplica"), CRIO_LEGACY),
        (infrastructure("None", "SingleReplica"), "/etc/kubernetes/other"),
        ({}, KUBELET_PINNING),
    ],
)
def test_legacy_detection_needs_one_node_and_the_kubelet_file(
    cluster: dict[str, Any], path: str
) -> None:
    assert rendered(NEWEST, cluster, legacy_machine_config(path)) == {}


@pytest.mark.parametrize("spec", [None, [], {"config": "x"}, {"config": {"storage": {"files": 3}}}])
def test_unreadable_machine_configs_are_no_legacy_signal(spec: Any) -> None:
    broken = {**legacy_machine_config(), "spec": spec}
    assert rendered(NEWEST, infrastructure("None", "SingleReplica"), broken) == {}


def test_partitioning_can_be_asked_for_and_refused() -> None:
    files = rendered(NEWEST, profile(), partitioning=True)
    enablement = files["cluster-infrastructure-02-config.yaml"].object
    assert next(iter(files)) == "cluster-infrastructure-02-config.yaml"
    assert enablement == {
        "apiVersion": "config.openshift.io/v1",
        "kind": "Infrastructure",
        "metadata": {"name": "cluster"},
        "spec": {},
        "status": {"cpuPartitioning": "AllNodes"},
    }
    assert bootstrap("master") in files
    assert CRIO_PINNING in payloads(files["edge_machineconfig.yaml"].object)
    refused = rendered(NEWEST, infrastructure(), profile(), partitioning=False)
    assert list(refused) == [f"edge_{suffix}.yaml" for suffix in OF_A_PROFILE]


def test_enablement_keeps_the_rest_of_the_object_and_is_not_repeated() -> None:
    given = infrastructure("None", "SingleReplica")
    given["spec"] = {"platformSpec": {"type": "None"}}
    files = rendered(NEWEST, given, partitioning=True)
    enablement = files["cluster-infrastructure-02-config.yaml"].object
    assert enablement["spec"] == given["spec"]
    assert enablement["status"] == {
        "cpuPartitioning": "AllNodes",
        "controlPlaneTopology": "SingleReplica",
    }
    assert given["status"]["cpuPartitioning"] == "None"
    already = rendered(NEWEST, infrastructure(), partitioning=True)
    assert "cluster-infrastructure-02-config.yaml" not in already


# --- profiles -------------------------------------------------------------------------------------


@pytest.mark.parametrize("api", ["v1", "v1alpha1"])
def test_old_api_versions_are_passed_over_from_4_13_on(api: str) -> None:
    old = profile(api=api)
    assert not is_rendered(old, Release(13))
    assert rendered(13, role_pool("master"), old) == {}
    assert is_rendered(old, Release(12))
    assert "edge_tuned.yaml" in rendered(12, old)


def test_two_profiles_of_one_name() -> None:
    problem = failure(NEWEST, profile(), profile(role="worker"))
    assert (problem.kind, problem.name, problem.path) == (
        "PerformanceProfile",
        "edge",
        ("metadata", "name"),
    )


def test_runtime_class() -> None:
    files = rendered(NEWEST, profile(role="worker"), owner=OwnerReference.NONE)
    assert files["edge_runtimeclass.yaml"].object == {
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": {"name": "performance-edge"},
        "handler": "high-performance",
        "scheduling": {"nodeSelector": {f"{NODE_ROLE}worker": ""}},
    }


def test_releases_without_partitioning_are_refused() -> None:
    with pytest.raises(RenderError, match=r"4\.7") as raised:
        render(RenderInputs(), Release(OLDEST_MINOR - 1))
    assert (raised.value.kind, raised.value.name, raised.value.path) == ("", "", ())


def test_releases_newer_than_known_render_like_the_newest() -> None:
    objects = [infrastructure(), profile()]
    assert rendered(NEWEST + 1, *objects) == rendered(NEWEST, *objects)


# --- in a running cluster -------------------------------------------------------------------------


def test_the_running_operator_writes_no_bootstrap_objects() -> None:
    files = rendered(NEWEST, infrastructure(), profile(), in_cluster=True)
    assert list(files) == [f"edge_{suffix}.yaml" for suffix in OF_A_PROFILE]
    assert CRIO_PINNING in payloads(files["edge_machineconfig.yaml"].object)


@pytest.mark.parametrize(("minor", "forced"), [(13, False), (14, True), (15, True), (16, False)])
def test_control_groups_of_version_1(minor: int, forced: bool) -> None:
    objects = [role_pool("master"), profile()]
    node = rendered(minor, *objects, owner=OwnerReference.NONE).get("edge_node.yaml")
    assert (node is not None) is forced
    if node:
        assert node.object == {
            "apiVersion": "config.openshift.io/v1",
            "kind": "Node",
            "metadata": {"name": "cluster"},
            "spec": {"cgroupMode": "v1"},
        }
    kept = profile(annotations={"performance.openshift.io/ignore-cgroups-version": "true"})
    assert ("edge_node.yaml" in rendered(minor, role_pool("master"), kept)) is forced
    assert "edge_node.yaml" not in rendered(minor, role_pool("master"), kept, in_cluster=True)
    assert ("edge_node.yaml" in rendered(minor, *objects, in_cluster=True)) is forced
