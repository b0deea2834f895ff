"""A small repository with all ways to govern clusters, and edits of it as people make them."""

from __future__ import annotations

import os
from textwrap import indent
from typing import TYPE_CHECKING

from builders import infrastructure, machine_config, profile
from hypothesis import strategies as st
from repositories import PROFILE, generator, hub, instance, racks, site, template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
PLACEMENT = """\
apiVersion: cluster.open-cluster-management.io/v1beta1
kind: Placement
metadata:
  name: west
  namespace: ztp
spec:
  predicates:
  - requiredClusterSelector:
      labelSelector:
        matchExpressions:
        - {key: region, operator: In, values: [west]}
"""
BINDING = """\
apiVersion: policy.open-cluster-management.io/v1
kind: PlacementBinding
metadata:
  name: west
  namespace: ztp
placementRef:
  kind: Placement
  name: west
  apiGroup: cluster.open-cluster-management.io
subjects:
- kind: Policy
  name: west
  apiGroup: policy.open-cluster-management.io
"""


def imported(name: str, labels: str) -> str:
    """Return a ManagedCluster."""
    return (
        "apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\n"
        f"metadata:\n  name: {name}\n  labels:\n{indent(labels, '    ')}\n"
    )


def policy(*objects: str) -> str:
    """Return an ACM Policy called west."""
    listed = "".join(
        f"        - complianceType: musthave\n          objectDefinition:\n{indent(one, ' ' * 12)}"
        for one in objects
    )
    return (
        "apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\n"
        "metadata:\n  name: west\n  namespace: ztp\nspec:\n  policy-templates:\n"
        "  - objectDefinition:\n      kind: ConfigurationPolicy\n      metadata:\n"
        f"        name: west\n      spec:\n        object-templates:\n{listed}"
    )


def listed(key: str, *names: str) -> str:
    """Return a kustomization with a list."""
    return KUSTOMIZATION + f"{key}:\n" + "".join(f"- {name}\n" for name in names)


