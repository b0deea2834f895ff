from __future__ import annotations

import json
from typing import Any

import pytest
from rendering_inputs import (
    RESERVED,
    infrastructure,
    kubelet,
    of_profile,
    profile,
    rendered,
)

from linter.model.releases import NEWEST_MINOR
from linter.render import RenderError, quantity
from linter.render.kubelet_config import SNIPPET

NEWEST = NEWEST_MINOR
DRA = "performance.openshift.io/dra-resource-management"


def with_snippet(text: str, **spec: Any) -> dict[str, Any]:
    return profile(annotations={SNIPPET: text}, **spec)


# --- the object -----------------------------------------------------------------------------------


def test_defaults() -> None:
    config = of_profile(NEWEST, profile(), "kubeletconfig")
    assert config["apiVersion"] == "machineconfiguration.openshift.io/v1"
    assert config["metadata"]["name"] == "performance-edge"
    assert config["spec"]["kubeletConfig"] == {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cpuManagerPolicy": "static",
        "cpuManagerReconcilePeriod": "5s",
        "evictionHard": {
            "imagefs.available": "15%",
            "memory.available": "100Mi",
            "nodefs.available": "10%",
            "nodefs.inodesFree": "5%",
        },
        "kubeReserved": {"memory": "500Mi"},
        "reservedSystemCPUs": RESERVED,
        "systemReserved": {"memory": "500Mi"},
        "topologyManagerPolicy": "best-effort",
    }


@pytest.mark.parametrize(("minor", "thresholds"), [(11, 1), (12, 4)])
def test_eviction_defaults_by_release(minor: int, thresholds: int) -> None:
    assert len(kubelet(minor, profile())["evictionHard"]) == thresholds


# --- reservedSystemCPUs ---------------------------------------------------------------------------


@pytest.mark.parametrize(("minor", "expected"), [(22, "3,2,1,0"), (23, "0-3")])
def test_reserved_list_is_normalised(minor: int, expected: str) -> None:
    assert kubelet(minor, profile(cpu={"reserved": "3,2,1,0"}))["reservedSystemCPUs"] == expected


@pytest.mark.parametrize(("minor", "expected"), [(22, RESERVED), (23, "0-3,8-9,48-51")])
def test_dpdk_cpus_are_reserved(minor: int, expected: str) -> None:
    assert kubelet(minor, profile(cpu={"ovsDpdk": "8-9"}))["reservedSystemCPUs"] == expected


@pytest.mark.parametrize(
    ("minor", "in_cluster", "expected"),
    [
        (14, True, "51,0-3"),
        (15, True, "0-3,8-9,51"),
        (22, True, "0-3,8-9,51"),
        (22, False, "51,0-3"),
        (23, True, "0-3,8-9,51"),
        (23, False, "0-3,51"),
    ],
)
def test_shared_cpus_are_reserved_in_running_clusters(
    minor: int, in_cluster: bool, expected: str
) -> None:
    given = profile(cpu={"reserved": "51,0-3", "shared": "8-9"}, workloadHints={"mixedCpus": True})
    assert kubelet(minor, given, in_cluster=in_cluster)["reservedSystemCPUs"] == expected


# --- NUMA -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["none", "best-effort", "restricted", "single-numa-node"])
def test_topology_policy(policy: str) -> None:
    settings = kubelet(NEWEST, profile(numa={"topologyPolicy": policy}))
    strict = policy in ("restricted", "single-numa-node")
    assert settings["topologyManagerPolicy"] == policy
    assert settings.get("memoryManagerPolicy") == ("Static" if strict else None)
    memory = [{"numaNode": 0, "limits": {"memory": "1100Mi"}}]
    assert settings.get("reservedMemory") == (memory if strict else None)
    options = {"full-pcpus-only": "true"} if policy == "single-numa-node" else None
    assert settings.get("cpuManagerPolicyOptions") == options


