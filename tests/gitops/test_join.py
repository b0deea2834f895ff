"""Which policies meet which cluster, and what becomes of their objects there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repositories import (
    CRS,
    PROFILE,
    facts,
    generator,
    hub,
    instance,
    outcome,
    racks,
    reserved,
    said,
    site,
    template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]


@pytest.mark.parametrize(
    ("labels", "rules", "extra", "bound"),
    [
        ('edge: ""', 'edge: ""', "", True),
        ("edge: anything", 'edge: ""', "", True),
        ('other: ""', 'edge: ""', "", False),
        ("edge: true", 'edge: "true"', "", True),
        ('edge: "true"', "edge: true", "", True),
        ("edge: 4", 'edge: "4"', "", True),
        ("edge: b", 'edge: "a,b"', "", True),
        ("edge: c", 'edge: "a,b"', "", False),
        ("edge: a\nzone: z", "edge: a\nzone: y", "", False),
        ("edge: a\ndone: x", "edge: a", 'bindingExcludedRules: {done: ""}\n', False),
        ("edge: a\ndone: x", "edge: a", 'bindingExcludedRules: {done: "y,z"}\n', True),
        ('edge: "{{ later }}"', "edge: a", "", False),
        ("edge: a", "edge: a\nvendor: OpenShift", "", False),
        ("edge: a\nvendor: OpenShift", "edge: a\nvendor: OpenShift", "", True),
    ],
)
def test_binding_rules(tree: Tree, labels: str, rules: str, extra: str, bound: bool) -> None:
    text = template(binding=rules, extra=extra)
    folder = tree({"c.yaml": instance("north", labels), "policies/p.yaml": text, **CRS})
    assert reserved(folder, "north") == (["0-1,20-21"] if bound else [])


@pytest.mark.parametrize(
    ("placement", "bound"),
    [
        ("labelSelector: {edge: a}", True),
        ("labelSelector: {edge: b}", False),
        ("labelSelector: {matchLabels: {edge: a}}", True),
        ("labelSelector: {matchExpressions: [{key: edge, operator: In, values: [a, b]}]}", True),
        ("labelSelector: {matchExpressions: [{key: edge, operator: NotIn, values: [a]}]}", False),
        ("labelSelector: {matchExpressions: [{key: edge, operator: Near, values: [a]}]}", False),
        ("clusterSelectors: {edge: a}", True),
        ("clusterSelector: {matchExpressions: [{key: edge, operator: Exists}]}", True),
        ("placementName: everything", False),
        ("name: nothing", False),
    ],
)
def test_placements_of_generators(tree: Tree, placement: str, bound: bool) -> None:
    patch = "spec: {cpu: {reserved: 0-3, isolated: 4-9}}"
    text = generator(placement, patch)
    folder = tree({"c.yaml": instance("north", "edge: a"), "policies/p.yaml": text, **CRS})
    assert reserved(folder, "north") == (["0-3"] if bound else [])


@pytest.mark.parametrize(
    ("beside", "patched"),
    [
        ("# nothing\n", True),
        ("kind: Namespace\nmetadata: {name: a}\n", False),
        ("kind: Tuned\nmetadata: {name: a}\n", False),
    ],
)
def test_a_patch_that_names_nothing_is_for_an_object_that_is_alone_in_its_file(
    tree: Tree, beside: str, patched: bool
) -> None:
    text = generator("labelSelector: {edge: a}", "spec: {cpu: {reserved: 0-3, isolated: 4-9}}")
    both = {path: f"{beside}---\n{cr}" for path, cr in CRS.items()}
    folder = tree({"c.yaml": instance("north", "edge: a"), "policies/p.yaml": text, **both})
    assert reserved(folder, "north") == (["0-3"] if patched else ["$reserved"])


def test_the_placement_of_a_policy_replaces_the_default(tree: Tree) -> None:
    text = generator("labelSelector: {edge: a}", "spec: {cpu: {reserved: 0-3}}").replace(
        "- name: edge-config\n", "- name: edge-config\n  placement: {labelSelector: {edge: b}}\n"
    )
    clusters = {f"{name}.yaml": instance(name, f"edge: {name}") for name in "ab"}
    folder = tree({**clusters, "policies/p.yaml": text, **CRS})
    assert (reserved(folder, "a"), reserved(folder, "b")) == ([], ["0-3"])


def test_a_policy_is_bound_through_a_placement(tree: Tree) -> None:
    policy = """\
apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: {name: p, namespace: ztp}
spec:
  policy-templates:
  - objectDefinition:
      kind: ConfigurationPolicy
      spec:
        object-templates:
        - complianceType: musthave
          objectDefinition:
            apiVersion: performance.openshift.io/v2
            kind: PerformanceProfile
            metadata: {name: edge}
            spec:
              cpu: {reserved: "0-3", isolated: "3-9"}
---
apiVersion: policy.open-cluster-management.io/v1
kind: PlacementBinding
metadata: {name: b, namespace: ztp}
placementRef: {kind: Placement, name: edges}
subjects: [{kind: Policy, name: p}]
---
apiVersion: cluster.open-cluster-management.io/v1beta1
kind: Placement
metadata: {name: edges, namespace: ztp}
spec:
  predicates:
  - requiredClusterSelector: {labelSelector: {matchLabels: {edge: a}}}
"""
    north = "apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\n"
    north += "metadata: {name: north, labels: {edge: a}}\n"
    folder = tree({"policy.yaml": policy, "north.yaml": north})
    assert reserved(folder, "north") == ["0-3"]
    (overlap,) = outcome(folder).findings
    assert (overlap.rule, overlap.cluster) == ("WPL202", "north")


def test_a_hub_template_is_resolved_for_each_cluster(tree: Tree) -> None:
    data = "a-res: 0-3\na-iso: 4-9\nb-res: 0-5\nb-iso: 5-9\n"
    folder = tree({
        "a.yaml": instance("a", "edge: ''\nrack: a"), "b.yaml": instance("b", "edge: ''\nrack: b"),
        "policies/p.yaml": template(hub("res"), hub("iso")),
        "policies/racks.yaml": racks(data), **CRS,
    })  # fmt: skip
    assert (reserved(folder, "a"), reserved(folder, "b")) == (["0-3"], ["0-5"])
    (item,) = outcome(folder).findings
    assert (item.rule, item.cluster) == ("WPL202", "b")
    places = [(label.ref.file.name.rpartition("/")[2], label.ref.text) for label in item.labels]
    assert places[:2] == [("racks.yaml", "5-9"), ("racks.yaml", "0-5")]
    assert {name for name, _ in places[2:]} == {"p.yaml"}
    assert all("policy edge-config reads it here" in label.words for label in item.labels[2:])


def test_one_cause_in_many_clusters_is_one_finding(tree: Tree) -> None:
    clusters = {f"c{number}.yaml": instance(f"c{number}") for number in range(7)}
    folder = tree({**clusters, "policies/p.yaml": template("0-3", "3-9"), **CRS})
    (item,) = outcome(folder).findings
    assert item.cluster == "c0, c1, c2, c3 and 3 more"
    assert "This concerns 7 clusters" in item.effect


def test_a_policy_without_a_cluster_is_checked_by_itself(tree: Tree) -> None:
    folder = tree({"policies/p.yaml": template("0-3", "3-9"), **CRS})
    (item,) = outcome(folder).findings
    assert (item.rule, item.cluster) == ("WPL202", "edge")


def test_its_own_rules_state_the_labels_of_an_unbound_policy(tree: Tree) -> None:
    text = template(hub("res"), hub("iso"), binding="edge: ''\nrack: b")
    folder = tree({
        "policies/p.yaml": text, "policies/racks.yaml": racks("b-res: 0-3\nb-iso: 3-9"), **CRS
    })  # fmt: skip
    assert [item.rule for item in outcome(folder).findings] == ["WPL202"]


def test_the_cpuset_of_a_siteconfig(tree: Tree) -> None:
    files = {"policies/p.yaml": template(), **CRS}
    folder = tree({"n.yaml": site("north", cpusets=("0-1,20-22",)), **files})
    (item,) = said(folder, "WPL316")
    assert [label.ref.text for label in item.labels] == ["0-1,20-22", "0-1,20-21"]


@pytest.mark.parametrize(
    ("cpusets", "expected"),
    [
        (("0-1,20-21",), []),
        (("20,0,1,21",), []),
        (('""',), []),
        (("$cpuset",), []),
        (("0-3", "0-3"), ["WPL326", "WPL326"]),
    ],
)
def test_cpusets_that_are_no_mismatch(
    tree: Tree, cpusets: tuple[str, ...], expected: list[str]
) -> None:
    folder = tree({"n.yaml": site("north", cpusets=cpusets), "policies/p.yaml": template(), **CRS})
    assert [item.rule for item in said(folder, "WPL316", "WPL326")] == expected


def test_two_clusters_of_one_name_are_two_clusters(tree: Tree) -> None:
    folder = tree({
        "east/n.yaml": site("north", "edge: a", ("0-3",)),
        "west/n.yaml": site("north", "edge: b", ("0-5",)),
        "policies/a.yaml": template("0-3", "4-9", "edge: a", "a"),
        "policies/b.yaml": template("0-5", "6-9", "edge: b", "b"), **CRS,
    })  # fmt: skip
    assert said(folder, "WPL316", "WPL504") == []


def test_of_copies_the_nearer_one_is_meant(tree: Tree) -> None:
    files: dict[str, str | bytes] = {}
    for version, cpus in (("4.14", "0-3"), ("4.16", "0-5")):
        isolated = f"{int(cpus[-1]) + 1}-19"
        files[f"{version}/sites/n.yaml"] = site("north", cpusets=(cpus,))
        files[f"{version}/policies/p.yaml"] = template(cpus, isolated)
        files[f"{version}/policies/source-crs/PerformanceProfile.yaml"] = PROFILE
    assert outcome(tree(files)).findings == ()


def test_of_two_ways_only_what_holds_for_both_is_said(tree: Tree) -> None:
    folder = tree({
        "sites/n.yaml": site("north", cpusets=("0-3",)),
        "ways/old/p.yaml": template("0-5", "6-9"), "ways/old/source-crs/PerformanceProfile.yaml":
        PROFILE, "ways/new/p.yaml": template("0-3", "4-9"),
        "ways/new/source-crs/PerformanceProfile.yaml": PROFILE,
    })  # fmt: skip
    assert outcome(folder).findings == ()


def test_a_file_that_no_kustomization_lists_is_inactive(tree: Tree) -> None:
    files = {"policies/p.yaml": template("0-3", "3-9"), "c.yaml": instance("north"), **CRS}
    kustomization = "generators:\n# - p.yaml\n"
    folder = tree({**files, "policies/kustomization.yaml": kustomization})
    assert {item.severity.value for item in outcome(folder).findings} == {"info"}
    assert reserved(folder, "north") == []


def test_kustomizations_may_be_a_cycle(tree: Tree) -> None:
    folder = tree({
        "a/kustomization.yaml": "resources: [../b, ../../../../etc]\n",
        "b/kustomization.yaml": "resources: [../a, https://example.com/x, ../policies]\n",
        "policies/p.yaml": template("0-3", "3-9"), "c.yaml": instance("north"), **CRS,
    })  # fmt: skip
    assert [item.severity.value for item in said(folder, "WPL202")] == ["error"]


def test_a_source_cr_is_found_inside_the_repository_only(tree: Tree) -> None:
    text = template().replace("PerformanceProfile.yaml", "../../../../PerformanceProfile.yaml")
    folder = tree({"policies/p.yaml": text, "c.yaml": instance("north")})
    (profile,) = facts(folder)["north"].profiles
    assert profile.name == "openshift-node-performance-profile"
    assert outcome(folder).findings == ()


def test_placeholders_without_a_value_are_dropped(tree: Tree) -> None:
    folder = tree({"policies/p.yaml": template(), "c.yaml": instance("north"), **CRS})
    (profile,) = facts(folder)["north"].profiles
    assert not profile.manifest.root.at("spec", "hugepages").exists
    selector = profile.node_selector
    assert selector is not None
    assert dict(selector.values) == {"node-role.kubernetes.io/master": ""}


def test_a_value_of_a_source_cr_stands_in_the_source_cr(tree: Tree) -> None:
    literal = PROFILE.replace("$reserved", "0-3").replace("$isolated", "3-9")
    text = template().partition("    spec:\n")[0]
    folder = tree({
        "policies/p.yaml": text, "c.yaml": instance("north"),
        "policies/source-crs/PerformanceProfile.yaml": literal,
    })  # fmt: skip
    (item,) = outcome(folder).findings
    assert item.primary.ref.file.name.endswith("source-crs/PerformanceProfile.yaml")


@pytest.mark.parametrize(
    "config_map",
    [
        racks("a-res: 0-3\na-iso: 3-9", namespace="elsewhere"),
        racks('a-res: "{{ later }}"\na-iso: 3-9'),
        racks('"{{ key }}": 0-3\nb-iso: 3-9'),
        racks("a-res: [0]\na-iso: {b: c}"),
        racks("a-res: 3\na-iso: 3-9"),
        racks("{{ everything }}"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: racks, namespace: ztp}\n",
        racks("a-res: 0-3\na-iso: 3-9") + "---\n" + racks("a-res: 0-1\na-iso: 2-9"),
    ],
)
def test_what_a_config_map_does_not_say_is_unknown(tree: Tree, config_map: str) -> None:
    folder = tree({
        "c.yaml": instance("north", "edge: ''\nrack: a"), "policies/racks.yaml": config_map,
        "policies/p.yaml": template(hub("res"), hub("iso")), **CRS,
    })  # fmt: skip
    assert outcome(folder).findings == ()


def test_plain_manifests_are_not_mixed(tree: Tree) -> None:
    profile = PROFILE.replace("$reserved", "{}").replace("$isolated", "{}")
    profile = profile.replace("$mcp", "master")
    profile = profile.replace("$size", "1G").replace("$count", "4")
    folder = tree({
        "c.yaml": instance("north"), "lab/one/p.yaml": profile.format("0-3", "4-9"),
        "lab/two/p.yaml": profile.format("0-5", "6-9"),
    })  # fmt: skip
    assert said(folder, "WPL502", "WPL504") == []


def test_a_policy_with_many_bindings(tree: Tree) -> None:
    rules = "\n".join(f"k{number}: v" for number in range(100))
    folder = tree({
        "c.yaml": instance("north", rules),
        "d.yaml": instance("south", rules.replace("k99: v", "k99: w")),
        "policies/p.yaml": template(binding=rules), **CRS,
    })  # fmt: skip
    assert (reserved(folder, "north"), reserved(folder, "south")) == (["0-1,20-21"], [])


@pytest.mark.parametrize(
    "text",
    [
        "kind: SiteConfig\napiVersion: ran.openshift.io/v1\n",
        "kind: SiteConfig\napiVersion: ran.openshift.io/v1\nspec: {clusters: [1, {}, [x]]}\n",
        (
            "kind: SiteConfig\napiVersion: ran.openshift.io/v1\n"
            "spec: {clusters: [{clusterName: north, clusterLabels: [a], nodes: {a: b}}]}\n"
        ),
        "kind: PolicyGenTemplate\napiVersion: ran.openshift.io/v1\nspec: {sourceFiles: 4}\n",
        (
            "kind: PolicyGenTemplate\napiVersion: ran.openshift.io/v1\n"
            "spec: {bindingRules: 3, sourceFiles: [{fileName: [PerformanceProfile.yaml]}, 7, "
            '{fileName: ""}, {fileName: /etc/PerformanceProfile.yaml, spec: []}]}\n'
        ),
        (
            "kind: PolicyGenerator\napiVersion: policy.open-cluster-management.io/v1\n"
            "policies: [{manifests: [{path: PerformanceProfile.yaml, patches: [3]}, {path: .}]}]\n"
        ),
        (
            "kind: Policy\napiVersion: policy.open-cluster-management.io/v1\n"
            "spec: {policy-templates: [{objectDefinition: {kind: ConfigurationPolicy, "
            'spec: {object-templates-raw: "{{ x }}", object-templates: [{}]}}}]}\n'
        ),
        "kind: ManagedCluster\napiVersion: cluster.open-cluster-management.io/v1\n",
        (
            "kind: ClusterInstance\napiVersion: siteconfig.open-cluster-management.io/v1alpha1\n"
            "spec: {clusterName: north, installConfigOverrides: [1], nodes: [{role: [a]}]}\n"
        ),
    ],
)
def test_odd_objects_are_passed_over(tree: Tree, text: str) -> None:
    folder = tree({
        "odd.yaml": text, "kustomization.yaml": "resources: [odd.yaml, {}, 3]\ngenerators: 4\n",
    })  # fmt: skip
    assert {item.rule for item in outcome(folder).findings} <= {"WPL805"}


def _fingerprints(folder: str) -> list[str]:
    return sorted(item.fingerprint for item in outcome(folder).findings)


def test_a_shared_cause_is_the_same_finding_whichever_clusters_have_it(tree: Tree) -> None:
    wrong = {"policies/p.yaml": template("0-3", "2-31"), **CRS}
    one = _fingerprints(tree({"b.yaml": instance("b"), **wrong}))
    more = {"a.yaml": instance("a"), "b.yaml": instance("b"), "c.yaml": instance("c")}
    assert _fingerprints(tree({**more, **wrong})) == one


def test_what_a_cluster_says_itself_is_a_finding_of_its_own(tree: Tree) -> None:
    shared = {"policies/p.yaml": template(), **CRS}
    one = _fingerprints(tree({"b.yaml": site("b", cpusets=("0-3",)), **shared}))
    wrong = {f"{name}.yaml": site(name, cpusets=("0-3",)) for name in "abc"}
    several = _fingerprints(tree({**wrong, **shared}))
    assert len(one) == 1
    assert len(set(several)) == 3
    assert one[0] in several


def test_keys_of_one_config_map_are_told_apart(tree: Tree) -> None:
    profile = template(hub("reserved"), hub("isolated"))
    clusters = {f"{rack}.yaml": instance(rack, f'edge: ""\nrack: {rack}') for rack in ("r1", "r2")}
    data = "\n".join(f'{r}-reserved: "0-3"\n{r}-isolated: "2-31"' for r in ("r1", "r2"))
    rest = {"p/p.yaml": profile, "m.yaml": racks(data), **CRS}
    one = _fingerprints(tree({"r2.yaml": clusters["r2.yaml"], **rest}))
    both = _fingerprints(tree({**clusters, **rest}))
    assert len(set(both)) == 2
    assert set(one) < set(both)


def test_one_value_that_two_policies_read_is_one_finding(tree: Tree) -> None:
    small = hub("reserved"), hub("isolated")
    data = 'r1-reserved: "0"\nr1-isolated: "1-31"'
    (item,) = [
        found
        for found in outcome(
            tree({
                "a.yaml": instance("a", 'edge: ""\nrack: r1'),
                "b.yaml": instance("b", 'core: ""\nrack: r1'),
                "policies/p.yaml": template(*small),
                "policies/q.yaml": template(*small, binding='core: ""', name="core"),
                "m.yaml": racks(data),
                **CRS,
            })
        ).findings
        if found.rule == "WPL215"
    ]  # fmt: skip
    assert item.cluster == "a, b"
    places = [label.ref.file.name.rpartition("/")[2] for label in item.labels]
    assert places == ["m.yaml", "p.yaml", "q.yaml"]


def test_the_cpus_of_an_overlay_are_all_even_without_its_source_cr(tree: Tree) -> None:
    """Source CRs of profiles leave every CPU set to be filled in, so a hole is a hole."""
    folder = tree({"c.yaml": instance("north"), "p.yaml": template("0,2,64,66", "1,3,65,67-127")})
    (item,) = said(folder, "WPL203")
    assert item.cluster == "north"
    assert not [f for f in outcome(folder).findings if f.severity.value == "error"]


def test_of_two_ways_each_is_checked_by_itself(tree: Tree) -> None:
    wrong, right = template("0-3", "2-31"), template("0-1", "2-31")
    folder = tree({"c.yaml": instance("north"), "one/p.yaml": wrong, "two/p.yaml": right})
    (item,) = said(folder, "WPL202")
    assert (item.cluster, item.primary.ref.file.name.endswith("one/p.yaml")) == ("edge", True)
    folder = tree({"two/p.yaml": wrong})
    found = said(folder, "WPL202")
    assert len(found) == 2
    assert found[0].cluster == "north"


TUNED = """\
apiVersion: tuned.openshift.io/v1
kind: Tuned
metadata: {name: performance-patch, namespace: openshift-cluster-node-tuning-operator}
spec:
  profile:
  - name: performance-patch
    data: "[main]\\nsummary=x\\n"
  recommend:
  - profile: performance-patch
    priority: 19
    machineConfigLabels: {machineconfiguration.openshift.io/role: $mcp}
