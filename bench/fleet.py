"""Deterministic trees of installer directories, with a known number of seeded disagreements."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass

from linter.render import RenderInputs

FILES_PER_CLUSTER = 7

_CRIO = """
[crio.runtime.workloads.management]
activation_annotation = "target.workload.openshift.io/management"
annotation_prefix = "resources.workload.openshift.io"
resources = { "cpushares" = 0, "cpuset" = "%s" }
"""


@dataclass(frozen=True, slots=True)
class Fleet:
    """A tree of clusters and the clusters in which one statement was made to disagree."""

    path: str
    clusters: int
    broken: tuple[str, ...]


def write_fleet(path: str, clusters: int, *, broken_every: int = 50, others: int = 0) -> Fleet:
    """Write a tree of clusters.

    Args:
        path: The directory to create it in.
        clusters: How many installer directories.
        broken_every: In each so-manieth cluster CRI-O pins to other CPUs than are reserved.
        others: How many manifests of other kinds to put beside those of each cluster.
    """
    broken: list[str] = []
    for number in range(clusters):
        name = f"site-{number:05d}"
        reserved, isolated = (("0-1,32-33", "2-31,34-63"), ("0-3", "4-63"))[number % 2]
        pinned = reserved
        if broken_every and number % broken_every == broken_every - 1:
            pinned = "0-1"
            broken.append(name)
        for file, text in _cluster(name, reserved, isolated, pinned).items():
            _write(os.path.join(path, name, file), text)
        for index in range(others):
            _write(os.path.join(path, name, "apps", f"app-{index}.yaml"), _other(name, index))
    truth = os.path.join(path, "truth.txt")
    _write(truth, "".join(f"{name}\n" for name in broken))
    return Fleet(path, clusters, tuple(broken))


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def _url(text: str) -> str:
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _cluster(name: str, reserved: str, isolated: str, pinned: str) -> dict[str, str]:
    pinning = json.dumps({"management": {"cpuset": reserved}}, indent=2)
    return {
        "manifests/cluster-infrastructure-02-config.yml": f"""\
apiVersion: config.openshift.io/v1
kind: Infrastructure
metadata:
  name: cluster
spec:
  platformSpec: {{}}
status:
  controlPlaneTopology: SingleReplica
  infrastructureTopology: SingleReplica
  cpuPartitioning: AllNodes
  infrastructureName: {name}
""",
        "openshift/performance-profile.yaml": f"""\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: {name}
spec:
  cpu:
    isolated: {isolated}
    reserved: {reserved}
  nodeSelector:
    node-role.kubernetes.io/master: ""
""",
        "openshift/50-performance.yaml": f"""\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 50-performance-{name}
  labels:
    machineconfiguration.openshift.io/role: master
spec:
  config:
    ignition:
      version: 3.2.0
    storage:
      files:
      - path: /etc/crio/crio.conf.d/99-workload-pinning.conf
        mode: 420
        contents:
          source: {_url(_CRIO % pinned)}
      - path: /etc/kubernetes/openshift-workload-pinning
        mode: 420
        contents:
          source: {_url(pinning)}
""",
        "openshift/kubelet.yaml": f"""\
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata:
  name: performance-{name}
spec:
  machineConfigPoolSelector:
    matchLabels:
      pools.operator.machineconfiguration.openshift.io/master: ""
  kubeletConfig:
    cpuManagerPolicy: static
    reservedSystemCPUs: {reserved}
""",
    }


def _other(name: str, index: int) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{index}
  namespace: {name}
spec:
  replicas: {index % 3 + 1}
  selector:
    matchLabels:
      app: app-{index}
  template:
    metadata:
      labels:
        app: app-{index}
    spec:
      containers:
      - name: main
        image: registry.example.com/{name}/app-{index}:1.{index}
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
"""


def render_inputs(profiles: int) -> RenderInputs:
    """Return a partitioned cluster with so many pools, each with a profile of its own."""
    objects: list[object] = [
        {
            "apiVersion": "config.openshift.io/v1",
            "kind": "Infrastructure",
            "metadata": {"name": "cluster"},
            "status": {"cpuPartitioning": "AllNodes", "controlPlaneTopology": "HighlyAvailable"},
        }
    ]
    for number in range(profiles):
        label = {f"node-role.kubernetes.io/lane-{number:05d}": ""}
        reserved, isolated = (("0-1,32-33", "2-31,34-63"), ("0-3", "4-63"))[number % 2]
        objects.append(
            {
                "apiVersion": "machineconfiguration.openshift.io/v1",
                "kind": "MachineConfigPool",
                "metadata": {"name": f"lane-{number:05d}", "labels": label},
                "spec": {"nodeSelector": {"matchLabels": label}},
            }
        )
        objects.append(
            {
                "apiVersion": "performance.openshift.io/v2",
                "kind": "PerformanceProfile",
                "metadata": {"name": f"lane-{number:05d}"},
                "spec": {
                    "cpu": {"reserved": reserved, "isolated": isolated},
                    "numa": {"topologyPolicy": "single-numa-node"},
                    "nodeSelector": label,
                },
            }
        )
    return RenderInputs.from_objects(objects)
