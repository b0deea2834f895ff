"""Builders of manifests to render, and readers of what was rendered."""

from __future__ import annotations

import json
import tomllib
from base64 import b64decode
from typing import Any

import pytest

from linter.model.releases import Release
from linter.render import Manifest, RenderError, RenderInputs, RenderOptions, render

RESERVED = "0-3,48-51"
ISOLATED = "4-47,52-95"
ROLE = "machineconfiguration.openshift.io/role"
NODE_ROLE = "node-role.kubernetes.io/"
POOL_LABEL = "pools.operator.machineconfiguration.openshift.io/"

RUNTIMES = "/etc/crio/crio.conf.d/99-runtimes.conf"
CRIO_PINNING = "/etc/crio/crio.conf.d/99-workload-pinning.conf"
CRIO_DEFAULT = "/etc/crio/crio.conf.d/01-workload-pinning-default.conf"
CRIO_LEGACY = "/etc/crio/crio.conf.d/01-workload-partitioning"
KUBELET_PINNING = "/etc/kubernetes/openshift-workload-pinning"
OF_A_PROFILE = ["machineconfig", "kubeletconfig", "tuned", "runtimeclass"]
RPS = "/etc/sysctl.d/99-default-rps-mask.conf"


def profile(
    name: str = "edge",
    *,
    role: str = "master",
    api: str = "v2",
    annotations: dict[str, str] | None = None,
    uid: str | None = None,
    cpu: dict[str, Any] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if annotations:
        metadata["annotations"] = annotations
    if uid:
        metadata["uid"] = uid
    return {
        "apiVersion": f"performance.openshift.io/{api}",
        "kind": "PerformanceProfile",
        "metadata": metadata,
        "spec": {
            "cpu": {"reserved": RESERVED, "isolated": ISOLATED, **(cpu or {})},
            "nodeSelector": {f"{NODE_ROLE}{role}": ""},
            **spec,
        },
    }


def pool(
    name: str, selector: dict[str, Any] | None = None, labels: dict[str, str] | None = None
) -> dict[str, Any]:
    spec = {} if selector is None else {"nodeSelector": selector}
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfigPool",
        "metadata": {"name": name, "labels": labels or {}},
        "spec": spec,
    }


def role_pool(name: str, value: str = "", **labels: str) -> dict[str, Any]:
    return pool(name, {"matchLabels": {f"{NODE_ROLE}{name}": value}}, labels)


def infrastructure(
    partitioning: str = "AllNodes", control_plane: str = "HighlyAvailable"
) -> dict[str, Any]:
    return {
        "apiVersion": "config.openshift.io/v1",
        "kind": "Infrastructure",
        "metadata": {"name": "cluster"},
        "status": {"cpuPartitioning": partitioning, "controlPlaneTopology": control_plane},
    }


def legacy_machine_config(path: str = KUBELET_PINNING) -> dict[str, Any]:
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {"name": "02-master-workload-partitioning"},
        "spec": {"config": {"storage": {"files": [{"path": path}]}}},
    }


def container_runtime(
    name: str, runtime: str | None, selector: dict[str, Any] | None
) -> dict[str, Any]:
    spec: dict[str, Any] = {"containerRuntimeConfig": {"defaultRuntime": runtime}}
    if selector is not None:
        spec["machineConfigPoolSelector"] = selector
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "ContainerRuntimeConfig",
        "metadata": {"name": name},
        "spec": spec,
    }


def rendered(minor: int, *objects: Any, **options: Any) -> dict[str, Manifest]:
    """Render for 4.``minor`` and return the manifests by file name, in order."""
    inputs = RenderInputs.from_objects(objects)
    manifests = render(inputs, Release(minor), RenderOptions(**options))
    by_name = {manifest.file_name: manifest for manifest in manifests}
    assert len(by_name) == len(manifests)
    return by_name


def failure(minor: int, *objects: Any, **options: Any) -> RenderError:
    """Return the error that rendering ends in."""
    with pytest.raises(RenderError) as raised:
        rendered(minor, *objects, **options)
    return raised.value


def bootstrap(pool_name: str) -> str:
    """Return the file name of a pool's MachineConfig."""
    return f"01_01-{pool_name}-cpu-partitioning_workload_pinning_machineconfig.yaml"


def of_profile(minor: int, manifest: dict[str, Any], suffix: str, **options: Any) -> dict[str, Any]:
    """Render one profile of pool master in a partitioned cluster; return one object of it."""
    objects = [manifest, infrastructure(control_plane="SingleReplica")]
    if minor < 15:
        objects.append(role_pool("master"))
    files = rendered(minor, *objects, **options)
    found: dict[str, Any] = files[f"{manifest['metadata']['name']}_{suffix}.yaml"].object
    return found


def payloads(machine_config: dict[str, Any]) -> dict[str, str]:
    """Return the decoded payloads of a MachineConfig by path."""
    texts = {}
    for entry in machine_config["spec"]["config"]["storage"]["files"]:
        head, _, body = entry["contents"]["source"].partition(",")
        assert head == "data:text/plain;charset=utf-8;base64"
        texts[entry["path"]] = b64decode(body, validate=True).decode()
    return texts


def node_files(minor: int, manifest: dict[str, Any], **options: Any) -> dict[str, str]:
    return payloads(of_profile(minor, manifest, "machineconfig", **options))


def runtimes(minor: int, manifest: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Return the ``crio.runtime`` table of 99-runtimes.conf."""
    table: dict[str, Any] = tomllib.loads(node_files(minor, manifest, **options)[RUNTIMES])
    runtime: dict[str, Any] = table["crio"]["runtime"]
    return runtime


def management(text: str) -> dict[str, Any]:
    """Return CRI-O's management workload table."""
    table: dict[str, Any] = tomllib.loads(text)["crio"]["runtime"]["workloads"]["management"]
    return table


def pinned(text: str) -> str:
    """Return the cpuset of the kubelet's pinning file."""
    cpuset: str = json.loads(text)["management"]["cpuset"]
    return cpuset


def kubelet(minor: int, manifest: dict[str, Any], **options: Any) -> dict[str, Any]:
    settings: dict[str, Any] = of_profile(minor, manifest, "kubeletconfig", **options)["spec"][
        "kubeletConfig"
    ]
    return settings


def tuned_text(minor: int, manifest: dict[str, Any]) -> str:
    text: str = of_profile(minor, manifest, "tuned")["spec"]["profile"][0]["data"]
    return text


def tuned_settings(minor: int, manifest: dict[str, Any]) -> dict[str, str]:
    """Return the main TuneD profile's settings, by ``section.key``."""
    settings, section = {}, ""
    for line in tuned_text(minor, manifest).splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals
            assert f"{section}.{key}" not in settings
            settings[f"{section}.{key}"] = value
    return settings