FLEET: dict[str, str] = {
    "sites/a.yaml": site("a", "group: one\nrack: r1") + "    extraManifestPath: extra/\n",
    "sites/b.yaml": site("b", "group: two\nrack: r2") + "    extraManifestPath: extra/\n",
    "sites/c.yaml": instance("c", "group: one\nregion: west\nrack: r1")
    + "---\n"
    + instance("d", "group: two\nregion: east\nrack: r2"),
    "sites/e.yaml": instance("e", "group: three\nregion: west\nrack: r3")
    + "  extraManifestsRefs:\n  - name: more\n",
    "sites/f.yaml": instance("f", 'edge: ""\nrack: r1')
    + "  extraManifestsRefs:\n  - name: given\n",
    "sites/given.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: given, namespace: f}\n"
    "data:\n  m.yaml: |\n" + indent(machine_config("96-m", "master", {"/etc/m": "m\n"}), "    "),
    "sites/extra/mc.yaml": machine_config("99-extra", "master", {"/etc/motd": "a\n"}),
    "sites/more.yaml": machine_config("99-more", "master", {"/etc/issue": "a\n"}),
    "sites/kustomization.yaml": listed("generators", "a.yaml", "b.yaml")
    + "resources:\n- c.yaml\n- e.yaml\n- f.yaml\n"
    + "configMapGenerator:\n- name: more\n  namespace: e\n  files:\n  - more.yaml\n",
    "hub/e.yaml": imported("e", "tier: gold"),
    "hub/g.yaml": imported("g", "group: one\nrack: r1"),
    "hub/h.yaml": imported("h", "group: four\nregion: east"),
    "policies/kustomization.yaml": listed("generators", "one.yaml", "two.yaml", "edge.yaml")
    + "resources:\n- racks.yaml\n- west.yaml\n- placement.yaml\n- binding.yaml\n",
    "policies/one.yaml": template(binding="group: one", name="one"),
    "policies/two.yaml": template(hub("reserved"), hub("isolated"), "group: two", "two"),
    "policies/edge.yaml": generator(
        "labelSelector:\n  matchExpressions:\n  - {key: edge, operator: Exists}",
        "spec:\n  cpu:\n    reserved: 0-1\n    isolated: 2-39",
    ),
    "policies/racks.yaml": racks(
        "".join(f"r{n}-reserved: 0-{n}\nr{n}-isolated: {n + 1}-39\n" for n in (1, 2, 3))
    ),
    "policies/west.yaml": policy(
        profile("0-3", "4-39"), machine_config("99-west", "master", {"/etc/motd": "w\n"})
    ),
    "policies/placement.yaml": PLACEMENT,
    "policies/binding.yaml": BINDING,
    "policies/source-crs/PerformanceProfile.yaml": PROFILE,
    "lab/openshift/infra.yaml": infrastructure(),
    "lab/openshift/p.yaml": profile("0-1", "2-7"),
    "lab/openshift/notes.yaml": "a: 1\n",
    "den/openshift/infra.yaml": infrastructure(),
    "den/openshift/p.yaml": profile("0-1", "2-7"),
    "plain/p.yaml": profile("0-1", "2-7"),
    "README.yaml": "# nothing\n",
}
EXTRA = {
    "sites/z.yaml": instance("z", "group: one"),
    "hub/a.yaml": imported("a", "group: two"),
    "hub/c.yaml": imported("c", "region: east"),
    "hub/twice.yaml": imported("f", "tier: x") + "---\n" + imported("f", "tier: y"),
    "sites/again.yaml": site("b", "group: one"),
    "sites/extra/more.yaml": machine_config("98-extra", "master", {"/etc/x": "x\n"}),
    "policies/three.yaml": template("0-5", "6-39", "group: three", "three"),
    "policies/all.yaml": template("0-7", "8-39", "region: ''", "all"),
    "policies/wide.yaml": template("0-7", "8-39", "rack: r1", "wide").replace(
        "bindingRules:", "bindingExcludedRules:\n    group: two\n  bindingRules:"
    ),
    "policies/source-crs/MachineConfigPool.yaml": "a: b\n",
    "lab/install-config.yaml": "apiVersion: v1\nbaseDomain: x\ncontrolPlane: {name: master}\n",
    "lab/openshift/mc.yaml": machine_config("97-x", "master", {"/etc/y": "y\n"}),
    "new/openshift/infra.yaml": infrastructure(),
    "kustomization.yaml": listed("resources", "sites", "policies"),
    "patched/kustomization.yaml": listed("resources", "../sites")
    + "patches:\n- target: {kind: ClusterInstance}\n"
    "  patch: |\n    - op: remove\n      path: /spec\n",
    "patched/site.yaml": site("a", "group: one"),
    "broken.yaml": "kind: PolicyGenTemplate\n bad: [\n",
}
SWAPS = [
    ("group: one", "group: two"),
    ("96-m", "95-m"),
    ("/etc/motd", "/etc/other"),
    ("/etc/issue", "/etc/other"),
    ("group: two", "group: 'one'"),
    ("region: west", "region: east"),
    ("0-1,20-21", "0-3,20-23"),
    ("reserved: 0-1", "reserved: 0,1"),
    ("r1-reserved: 0-1", "r1-reserved: 0-3"),
    ("In, values: [west]", "NotIn, values: [west]"),
    ("operator: Exists", "operator: DoesNotExist"),
    ("name: west\n", "name: east\n"),
    ("- a.yaml\n", ""),
    ("- e.yaml\n", ""),
    ("- racks.yaml\n", ""),
    ("  - more.yaml\n", "  - extra/mc.yaml\n"),
    ("resources:", "components:"),
    ("metadata:", "metadata: # here"),
    ("size: $size", "size: 1G"),
    ("namespace: ztp", "namespace: other"),
    ("extra/", "elsewhere/"),
    ("tier: gold", "rack: r2"),
    ("tier: gold", "'{{ .x }}': y"),
    ("data:text", "DATA:text"),
    ("4.16.4", "4.18.1"),
    ("AllNodes", "None"),
    ("disabled", "enabled"),
    ("kind: Policy\n", "kind: Other\n"),
    ("complianceType: musthave", "complianceType: mustnothave"),
]


@st.composite
def edited(draw: st.DrawFn, files: Mapping[str, str]) -> dict[str, str]:
    """Return files after a few edits, as people make them."""
    new = dict(files)
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["swap", "swap", "swap", "add", "delete", "move", "append"]))
        name = draw(st.sampled_from(sorted(new)))
        if kind == "swap":
            old, text = draw(st.sampled_from(SWAPS))
            holding = sorted(path for path, content in new.items() if old in content)
            if holding:
                path = draw(st.sampled_from(holding))
                new[path] = new[path].replace(old, text)
        elif kind == "add":
            path = draw(st.sampled_from(sorted(EXTRA)))
            new[path] = EXTRA[path]
        elif kind == "delete":
            del new[name]
        elif kind == "move":
            folder = draw(st.sampled_from(["sites", "hub", "policies", "lab/openshift", "other"]))
            new[f"{folder}/{os.path.basename(name)}"] = new.pop(name)
        else:
            new[name] += "# the end\n"
    return new


def single_edits(files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every edit of one kind at one place, and what it makes of a repository."""
    for old, text in SWAPS:
        for name, content in files.items():
            if old in content:
                yield f"{name}: {old!r}", {**files, name: content.replace(old, text)}
    for name, content in EXTRA.items():
        yield f"add {name}", {**files, name: content}
    for name, content in files.items():
        others = {path: text for path, text in files.items() if path != name}
        yield f"delete {name}", others
        yield f"move {name}", others | {f"other/{os.path.basename(name)}": content}