@pytest.mark.parametrize(
    ("minor", "static", "whole_cores"), [(8, False, False), (9, True, False), (10, True, True)]
)
def test_numa_settings_by_release(minor: int, static: bool, whole_cores: bool) -> None:
    settings = kubelet(minor, profile(numa={"topologyPolicy": "single-numa-node"}))
    assert settings["topologyManagerPolicy"] == "single-numa-node"
    assert ("memoryManagerPolicy" in settings) is static
    assert ("reservedMemory" in settings) is static
    assert ("cpuManagerPolicyOptions" in settings) is whole_cores


# --- the snippet annotation -----------------------------------------------------------------------


def test_snippet_is_the_base_and_the_profile_wins() -> None:
    snippet = {
        "apiVersion": "other/v1",
        "kind": "Other",
        "podPidsLimit": 4096,
        "cpuManagerPolicy": "none",
        "cpuManagerReconcilePeriod": "1m",
        "topologyManagerPolicy": "none",
        "memoryManagerPolicy": "None",
        "reservedSystemCPUs": "7",
        "kubeReserved": {"memory": "1Gi", "ephemeral-storage": "2Gi"},
        "evictionHard": {"memory.available": "200Mi", "nodefs.available": "1%"},
        "systemReserved": None,
    }
    settings = kubelet(NEWEST, with_snippet(json.dumps(snippet)))
    assert settings["apiVersion"] == "kubelet.config.k8s.io/v1beta1"
    assert settings["kind"] == "KubeletConfiguration"
    assert settings["podPidsLimit"] == 4096
    assert settings["cpuManagerPolicy"] == "static"
    assert settings["cpuManagerReconcilePeriod"] == "5s"
    assert settings["topologyManagerPolicy"] == "best-effort"
    assert settings["memoryManagerPolicy"] == "None"
    assert settings["reservedSystemCPUs"] == RESERVED
    assert settings["kubeReserved"] == {"ephemeral-storage": "2Gi", "memory": "1Gi"}
    assert settings["systemReserved"] == {"memory": "500Mi"}
    assert settings["evictionHard"] == {
        "imagefs.available": "15%",
        "memory.available": "200Mi",
        "nodefs.available": "1%",
        "nodefs.inodesFree": "5%",
    }
    assert list(settings)[2:] == sorted(list(settings)[2:])


def test_snippet_amounts_are_summed() -> None:
    snippet = '{"systemReserved": {"memory": "8Gi"}, "evictionHard": {"memory.available": "12Mi"}}'
    settings = kubelet(NEWEST, with_snippet(snippet, numa={"topologyPolicy": "restricted"}))
    assert settings["reservedMemory"] == [{"numaNode": 0, "limits": {"memory": "8704Mi"}}]


def test_snippet_keeps_its_own_reserved_memory_and_options() -> None:
    snippet = (
        '{"reservedMemory": [{"numaNode": 1, "limits": {"memory": "1Gi"}}],'
        ' "cpuManagerPolicyOptions": {"full-pcpus-only": "false",'
        ' "strict-cpu-reservation": "true"}}'
    )
    settings = kubelet(NEWEST, with_snippet(snippet, numa={"topologyPolicy": "single-numa-node"}))
    assert settings["reservedMemory"] == [{"numaNode": 1, "limits": {"memory": "1Gi"}}]
    assert settings["cpuManagerPolicyOptions"] == {
        "full-pcpus-only": "false",
        "strict-cpu-reservation": "true",
    }


def test_null_snippet_changes_nothing() -> None:
    assert kubelet(NEWEST, with_snippet("null")) == kubelet(NEWEST, profile())


