"""Input that is odd on purpose: a finding or an unknown, never a crash or a wrong pairing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repositories import (
    CRS,
    PROFILE,
    facts,
    hub,
    instance,
    outcome,
    racks,
    reserved,
    site,
    template,
)

from linter.engine.scoping import Tally, read_scopes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a-res: 0-3\na-iso: 3-9", ["WPL202"]),
        ('a-res: \'{{hub fromConfigMap "" "racks" "a-other" hub}}\'\na-other: 0-3', []),
        ("a-res: '{{hub index .ManagedClusterLabels \"rack\" hub}}'", []),
        ("a-res: $reserved", []),
        ("a-res: '{{ .Values.reserved }}'", []),
    ],
)
def test_a_value_of_a_config_map_that_is_a_template_is_unknown(
    tree: Tree, data: str, expected: list[str]
) -> None:
    data = data if "a-iso" in data else f"{data}\na-iso: 3-9"
    folder = tree({
        "c.yaml": instance("north", "edge: ''\nrack: a"), "policies/racks.yaml": racks(data),
        "policies/p.yaml": template(hub("res"), hub("iso")), **CRS,
    })  # fmt: skip
    assert [item.rule for item in outcome(folder).findings] == expected


@pytest.mark.parametrize(
    ("label", "key"),
    [("4", "4"), ("true", "true"), ('"true"', "true"), ("'007'", "007")],
)
def test_a_label_that_is_no_string_names_a_key(tree: Tree, label: str, key: str) -> None:
    folder = tree({
        "c.yaml": instance("north", f"edge: ''\nrack: {label}"),
        "policies/racks.yaml": racks(f"{key}-res: 0-3\n{key}-iso: 4-9"),
        "policies/p.yaml": template(hub("res"), hub("iso")), **CRS,
    })  # fmt: skip
    assert reserved(folder, "north") == ["0-3"]
    assert outcome(folder).findings == ()


def test_two_clusters_of_one_name_get_their_own_policies(tree: Tree) -> None:
    folder = tree({
        "east/n.yaml": site("north", "edge: a", ("0-3",)),
        "west/n.yaml": site("north", "edge: b", ("0-5",)),
        "policies/a.yaml": template("0-3", "4-9", "edge: a", "a"),
        "policies/b.yaml": template("0-5", "6-9", "edge: b", "b"), **CRS,
    })  # fmt: skip
    scopes = [(scope, facts) for scope, facts in read_scopes([folder], Tally()) if facts.profiles]
    found = {
        scope.path.split("/")[-2]: [
            str(one.reserved.cpus) for one in facts.profiles if one.reserved
        ]
        for scope, facts in scopes
    }
    assert found == {"east": ["0-3"], "west": ["0-5"]}
    assert len(scopes) == 2


def test_a_policy_with_a_hundred_bindings(tree: Tree) -> None:
    """A cluster gets it once, however many of its placements mean the cluster."""
    policy = (
        "apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\n"
        "metadata: {name: p, namespace: ztp}\nspec:\n  policy-templates:\n  - objectDefinition:\n"
        "      kind: ConfigurationPolicy\n      spec:\n        object-templates:\n"
        "        - complianceType: musthave\n          objectDefinition:\n"
        "            apiVersion: performance.openshift.io/v2\n"
        "            kind: PerformanceProfile\n"
        "            metadata: {name: edge}\n"
        "            spec: {cpu: {reserved: 0-3, isolated: 3-9}}\n"
    )
    for number in range(100):
        policy += (
            "---\napiVersion: policy.open-cluster-management.io/v1\nkind: PlacementBinding\n"
            f"metadata: {{name: b{number}, namespace: ztp}}\n"
            f"placementRef: {{kind: Placement, name: p{number}}}\n"
            "subjects: [{kind: Policy, name: p}]\n"
            "---\napiVersion: cluster.open-cluster-management.io/v1beta1\nkind: Placement\n"
            f"metadata: {{name: p{number}, namespace: ztp}}\nspec:\n  predicates:\n"
            "  - requiredClusterSelector:\n"
            f"      labelSelector: {{matchLabels: {{k{number % 50}: v}}}}\n"
        )
    clusters = {"north.yaml": "k7: v", "south.yaml": "k7: v\nk8: v", "west.yaml": "k77: v"}
    files = {name: instance(name[:-5], labels) for name, labels in clusters.items()}
    folder = tree({"policy.yaml": policy, **files})
    assert [reserved(folder, name[:-5]) for name in sorted(files)] == [["0-3"], ["0-3"], []]
    (item,) = [item for item in outcome(folder).findings if item.rule == "WPL202"]
    assert "2 clusters" in item.effect


@pytest.mark.parametrize(
    "text",
    [
        "{{- range .Values.profiles }}\n" + PROFILE + "{{- end }}\n",
        "{{- if .Values.big }}\n---\n" + PROFILE + "---\n{{- end }}\n",
        "{% if big %}\n---\n" + PROFILE + "---\n{% endif %}\n",
        "<% if big %>\na: b\n---\n" + PROFILE,
        PROFILE.replace("  cpu:", "  {% if big %}\n  cpu:"),
        PROFILE.replace("spec:", "{{- if x }}\nspec:"),
        PROFILE.replace("kind: PerformanceProfile", "kind: {{ kind }}"),
    ],
)
def test_a_source_cr_that_is_a_template_is_unknown(tree: Tree, text: str) -> None:
    folder = tree({
        "c.yaml": instance("north"), "policies/p.yaml": template("0-3", "3-9"),
        "policies/source-crs/PerformanceProfile.yaml": text,
    })  # fmt: skip
    assert facts(folder)["north"].profiles == []
    assert outcome(folder).findings == ()


@pytest.mark.parametrize("way", ["resources", "bases", "components", "generators"])
def test_nothing_outside_of_the_paths_is_read(tree: Tree, way: str) -> None:
    outside = PROFILE.replace("$reserved", "0-3").replace("$isolated", "3-9")
    outside = outside.replace("$mcp", "master").replace("$size", "1G").replace("$count", "4")
    folder = tree({
        "outside/kustomization.yaml": "resources: [profile.yaml, ../repository]\n",
        "outside/profile.yaml": outside, "outside/p.yaml": template("0-3", "3-9"),
        "repository/kustomization.yaml": f"{way}: [../outside, ../outside/p.yaml, .]\n",
        "repository/c.yaml": instance("north"),
    })  # fmt: skip
    assert "WPL202" in {item.rule for item in outcome(f"{folder}/outside").findings}
    inside = outcome(f"{folder}/repository")
    assert "WPL202" not in {item.rule for item in inside.findings}
    assert inside.summary.files == 2
