from __future__ import annotations

from typing import Any

from rendering_inputs import (
    OF_A_PROFILE,
    ROLE,
    bootstrap,
    failure,
    infrastructure,
    profile,
    rendered,
    role_pool,
)

from linter.model.releases import NEWEST_MINOR
from linter.render import Manifest, OwnerReference

NEWEST = NEWEST_MINOR
WEAK_OWNER = "performance.openshift.io/weak-owner-reference-name"


def owned(files: dict[str, Manifest]) -> list[dict[str, Any]]:
    return [files[f"edge_{suffix}.yaml"].object["metadata"] for suffix in OF_A_PROFILE]


def test_label_of_the_owner_by_release() -> None:
    objects = [infrastructure(), role_pool("master"), profile()]
    for minor, expected in ((13, None), (14, "edge")):
        files = rendered(minor, *objects)
        assert [m.get("labels", {}).get(WEAK_OWNER) for m in owned(files)] == [expected] * 4
        assert all("ownerReferences" not in metadata for metadata in owned(files))
        assert WEAK_OWNER not in files[bootstrap("master")].object["metadata"]["labels"]


def test_owner_references() -> None:
    reference = {
        "apiVersion": "performance.openshift.io/v2",
        "kind": "PerformanceProfile",
        "name": "edge",
        "uid": "7c9e-11",
    }
    files = rendered(NEWEST, profile(uid="7c9e-11"), owner=OwnerReference.K8S)
    assert [metadata["ownerReferences"] for metadata in owned(files)] == [[reference]] * 4
    assert all(WEAK_OWNER not in metadata.get("labels", {}) for metadata in owned(files))
    # Before 4.14 the reference is what the operator writes by default.
    older = rendered(13, role_pool("master"), profile(uid="7c9e-11"))
    assert [metadata["ownerReferences"] for metadata in owned(older)] == [[reference]] * 4


def test_owner_reference_needs_a_uid() -> None:
    problem = failure(NEWEST, profile(), owner=OwnerReference.K8S)
    assert problem.path == ("metadata", "uid")


def test_no_owner() -> None:
    files = rendered(NEWEST, profile(uid="7c9e-11"), owner=OwnerReference.NONE)
    assert owned(files) == [
        {"name": "50-performance-edge", "labels": {ROLE: "master"}},
        {"name": "performance-edge"},
        {
            "name": "openshift-node-performance-edge",
            "namespace": "openshift-cluster-node-tuning-operator",
        },
        {"name": "performance-edge"},
    ]


def test_given_labels_are_shared_between_machine_config_and_recommendation() -> None:
    given = profile(machineConfigLabel={ROLE: "special"})
    files = rendered(NEWEST, given)
    labels = {ROLE: "special", WEAK_OWNER: "edge"}
    assert files["edge_machineconfig.yaml"].object["metadata"]["labels"] == labels
    recommend = files["edge_tuned.yaml"].object["spec"]["recommend"]
    assert recommend[0]["machineConfigLabels"] == labels
    assert given["spec"]["machineConfigLabel"] == {ROLE: "special"}
    files = rendered(NEWEST, profile())
    recommend = files["edge_tuned.yaml"].object["spec"]["recommend"]
    assert recommend[0]["machineConfigLabels"] == {ROLE: "master"}


def test_names_too_long_for_the_label() -> None:
    name = "n" * 64
    problem = failure(NEWEST, profile(name))
    assert problem.path == ("metadata", "name")
    assert f"{name}_tuned.yaml" in rendered(NEWEST, profile(name), owner=OwnerReference.NONE)