"""


def test_lists_of_objects_are_merged_one_by_one(tree: Tree) -> None:
    """What the overlay of a PolicyGenTemplate leaves out stays as the source CR has it."""
    entry = (
        "  - fileName: TunedPerformancePatch.yaml\n    policyName: config\n    spec:\n"
        "      recommend:\n      - profile: mine\n"
    )
    files = {"c.yaml": instance("north"), "policies/p.yaml": template() + entry, **CRS}
    folder = tree({**files, "policies/source-crs/TunedPerformancePatch.yaml": TUNED})
    (tuned,) = facts(folder)["north"].tuneds
    (recommended,) = tuned.manifest.root.at("spec", "recommend").elements()
    assert recommended.at("profile").scalar() == "mine"
    assert recommended.at("priority").scalar() == 19
    assert said(folder, "WPL002") == []


def test_an_empty_text_of_a_source_cr_is_to_be_filled_in(tree: Tree) -> None:
    pool = (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
        'metadata: {name: $mcp}\nspec:\n  paused: ""\n'
        '  nodeSelector: {matchLabels: {node-role.kubernetes.io/$mcp: ""}}\n'
    )
    entry = (
        "  - fileName: MachineConfigPool.yaml\n    policyName: config\n"
        "    spec: {maxUnavailable: 1}\n"
    )
    files = {"c.yaml": instance("north"), "policies/p.yaml": template() + entry, **CRS}
    folder = tree({**files, "policies/source-crs/MachineConfigPool.yaml": pool})
    (declared,) = facts(folder)["north"].pools
    assert not declared.manifest.root.at("spec", "paused").exists
    selector = declared.manifest.root.at("spec", "nodeSelector", "matchLabels")
    assert dict(selector.plain()) == {"node-role.kubernetes.io/master": ""}
    assert said(folder, "WPL002") == []