@pytest.mark.parametrize(
    "snippet",
    [
        "",
        "{not json",
        "[]",
        '"text"',
        "7",
        "{} {}",
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": "\\ud800"}',
        "[" * 100_000,
        '{"a":' * 40 + "1" + "}" * 40,
        "9" * 5000,
        '{"evictionHard": []}',
        '{"evictionHard": {"memory.available": 5}}',
        '{"kubeReserved": "500Mi"}',
        '{"systemReserved": {"memory": null}}',
    ],
)
def test_snippets_that_cannot_be_used(snippet: str) -> None:
    with pytest.raises(RenderError) as raised:
        kubelet(NEWEST, with_snippet(snippet))
    assert (raised.value.kind, raised.value.name) == ("PerformanceProfile", "edge")
    assert raised.value.path[:3] == ("metadata", "annotations", SNIPPET)
    assert len(raised.value.message) < 400


def test_an_amount_that_cannot_be_summed() -> None:
    snippet = '{"evictionHard": {"memory.available": "5%"}}'
    assert "evictionHard" in kubelet(NEWEST, with_snippet(snippet))
    with pytest.raises(RenderError, match="'5%' is no amount"):
        kubelet(NEWEST, with_snippet(snippet, numa={"topologyPolicy": "restricted"}))


# --- DRA ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "in_cluster", "value", "managed"),
    [
        (21, True, "true", False),
        (22, True, "true", True),
        (22, True, "1", True),
        (22, True, "yes", False),
        (22, True, "false", False),
        (22, False, "true", False),
    ],
)
def test_dra_takes_the_managers_over(
    minor: int, in_cluster: bool, value: str, managed: bool
) -> None:
    settings = kubelet(minor, profile(annotations={DRA: value}), in_cluster=in_cluster)
    assert (settings["cpuManagerPolicy"] == "none") is managed
    assert ("reservedSystemCPUs" in settings) is not managed
    if managed:
        assert settings["topologyManagerPolicy"] == "none"
        assert settings["memoryManagerPolicy"] == "None"
        assert "evictionHard" not in settings


def test_dra_and_mixed_cpus_exclude_each_other() -> None:
    given = profile(
        annotations={DRA: "true"}, cpu={"shared": "8"}, workloadHints={"mixedCpus": True}
    )
    with pytest.raises(RenderError, match="exclude each other") as raised:
        rendered(NEWEST, infrastructure(), given, in_cluster=True)
    assert raised.value.path == ("metadata", "annotations", DRA)


# --- quantities -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["500Mi", "500Mi", "100Mi"], "1100Mi"),
        (["500Mi", "8Gi", "100Mi"], "8792Mi"),
        (["512Mi", "512Mi"], "1Gi"),
        (["1G", "500M"], "1500M"),
        (["1500", "500"], "2k"),
        (["0", "1Gi"], "1Gi"),
        (["1Gi", "1G"], "2073741824"),
        (["1G", "1Gi"], "2073741824"),
        (["0.5Gi", "0.5Gi"], "1Gi"),
        ([".5", "1.5"], "2"),
        (["100m", "900m"], "1"),
        (["100m", "1"], "1100m"),
        (["512", "1Ki"], "1536"),
        (["512Ki", "-511Ki"], "1Ki"),
        (["0.5Ki", "0"], "512"),
        (["1e3", "1e3"], "2e3"),
        (["1E3", "0"], "1e3"),
        (["2e0", "1"], "3"),
        (["+1Mi", "-1Mi"], "0"),
        (["1Ki", "1m"], "1024001m"),
        (["0.0000000001", "0"], "1n"),
        (["1E", "1E"], "2E"),
        (["5."], "5"),
        ([], "0"),
    ],
)
def test_sums(texts: list[str], expected: str) -> None:
    assert quantity.total(texts) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mi",
        "5%",
        "1gi",
        "1KiB",
        "--1",
        "1e",
        "1e3Mi",
        "0x10",
        "1_0",
        "٣",
        ".",
        "1e99",
        "9223372036854775808",
        "8Ei",
        "-9Ei",
        "",
        "1 Gi",
        "9" * 31,
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        quantity.total([text])
