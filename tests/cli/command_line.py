"""Running the command line as a user does, and clusters to run it on."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from builders import install_config

PROJECT = Path(__file__).resolve().parents[2]
START = "import sys; from linter.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Run:
    """What a run of the program gave."""

    status: int
    out: str
    err: str


def wplint(*arguments: str, cwd: Path | None = None, **environment: str) -> Run:
    """Run wplint in a process of its own, with its output in pipes."""
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=cwd,
        env=clean_environment(**environment),
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which the project can be imported and nothing colours its output."""
    dropped = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "WPLINT_TRACEBACK", "PYTHONSTARTUP")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {**kept, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1", **more}


def _profile(reserved: str, isolated: str) -> str:
    return f"""\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: lane
spec:
  cpu:
    reserved: {reserved}
    isolated: {isolated}
  nodeSelector:
    node-role.kubernetes.io/master: ""
"""


def _machine_config(cpuset: str) -> str:
    drop_in = f"""\
[crio.runtime.workloads.management]
activation_annotation = "target.workload.openshift.io/management"
annotation_prefix = "resources.workload.openshift.io"
resources = {{ "cpushares" = 0, "cpuset" = "{cpuset}" }}
"""
    pinning = f'{{"management": {{"cpuset": "{cpuset}"}}}}'
    source = "data:text/plain;charset=utf-8;base64,"
    return f"""\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 50-performance-lane
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
          overwrite: true
          contents:
            source: {source}{base64.b64encode(drop_in.encode()).decode()}
        - path: /etc/kubernetes/openshift-workload-pinning
          mode: 420
          overwrite: true
          contents:
            source: {source}{base64.b64encode(pinning.encode()).decode()}
"""


def cluster(folder: Path, reserved: str = "0-1,20-21", pinned: str = "0-1,20-21") -> Path:
    """Write the manifests of a single-node cluster of 40 CPUs; return its directory."""
    manifests = folder / "openshift"
    manifests.mkdir(parents=True)
    (folder / "install-config.yaml").write_text(install_config(folder.name))
    (manifests / "profile.yaml").write_text(_profile(reserved, "2-19,22-39"))
    (manifests / "50-performance-lane.yaml").write_text(_machine_config(pinned))
    return folder
