"""Directories of manifests to render from, and what a run of the command gave."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What a run of the program gave."""

    status: int
    out: str
    err: str


PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: edge
spec:
  cpu:
    reserved: 0-3,48-51
    isolated: 4-47,52-95
  nodeSelector:
    node-role.kubernetes.io/master: ""
"""

INSTALL_CONFIG = """\
apiVersion: v1
baseDomain: example.net
metadata:
  name: north
controlPlane:
  name: master
  replicas: 1
compute:
  - name: worker
    replicas: 0  # none
"""

INFRASTRUCTURE = """\
apiVersion: config.openshift.io/v1
kind: Infrastructure
metadata:
  name: cluster
spec: {}
status:
  controlPlaneTopology: SingleReplica
"""

AGENT = """\
apiVersion: extensions.hive.openshift.io/v1beta1
kind: AgentClusterInstall
metadata:
  name: north
  annotations:
    agent-install.openshift.io/install-config-overrides: '{"networking": {"type": "OVN"}}'
"""


def files(folder: Path, texts: dict[str, str]) -> Path:
    """Write files below a directory; return it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def objects(folder: Path, given: list[dict[str, Any]], name: str = "inputs.yaml") -> Path:
    """Write objects to one file of a directory, as JSON documents; return the directory."""
    return files(folder, {name: "".join(f"---\n{json.dumps(one, indent=1)}\n" for one in given)})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
