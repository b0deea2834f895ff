"""A deterministic GitOps repository: clusters, policies of groups and types of hardware."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

HARDWARE = {
    "compact": ("0-1,32-33", "2-31,34-63"),
    "large": ("0-3,64-67", "4-63,68-127"),
    "small": ("0-1", "2-31"),
}
"""Type of hardware → reserved and isolated CPUs."""

WRONG_CPUSET = "0-1,20-21"
_SITES_PER_FOLDER = 100

_PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: openshift-node-performance-profile
spec:
  cpu:
    reserved: $reserved
    isolated: $isolated
  nodeSelector:
    node-role.kubernetes.io/$mcp: ""
  realTimeKernel:
    enabled: true
"""


@dataclass(frozen=True, slots=True)
class GitOpsTree:
    """A repository, and the findings at error level that are in it: rule → clusters."""

    path: str
    clusters: int
    truth: tuple[tuple[str, str], ...]


def write_gitops(
    path: str, clusters: int, *, groups: int = 40, wrong_every: int = 250
) -> GitOpsTree:
    """Write a repository.

    Each cluster belongs to a group and has a type of hardware; the policy of its group reads the
    CPUs of that type from a ConfigMap through hub templates. In each so-manieth cluster the
    ``cpuset`` is another one. The last group's policy states its CPUs itself, and these overlap.

    Args:
        path: The directory to create it in.
        clusters: How many SiteConfigs.
        groups: How many policies of groups.
        wrong_every: In each so-manieth cluster the cpuset is not what its profile reserves.

    """
    truth: list[tuple[str, str]] = []
    listed: dict[str, list[str]] = {}
    overlapping = False
    for number in range(clusters):
        name = f"edge-{number:05d}"
        group, hardware = number % groups, sorted(HARDWARE)[number // groups % len(HARDWARE)]
        shared = group == groups - 1
        overlapping |= shared
        cpuset = "" if shared else HARDWARE[hardware][0]
        if number % wrong_every == wrong_every - 1 and not shared:
            cpuset = WRONG_CPUSET
            truth.append(("WPL316", name))
        folder = f"region-{number // _SITES_PER_FOLDER:03d}"
        listed.setdefault(folder, []).append(f"{name}.yaml")
        site = _site(name, group, hardware, cpuset)
        _write(os.path.join(path, "sites", folder, f"{name}.yaml"), site)
    for folder, names in listed.items():
        _kustomization(os.path.join(path, "sites", folder), "generators", names)
    for group in range(groups):
        policy = _policy(group, overlapping=group == groups - 1)
        _write(os.path.join(path, "policies", f"group-{group:02d}.yaml"), policy)
    _kustomization(
        os.path.join(path, "policies"),
        "generators",
        [f"group-{group:02d}.yaml" for group in range(groups)],
        ("hardware.yaml",),
    )
    _write(os.path.join(path, "policies", "hardware.yaml"), _hardware())
    _write(os.path.join(path, "policies", "source-crs", "PerformanceProfile.yaml"), _PROFILE)
    if overlapping:
        truth.append(("WPL202", f"group-{groups - 1:02d}"))
    _write(os.path.join(path, "truth.json"), json.dumps(truth, indent=1))
    return GitOpsTree(path, clusters, tuple(truth))


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def _kustomization(
    folder: str, key: str, names: list[str], resources: tuple[str, ...] = ()
) -> None:
    entries = "".join(f"- {name}\n" for name in names)
    more = "resources:\n" + "".join(f"- {name}\n" for name in resources) if resources else ""
    text = f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{key}:\n"
    _write(os.path.join(folder, "kustomization.yaml"), text + entries + more)


def _site(name: str, group: int, hardware: str, cpuset: str) -> str:
    return f"""\
apiVersion: ran.openshift.io/v1
kind: SiteConfig
metadata:
  name: {name}
  namespace: {name}
spec:
  baseDomain: edge.example.com
  clusterImageSetNameRef: img4.16.12-x86-64-appsub
  clusters:
  - clusterName: {name}
    networkType: OVNKubernetes
    cpuPartitioningMode: AllNodes
    clusterLabels:
      common: true
      group: g{group:02d}
      hardware-type: {hardware}
      sites: {name}
    clusterNetwork:
    - cidr: 10.128.0.0/14
      hostPrefix: 23
    nodes:
    - hostName: node1.{name}.edge.example.com
      role: master
      bmcAddress: idrac-virtualmedia+https://198.51.100.7/redfish/v1/Systems/System.Embedded.1
      bootMACAddress: "02:00:00:00:00:01"
      cpuset: "{cpuset}"
"""


def _policy(group: int, *, overlapping: bool) -> str:
    def hub(what: str) -> str:
        key = f'(printf "%s-{what}" (index .ManagedClusterLabels "hardware-type"))'
        return f"""'{{{{hub fromConfigMap "" "hardware" {key} hub}}}}'"""

    reserved, isolated = ("0-3", "2-31") if overlapping else (hub("reserved"), hub("isolated"))
    return f"""\
apiVersion: ran.openshift.io/v1
kind: PolicyGenTemplate
metadata:
  name: group-{group:02d}
  namespace: ztp-group
spec:
  bindingRules:
    common: "true"
    group: g{group:02d}
  mcp: master
  sourceFiles:
  - fileName: PerformanceProfile.yaml
    policyName: config
    spec:
      cpu:
        reserved: {reserved}
        isolated: {isolated}
"""


def _hardware() -> str:
    data = "".join(
        f'  {name}-reserved: "{reserved}"\n  {name}-isolated: "{isolated}"\n'
        for name, (reserved, isolated) in sorted(HARDWARE.items())
    )
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hardware\n  namespace: ztp-group\n"
    return f"{head}data:\n{data}"
