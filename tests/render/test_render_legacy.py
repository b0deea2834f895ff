from __future__ import annotations

import json

import pytest
from rendering_inputs import (
    CRIO_LEGACY,
    CRIO_PINNING,
    KUBELET_PINNING,
    RESERVED,
    ROLE,
    failure,
    infrastructure,
    legacy_machine_config,
    management,
    payloads,
    profile,
    rendered,
    role_pool,
)

LEGACY = "02-master-workload-partitioning.yaml"


@pytest.mark.parametrize("minor", [8, 10, 12])
def test_legacy_machine_config(minor: int) -> None:
    files = rendered(minor, profile(), partitioning=True)
    config = files[LEGACY].object
    assert config["metadata"] == {
        "name": "02-master-workload-partitioning",
        "labels": {ROLE: "master"},
    }
    entries = config["spec"]["config"]["storage"]["files"]
    for entry in entries:
        assert (entry["mode"], entry["overwrite"], entry["user"]) == (420, True, {"name": "root"})
    texts = payloads(config)
    assert list(texts) == [CRIO_LEGACY, KUBELET_PINNING]
    assert management(texts[CRIO_LEGACY]) == {
        "activation_annotation": "target.workload.openshift.io/management",
        "annotation_prefix": "resources.workload.openshift.io",
        "resources": {"cpushares": 0, "cpuset": RESERVED},
    }
    assert json.loads(texts[KUBELET_PINNING]) == {"management": {"cpuset": RESERVED}}
    assert not texts[CRIO_LEGACY].startswith("\n")
    assert CRIO_PINNING not in payloads(files["edge_machineconfig.yaml"].object)
    assert "cluster-infrastructure-02-config.yaml" not in files


def test_legacy_form_ends_with_4_12() -> None:
    assert LEGACY in rendered(12, profile(), partitioning=True)
    assert LEGACY not in rendered(13, role_pool("master"), profile(), partitioning=True)


def test_a_legacy_machine_config_among_the_inputs_asks_for_its_form() -> None:
    assert LEGACY in rendered(12, legacy_machine_config(), profile())
    one_node = infrastructure("None", "SingleReplica")
    assert LEGACY in rendered(12, one_node, legacy_machine_config(), profile())
    many = infrastructure("None", "HighlyAvailable")
    assert LEGACY not in rendered(12, many, legacy_machine_config(), profile())
    # The field does not exist yet.
    assert LEGACY not in rendered(12, infrastructure("AllNodes", "SingleReplica"), profile())


def test_legacy_partitioning_is_for_single_nodes() -> None:
    problem = failure(12, infrastructure("None"), profile(), partitioning=True)
    assert (problem.kind, problem.name) == ("Infrastructure", "cluster")
    assert problem.path == ("status", "controlPlaneTopology")


def test_legacy_partitioning_has_one_list_per_role() -> None:
    problem = failure(12, profile("a"), profile("b"), partitioning=True)
    assert (problem.name, problem.path) == ("b", ("spec", "nodeSelector"))
    both = rendered(12, profile("a"), profile("b", role="worker"), partitioning=True)
    assert LEGACY in both
    assert "02-worker-workload-partitioning.yaml" in both


def test_a_role_that_cannot_be_part_of_a_name() -> None:
    problem = failure(12, profile(role="Master_1"), partitioning=True)
    assert problem.path == ("spec", "nodeSelector")


@pytest.mark.parametrize(("minor", "needed"), [(8, True), (10, True), (11, False)])
def test_addon_operator(minor: int, needed: bool) -> None:
    files = rendered(minor, profile())
    names = [f"performance-addon-operator_{k}.yaml" for k in ("namespace", "operatorgroup")]
    assert all((name in files) is needed for name in names)
    if not needed:
        return
    assert list(files)[:3] == [*names, "performance-addon-operator_subscription.yaml"]
    namespace, group, subscription = (manifest.object for manifest in list(files.values())[:3])
    assert namespace["metadata"]["name"] == "openshift-performance-addon-operator"
    assert namespace["metadata"]["annotations"] == {"workload.openshift.io/allowed": "management"}
    assert group["spec"] == {}
    assert subscription["spec"] == {
        "channel": f"4.{minor}",
        "name": "performance-addon-operator",
        "source": "redhat-operators",
        "sourceNamespace": "openshift-marketplace",
    }
    for installed in (group, subscription):
        assert installed["metadata"]["namespace"] == namespace["metadata"]["name"]
