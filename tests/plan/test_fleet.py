"""A change as a fleet sees it: which clusters an edited line reaches, and in which wave."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from builders import profile
from planning import planned
from repositories import generator, hub, instance, racks, template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.engine.planning import Plan

SITES = {
    f"sites/{name}.yaml": instance(name, f"group: {group}")
    for name, group in (("a", "one"), ("b", "two"), ("c", "one"), ("d", "three"))
}
BEFORE, AFTER = ("0-1,20-21", "2-19,22-39"), ("0-3,20-23", "4-19,24-39")
WAVE = "ran.openshift.io/ztp-deploy-wave"


def policies(one: tuple[str, str], extra: str = "") -> dict[str, str]:
    return SITES | {
        "policies/one.yaml": template(*one, binding="group: one", name="one", extra=extra),
        "policies/two.yaml": template(*BEFORE, binding="group: two", name="two"),
    }


def touched(made: Plan) -> list[str]:
    return [cluster.name for cluster in made.clusters]


def reach(made: Plan) -> list[tuple[str, tuple[str, ...], int, int | None]]:
    return [(one.ref.file.name, one.clusters, one.nodes, one.wave) for one in made.reaches]


def test_one_line_of_a_group_policy_reaches_its_clusters_and_no_other() -> None:
    made = planned(policies(BEFORE), policies(AFTER))
    assert touched(made) == ["a", "c"]
    assert made.untouched == 2
    assert reach(made) == [("policies/one.yaml", ("a", "c"), 2, None)] * 2
    (finding,) = made.outcome.findings
    assert finding.cluster == "a, c"


def test_clusters_that_leave_a_group_lose_their_profile() -> None:
    new = policies(BEFORE) | {"sites/a.yaml": instance("a", "group: four")}
    made = planned(policies(BEFORE), new)
    assert touched(made) == ["a"]
    assert made.clusters[0].change is not None
    assert {effect.slug for effect in made.clusters[0].effects} >= {"floats", "unpinned"}


def test_a_value_of_a_config_map_reaches_those_that_read_it() -> None:
    sites = {
        f"sites/{name}.yaml": instance(name, f'edge: ""\nrack: {rack}')
        for name, rack in (("a", "r1"), ("b", "r2"), ("c", "r1"))
    }
    policy = {"policies/edge.yaml": template(hub("reserved"), hub("isolated"))}

    def state(reserved: str, isolated: str) -> dict[str, str]:
        data = (
            f"r1-reserved: {reserved}\nr1-isolated: {isolated}\n"
            "r2-reserved: 0-1,20-21\nr2-isolated: 2-19,22-39\n"
        )
        return sites | policy | {"racks.yaml": racks(data)}

    made = planned(state(*BEFORE), state(*AFTER))
    assert touched(made) == ["a", "c"]
    assert {name for name, *_ in reach(made)} == {"racks.yaml"}


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        (
            "entry of a PolicyGenTemplate",
            {
                "policies/one.yaml": template(*AFTER, binding="group: one", name="one").replace(
                    "    policyName: config\n",
                    "    policyName: config\n    metadata:\n      annotations:\n"
                    f'        {WAVE}: "7"\n',
                )
            },
        ),
        (
            "PolicyGenerator",
            {
                "policies/source-crs/PerformanceProfile.yaml": (
                    "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
                    "metadata:\n  name: edge\nspec:\n  cpu:\n"
                    "    reserved: 0-1,20-21\n    isolated: 2-19,22-39\n"
                    '  nodeSelector:\n    node-role.kubernetes.io/master: ""\n'
                ),
                "policies/one.yaml": generator(
                    "labelSelector:\n  group: one",
                    "spec:\n  cpu:\n    reserved: 0-3,20-23\n    isolated: 4-19,24-39",
                ).replace(
                    "policyDefaults:\n",
                    f'policyDefaults:\n  policyAnnotations:\n    {WAVE}: "7"\n',
                ),
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_waves(name: str, texts: Mapping[str, str]) -> None:
    new = SITES | dict(texts)
    old = {path: text for path, text in new.items() if path != "policies/one.yaml"} | {
        "policies/one.yaml": new["policies/one.yaml"]
        .replace("0-3,20-23", "0-1,20-21")
        .replace("4-19,24-39", "2-19,22-39")
    }
    found = reach(planned(old, new))
    assert found
    assert {wave for *_, wave in found} == {7}, name


@pytest.mark.parametrize("place", ["policy", "object", "both"])
def test_waves_of_plain_policies(place: str) -> None:
    """The nearest annotation counts: that of the object within, else that of the policy."""

    def state(cpus: tuple[str, str]) -> dict[str, str]:
        inner = profile(*cpus, selector='node-role.kubernetes.io/master: ""')
        if place != "policy":
            wave = f"metadata:\n  annotations:\n    {WAVE}: '8'\n"
            inner = inner.replace("metadata:\n", wave, 1)
        outer = "" if place == "object" else f"  annotations:\n    {WAVE}: '7'\n"
        policy = (
            "apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\n"
            f"metadata:\n  name: west\n  namespace: ztp\n{outer}spec:\n  policy-templates:\n"
            "  - objectDefinition:\n      kind: ConfigurationPolicy\n      spec:\n"
            "        object-templates:\n        - complianceType: mustonlyhave\n"
            f"          objectDefinition:\n{indent(inner, ' ' * 12)}"
        )
        placement = (
            "apiVersion: cluster.open-cluster-management.io/v1beta1\nkind: Placement\n"
            "metadata:\n  name: west\n  namespace: ztp\nspec:\n  predicates:\n"
            "  - requiredClusterSelector:\n      labelSelector:\n"
            "        matchLabels:\n          group: one\n"
        )
        binding = (
            "apiVersion: policy.open-cluster-management.io/v1\nkind: PlacementBinding\n"
            "metadata:\n  name: west\n  namespace: ztp\nplacementRef:\n  kind: Placement\n"
            "  name: west\nsubjects:\n- kind: Policy\n  name: west\n"
        )
        texts = {"p": policy, "placement": placement, "binding": binding}
        return SITES | {f"policies/{name}.yaml": text for name, text in texts.items()}

    found = reach(planned(state(BEFORE), state(AFTER)))
    assert {(name, clusters) for name, clusters, *_ in found} == {("policies/p.yaml", ("a", "c"))}
    assert {wave for *_, wave in found} == {7 if place == "policy" else 8}


def test_a_line_that_takes_the_place_of_several_reaches_all_their_clusters() -> None:
    sites = {
        f"sites/{name}.yaml": instance(name, f'edge: ""\nrack: {rack}')
        for name, rack in (("a", "r1"), ("b", "r2"))
    }
    data = "r1-reserved: 0-1\nr1-isolated: 2-39\nr2-reserved: 0-3\nr2-isolated: 4-39\n"
    base = sites | {"racks.yaml": racks(data)}
    old = base | {"policies/edge.yaml": template(hub("reserved"), hub("isolated"))}
    new = base | {"policies/edge.yaml": template("0-5", hub("isolated"))}
    found = reach(planned(old, new))
    assert found == [("policies/edge.yaml", ("a", "b"), 2, None)]


def test_edited_lines_are_listed_in_the_order_of_their_waves() -> None:
    def state(cpus: tuple[str, str]) -> dict[str, str]:
        texts = dict(SITES)
        for group, wave in (("one", 20), ("two", 3)):
            text = template(*cpus, binding=f"group: {group}", name=group)
            texts[f"policies/{group}.yaml"] = text.replace(
                "  namespace: ztp\n", f'  namespace: ztp\n  annotations:\n    {WAVE}: "{wave}"\n', 1
            )
        return texts

    found = reach(planned(state(BEFORE), state(AFTER)))
    assert [wave for *_, wave in found] == [3, 3, 20, 20]


def test_a_policy_for_nobody_here_is_compared_by_itself() -> None:
    old = {"one.yaml": template(*BEFORE, binding="group: nowhere", name="one")}
    new = {"one.yaml": template(*AFTER, binding="group: nowhere", name="one")}
    made = planned(old, new)
    assert [cluster.name for cluster in made.clusters] == ["one"]


def test_what_depends_on_which_of_two_policies_a_cluster_gets_is_not_known() -> None:
    old = SITES | {
        f"{folder}/one.yaml": template(*BEFORE, binding="group: one", name=folder)
        for folder in ("east", "west")
    }
    one = old | {"west/one.yaml": template(*AFTER, binding="group: one", name="west")}
    made = planned(old, one)
    unknown = {cluster.name: bool(cluster.unknown) for cluster in made.clusters}
    assert unknown == {"a": True, "c": True, "west": False}  # the policy by itself, too
    assert {finding.cluster for finding in made.outcome.findings} <= {"west"}
    both = one | {"east/one.yaml": template(*AFTER, binding="group: one", name="east")}
    made = planned(old, both)
    assert {"a", "c"} <= set(touched(made))
    assert {effect.slug for effect in made.clusters[0].effects} == {"moves", "reboot"}
    assert {finding.rule for finding in made.outcome.findings} == {"WPL861"}
