"""Builders of small GitOps repositories, and what a run says of them."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

from builders import rules

from linter.engine.run import lint
from linter.engine.scoping import Tally, read_scopes

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome
    from linter.facts.scope import Facts

PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: openshift-node-performance-profile
spec:
  cpu:
    reserved: $reserved
    isolated: $isolated
  hugepages:
    pages:
    - size: $size
      count: $count
  nodeSelector:
    node-role.kubernetes.io/$mcp: ""
"""

CRS = {"policies/source-crs/PerformanceProfile.yaml": PROFILE}
"""The source CRs of a repository, by path."""

KEY = '(printf "%s-{}" (index .ManagedClusterLabels "rack"))'


def hub(key: str) -> str:
    """Return a scalar that reads a key of the ConfigMap ``racks``, by the label ``rack``."""
    return f"""'{{{{hub fromConfigMap "" "racks" {KEY.format(key)} hub}}}}'"""


def instance(name: str, labels: str = 'edge: ""', mode: str = "AllNodes", nodes: int = 1) -> str:
    """Return a ClusterInstance."""
    listed = "".join(f"  - hostName: {name}-{number}\n" for number in range(nodes))
    return (
        "apiVersion: siteconfig.open-cluster-management.io/v1alpha1\nkind: ClusterInstance\n"
        f"metadata:\n  name: {name}\n  namespace: {name}\nspec:\n  clusterName: {name}\n"
        f"  clusterImageSetNameRef: img4.16.4\n  cpuPartitioningMode: {mode}\n"
        f"  extraLabels:\n    ManagedCluster:\n{indent(dedent(labels), ' ' * 6)}\n"
        f"  nodes:\n{listed}"
    )


def site(name: str, labels: str = 'edge: ""', cpusets: tuple[str, ...] = ("0-1,20-21",)) -> str:
    """Return a SiteConfig of one cluster with a node for each cpuset."""
    listed = "".join(f"    - hostName: n\n      cpuset: {cpuset}\n" for cpuset in cpusets)
    return (
        "apiVersion: ran.openshift.io/v1\nkind: SiteConfig\n"
        f"metadata:\n  name: {name}\n  namespace: {name}\nspec:\n"
        f"  clusterImageSetNameRef: img4.12.4\n  clusters:\n  - clusterName: {name}\n"
        f"    clusterLabels:\n{indent(dedent(labels), ' ' * 6)}\n    nodes:\n{listed}"
    )


def template(
    reserved: str = "0-1,20-21",
    isolated: str = "2-19,22-39",
    binding: str = 'edge: ""',
    name: str = "edge",
    extra: str = "",
) -> str:
    """Return a PolicyGenTemplate with a profile."""
    return (
        "apiVersion: ran.openshift.io/v1\nkind: PolicyGenTemplate\n"
        f"metadata:\n  name: {name}\n  namespace: ztp\nspec:\n"
        f"  bindingRules:\n{indent(dedent(binding), ' ' * 4)}\n"
        f"{indent(dedent(extra), '  ')}  mcp: master\n"
        "  sourceFiles:\n  - fileName: PerformanceProfile.yaml\n    policyName: config\n"
        f"    spec:\n      cpu:\n        reserved: {reserved}\n        isolated: {isolated}\n"
    )


def generator(placement: str, patch: str = "", name: str = "edge") -> str:
    """Return a PolicyGenerator with a profile."""
    patched = f"    patches:\n    - {indent(dedent(patch), ' ' * 6).lstrip()}\n" if patch else ""
    return (
        "apiVersion: policy.open-cluster-management.io/v1\nkind: PolicyGenerator\n"
        f"metadata:\n  name: {name}\npolicyDefaults:\n  namespace: ztp\n"
        f"  placement:\n{indent(dedent(placement), ' ' * 4)}\n"
        f"policies:\n- name: {name}-config\n  manifests:\n"
        f"  - path: source-crs/PerformanceProfile.yaml\n{patched}"
    )


def racks(data: str, namespace: str = "ztp") -> str:
    """Return the ConfigMap ``racks``."""
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: racks\n  namespace: {namespace}\n"
        f"data:\n{indent(dedent(data), '  ')}\n"
    )


def outcome(folder: str) -> Outcome:
    """Return the outcome of a run with all rules; no rule may break."""
    found = lint([folder], rules())
    assert found.failures == ()
    return found


def said(folder: str, *codes: str) -> list[Finding]:
    """Return the findings of some rules."""
    return [item for item in outcome(folder).findings if item.rule in codes]


def facts(folder: str) -> dict[str, Facts]:
    """Return the facts of each scope by its name."""
    return {scope.name: facts for scope, facts in read_scopes([folder], Tally())}


def reserved(folder: str, cluster: str) -> list[str]:
    """Return what the profiles of a cluster reserve, as it is written."""
    profiles = facts(folder)[cluster].profiles
    return ["-" if p.reserved is None else p.reserved.text for p in profiles]
