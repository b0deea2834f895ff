from __future__ import annotations

from typing import Any

import pytest
from rendering_inputs import (
    NODE_ROLE,
    POOL_LABEL,
    ROLE,
    bootstrap,
    failure,
    infrastructure,
    pool,
    profile,
    rendered,
    role_pool,
)

from linter.model.releases import NEWEST_MINOR

NEWEST = NEWEST_MINOR


@pytest.mark.parametrize(("minor", "has_arbiter"), [(19, False), (20, True)])
def test_arbiter_pool(minor: int, has_arbiter: bool) -> None:
    files = rendered(minor, infrastructure(control_plane="HighlyAvailableArbiter"))
    assert (bootstrap("arbiter") in files) is has_arbiter
    assert bootstrap("arbiter") not in rendered(minor, infrastructure())


@pytest.mark.parametrize("role", ["master", "worker"])
def test_built_in_pools_by_release(role: str) -> None:
    assert rendered(13, profile(role=role)) == {}
    problem = failure(14, profile(role=role))
    assert problem.path == ("spec", "nodeSelector")
    assert "no MachineConfigPool manifests" in problem.message
    assert "4.14" in problem.message
    files = rendered(15, profile(role=role))
    selector = files["edge_kubeletconfig.yaml"].object["spec"]["machineConfigPoolSelector"]
    assert selector == {"matchLabels": {f"{POOL_LABEL}{role}": ""}}


def test_a_manifest_of_a_built_in_pool_replaces_the_implied_one() -> None:
    mine = role_pool("worker", **{"example.com/mine": "yes"})
    files = rendered(NEWEST, mine, profile(role="worker"))
    selector = files["edge_kubeletconfig.yaml"].object["spec"]["machineConfigPoolSelector"]
    assert selector == {"matchLabels": {"example.com/mine": "yes"}}


def test_no_pool_names_the_candidates_and_the_difference() -> None:
    problem = failure(
        NEWEST, role_pool("metal", "true"), pool("idle"), profile("gnb", role="metal")
    )
    assert (problem.kind, problem.name) == ("PerformanceProfile", "gnb")
    assert problem.path == ("spec", "nodeSelector")
    key = f"{NODE_ROLE}metal"
    assert f'metal wants {key}: "true", not ""' in problem.message
    assert f'worker wants {NODE_ROLE}worker: ""' in problem.message
    assert "idle has no node selector" in problem.message


def test_no_pool_names_the_expression_that_fails() -> None:
    expression = {"key": f"{NODE_ROLE}metal", "operator": "NotIn", "values": ["", "x"]}
    problem = failure(
        NEWEST, pool("strange", {"matchExpressions": [expression]}), profile(role="metal")
    )
    assert f'strange wants "{NODE_ROLE}metal" NotIn ("", "x")' in problem.message


def test_a_long_list_of_candidates_is_cut() -> None:
    pools = [role_pool(f"p{number}") for number in range(40)]
    problem = failure(NEWEST, *pools, profile(role="metal"))
    assert "and 34 more" in problem.message


def test_two_pools_are_an_error_that_names_both() -> None:
    problem = failure(NEWEST, pool("all", {}), role_pool("metal"), profile(role="metal"))
    assert "2 pools claim: all, metal" in problem.message
    assert "all has an empty node selector" in problem.message
    assert problem.path == ("spec", "nodeSelector")


@pytest.mark.parametrize(
    ("expression", "claims"),
    [
        ({"key": f"{NODE_ROLE}metal", "operator": "Exists"}, True),
        ({"key": f"{NODE_ROLE}other", "operator": "Exists"}, False),
        ({"key": f"{NODE_ROLE}other", "operator": "DoesNotExist"}, True),
        ({"key": f"{NODE_ROLE}metal", "operator": "DoesNotExist"}, False),
        ({"key": f"{NODE_ROLE}metal", "operator": "In", "values": ["a", ""]}, True),
        ({"key": f"{NODE_ROLE}metal", "operator": "In", "values": ["a"]}, False),
        ({"key": f"{NODE_ROLE}other", "operator": "NotIn", "values": ["a"]}, True),
        ({"key": f"{NODE_ROLE}metal", "operator": "NotIn", "values": [""]}, False),
    ],
)
def test_match_expressions(expression: dict[str, Any], claims: bool) -> None:
    objects = [pool("metal", {"matchExpressions": [expression]}), profile(role="metal")]
    if claims:
        assert "edge_tuned.yaml" in rendered(NEWEST, *objects)
    else:
        assert "no pool claims" in failure(NEWEST, *objects).message


def test_a_pool_with_a_second_label_cannot_match() -> None:
    labels = {f"{NODE_ROLE}metal": "", "example.com/rack": "7"}
    problem = failure(NEWEST, pool("metal", {"matchLabels": labels}), profile(role="metal"))
    assert 'metal wants example.com/rack: "7"' in problem.message


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ({"key": "a", "operator": "Matches"}, "operator"),
        ({"key": "a"}, "operator"),
        ({"key": "a", "operator": "In"}, "values"),
        ({"key": "a", "operator": "NotIn", "values": []}, "values"),
        ({"key": "a", "operator": "Exists", "values": ["b"]}, "values"),
    ],
)
def test_invalid_expressions(expression: dict[str, Any], path: str) -> None:
    problem = failure(NEWEST, pool("metal", {"matchExpressions": [expression]}))
    assert (problem.kind, problem.name) == ("MachineConfigPool", "metal")
    assert problem.path == ("spec", "nodeSelector", "matchExpressions", 0, path)


@pytest.mark.parametrize("name", ["", "Metal", "a/b", "../etc", "a" * 64, "a_b"])
def test_pool_names_become_file_names_and_labels(name: str) -> None:
    problem = failure(NEWEST, infrastructure(), pool(name))
    assert problem.path == ("metadata", "name")


def test_pool_labels_become_the_selector_even_if_there_are_none() -> None:
    bare = rendered(NEWEST, role_pool("metal"), profile(role="metal"))
    spec = bare["edge_kubeletconfig.yaml"].object["spec"]
    assert spec["machineConfigPoolSelector"] == {}
    chosen = profile(role="metal", machineConfigPoolSelector={"example.com/p": "x"})
    explicit = rendered(NEWEST, role_pool("metal", a="b"), chosen)
    spec = explicit["edge_kubeletconfig.yaml"].object["spec"]
    assert spec["machineConfigPoolSelector"] == {"matchLabels": {"example.com/p": "x"}}


def test_pools_are_not_looked_at_before_4_13() -> None:
    files = rendered(12, role_pool("master", a="b"), profile())
    spec = files["edge_kubeletconfig.yaml"].object["spec"]
    assert spec["machineConfigPoolSelector"] == {"matchLabels": {ROLE: "master"}}
