"""A consistent cluster in which every kind of statement of reserved CPUs stands once."""

from __future__ import annotations

import os
from textwrap import indent
from typing import TYPE_CHECKING

from builders import (
    data_url,
    infrastructure,
    kubelet_config,
    pinning,
    pool,
    profile,
    workload,
)

from linter.engine.findings import Draft, Fix, Severity, finding
from linter.engine.rules import Rule
from linter.model.cluster import Cluster  # noqa: TC001 - a rule's parameters are looked at
from linter.sources.deletion import removed_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from linter.facts.cpus import CpuStatement

RESERVED, ISOLATED = "0-3,40-43", "4-39,44-79"

TUNED = f"""\
apiVersion: tuned.openshift.io/v1
kind: Tuned
metadata:
  name: openshift-node-performance-edge
  namespace: openshift-cluster-node-tuning-operator
spec:
  profile:
  - name: openshift-node-performance-edge
    data: |
      [main]
      include=openshift-node

      [variables]
      isolated_cores={ISOLATED}
  recommend:
  - priority: 20
    profile: openshift-node-performance-edge
    machineConfigLabels:
      machineconfiguration.openshift.io/role: master
"""


def crio(cpuset: str = RESERVED, infra: str = RESERVED) -> str:
    return f'\n[crio.runtime]\ninfra_ctr_cpuset = "{infra}"\n{workload(cpuset)}'


def machine_config(
    crio_text: str | None = None,
    pinning_text: str | None = None,
    affinity: str = RESERVED,
    form: str = "base64",
) -> str:
    """Return a MachineConfig with all partitioning files, commented and oddly indented."""
    payloads = {
        "/etc/crio/crio.conf.d/99-runtimes.conf": crio() if crio_text is None else crio_text,
        "/etc/kubernetes/openshift-workload-pinning": pinning(RESERVED)
        if pinning_text is None
        else pinning_text,
        "/etc/systemd/system.conf.d/setAffinity.conf": f"[Manager]\nCPUAffinity={affinity}\n",
    }
    files = ""
    for path, text in payloads.items():
        compressed = "compression: gzip\n    " if form == "gzip" else ""
        files += (
            f"- path: {path}   # written for the nodes\n"
            f"  mode: 420\n  contents:\n    {compressed}source: '{data_url(text, form)}'\n"
        )
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        "metadata:\n  labels: {machineconfiguration.openshift.io/role: master}\n"
        "  name: 50-performance-edge\n"
        "spec:\n    config:\n        ignition: {version: 3.2.0}\n        storage:\n"
        f"            files:\n{indent(files, ' ' * 12)}"
    )


def cluster(form: str = "base64") -> dict[str, str]:
    """Return the files of a cluster about which no rule has anything to say."""
    return {
        "manifests/infrastructure.yaml": infrastructure(),
        "manifests/profile.yaml": profile(RESERVED, ISOLATED, name="edge"),
        "manifests/pool.yaml": pool(
            "master",
            "machineConfigSelector:\n  matchLabels:\n"
            "    machineconfiguration.openshift.io/role: master\n"
            'nodeSelector:\n  matchLabels:\n    node-role.kubernetes.io/master: ""\n',
            'pools.operator.machineconfiguration.openshift.io/master: ""',
        ),
        "openshift/50-performance-edge.yaml": machine_config(form=form),
        "openshift/kubelet.yaml": kubelet_config(
            "performance-edge",
            'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""',
            f"cpuManagerPolicy: static\nreservedSystemCPUs: {RESERVED}  # as in the profile\n",
        ),
        "openshift/tuned.yaml": TUNED,
    }


def write(folder: Path, files: Mapping[str, str | bytes]) -> str:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder)


def read(folder: Path) -> dict[str, bytes]:
    return {
        os.path.relpath(path, folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rule_that(
    fix: Callable[[CpuStatement], Fix | None], code: str = "WPL900", name: str = "probe"
) -> Rule:
    """Return a rule that proposes a fix for each statement of CPUs that is given one."""

    def check(statement: CpuStatement) -> Iterator[Draft]:
        proposed = fix(statement)
        if proposed is not None:
            yield finding(f"{statement.where} is wrong.", statement.ref.label("here"), fix=proposed)

    return Rule(code, name, Severity.WARNING, check)


def setting(where: str, text: str) -> Callable[[CpuStatement], Fix | None]:
    """Return a fix that sets one kind of statement."""

    def fix(statement: CpuStatement) -> Fix | None:
        if statement.where != where or statement.text == text:
            return None
        return Fix(f"set {where} to {text}", (statement.replaced_by(text),))

    return fix


def removing(code: str = "WPL900") -> Rule:
    """Return a rule that takes away every pool called old."""

    def check(cluster: Cluster) -> Iterator[Draft]:
        for found in cluster.facts.pools:
            if found.name == "old":
                wish = removed_document(found.manifest.root)
                assert wish is not None
                yield finding("It is old.", found.ref.label("here"), fix=Fix("remove it", (wish,)))

    return Rule(code, "removing", Severity.WARNING, check)
