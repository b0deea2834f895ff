"""Builders of manifests, payloads and clusters for tests."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from textwrap import dedent, indent
from typing import TYPE_CHECKING
from urllib.parse import quote

from linter.engine.loader import load_rules
from linter.facts.scope import Facts, add_document
from linter.model.cluster import Cluster, build_cluster, target_releases
from linter.model.releases import Release
from linter.sources.text import File
from linter.sources.yaml_tree import Node, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linter.engine.rules import Rule
    from linter.model.node import NodeConfig

ROLE = "machineconfiguration.openshift.io/role"
CRIO = "/etc/crio/crio.conf.d/"
PINNING = "/etc/kubernetes/openshift-workload-pinning"
FORMS = ("base64", "percent", "gzip")
MASTER, WORKER, CNF = (
    f'node-role.kubernetes.io/{role}: ""' for role in ("master", "worker", "cnf")
)
"""What selects the nodes of a role."""


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules that ship, loaded once."""
    return load_rules()


def root_of(text: str, name: str = "file.yaml") -> Node:
    """Return the root of a text's only document."""
    roots, problem = compose(File(name, text))
    assert problem is None, problem
    (root,) = roots
    return root


def facts_of(*texts: str) -> Facts:
    """Return the facts of some files, each given by its text."""
    facts = Facts()
    for number, text in enumerate(texts):
        roots, problem = compose(File(f"{number}.yaml", dedent(text)))
        assert problem is None, problem
        for root in roots:
            add_document(facts, root)
    return facts


def cluster(*texts: str, release: str | None = "4.16", installer: bool = True) -> Cluster:
    """Return the model of a cluster that some files describe."""
    facts = facts_of(*texts)
    asked_for = Release.parse(release) if release else None
    releases = target_releases(facts, asked_for)
    return build_cluster("lab", "lab", facts, releases, installer=installer)


def node(name: str, *texts: str, release: str | None = "4.16") -> NodeConfig:
    """Return what the nodes of one pool of a cluster will see."""
    nodes = cluster(*texts, release=release).nodes
    (found,) = [one for one in nodes if one.pool.name == name]
    return found


def data_url(text: str, form: str = "base64") -> str:
    """Return a data URL: ``base64``, ``percent`` (-encoded) or ``gzip`` (in base64)."""
    if form == "percent":
        return "data:," + quote(text, safe="")
    data = gzip.compress(text.encode(), mtime=0) if form == "gzip" else text.encode()
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(data).decode()


def file_entry(path: str, text: str | None, form: str = "base64") -> str:
    """Return an entry of ``storage.files``; without a text it has no contents."""
    lines = [f"- path: {path}", "  mode: 420"]
    if text is not None:
        lines += ["  contents:", f"    source: {data_url(text, form)}"]
        if form == "gzip":
            lines.append("    compression: gzip")
    return "\n".join(lines) + "\n"


def machine_config(
    name: str,
    role: str = "master",
    files: Mapping[str, str | None] | None = None,
    *,
    form: str = "base64",
    kernel_arguments: Iterable[str] = (),
    units: str = "",
    extra: str = "",
) -> str:
    """Return a MachineConfig."""
    entries = "".join(file_entry(path, text, form) for path, text in (files or {}).items())
    arguments = "".join(f"    - {argument}\n" for argument in kernel_arguments)
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\n"
        "kind: MachineConfig\n"
        f'metadata:\n  name: "{name}"\n  labels:\n    {ROLE}: {role}\n'
        "spec:\n  config:\n    ignition:\n      version: 3.2.0\n"
        + (f"    storage:\n      files:\n{indent(entries, ' ' * 8)}" if entries else "")
        + (f"    systemd:\n      units:\n{indent(dedent(units), ' ' * 8)}" if units else "")
        + (f"  kernelArguments:\n{arguments}" if arguments else "")
        + indent(dedent(extra), "  ")
    )


def profile(
    reserved: str = "0-1",
    isolated: str = "2-7",
    *,
    name: str = "perf",
    selector: str = 'node-role.kubernetes.io/master: ""',
    extra: str = "",
) -> str:
    """Return a PerformanceProfile; ``extra`` is more of its ``spec``."""
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata:\n  name: {name}\nspec:\n  cpu:\n"
        f'    reserved: "{reserved}"\n    isolated: "{isolated}"\n'
        + (f"  nodeSelector:\n    {selector}\n" if selector else "")
        + indent(dedent(extra), "  ")
    )


def pool(name: str, spec: str = "", labels: str = "") -> str:
    """Return a MachineConfigPool; ``spec`` and ``labels`` are YAML."""
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
        f"metadata:\n  name: {name}\n"
        + (f"  labels:\n{indent(dedent(labels), ' ' * 4)}\n" if labels else "")
        + (f"spec:\n{indent(dedent(spec), '  ')}\n" if spec else "spec: {}\n")
    )


def custom_pool(name: str, *, inherits: bool = True, extra: str = "") -> str:
    """Return a MachineConfigPool of nodes with a role; ``inherits`` gives it the workers' too."""
    roles = f"[worker, {name}]" if inherits else f"[{name}]"
    return pool(
        name,
        f"machineConfigSelector:\n  matchExpressions:\n"
        f"  - {{key: {ROLE}, operator: In, values: {roles}}}\n"
        f'nodeSelector:\n  matchLabels:\n    node-role.kubernetes.io/{name}: ""\n{extra}',
        f"{ROLE}: {name}",
    )


def install_config(name: str, control_plane: int = 1, workers: int = 0) -> str:
    """Return an install-config.yaml of a partitioned cluster with some nodes."""
    return (
        f"apiVersion: v1\nbaseDomain: example.org\nmetadata:\n  name: {name}\n"
        "cpuPartitioningMode: AllNodes\n"
        f"controlPlane:\n  name: master\n  replicas: {control_plane}\n"
        f"compute:\n- name: worker\n  replicas: {workers}\n"
    )


def kubelet_config(name: str, selector: str, settings: str) -> str:
    """Return a KubeletConfig; ``selector`` and ``settings`` are YAML."""
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\n"
        f"metadata:\n  name: {name}\nspec:\n"
        + (
            f"  machineConfigPoolSelector:\n{indent(dedent(selector), ' ' * 4)}\n"
            if selector
            else ""
        )
        + f"  kubeletConfig:\n{indent(dedent(settings), ' ' * 4)}\n"
    )


def infrastructure(mode: str = "AllNodes", topology: str = "SingleReplica") -> str:
    """Return the Infrastructure object."""
    return (
        "apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata:\n  name: cluster\n"
        f"status:\n  controlPlaneTopology: {topology}\n"
        + (f"  cpuPartitioning: {mode}\n" if mode else "")
    )


def workload(cpuset: str, name: str = "management") -> str:
    """Return CRI-O's table of a workload."""
    return (
        f"\n[crio.runtime.workloads.{name}]\n"
        'activation_annotation = "target.workload.openshift.io/management"\n'
        'annotation_prefix = "resources.workload.openshift.io"\n'
        f'resources = {{ "cpushares" = 0, "cpuset" = "{cpuset}" }}\n'
    )


def pinning(cpuset: str) -> str:
    """Return the text of the kubelet's pinning file."""
    return f'\n{{\n  "management": {{\n    "cpuset": "{cpuset}"\n  }}\n}}\n'
