"""The pools of a cluster, and which profile configures which (node tuning operator, render)."""

from __future__ import annotations

import pytest
from builders import cluster, infrastructure, node, pool, profile, root_of

from linter.facts.site_config import read_topology
from linter.model.pools import Pool, pool_of, with_nodes

CNF = 'node-role.kubernetes.io/worker-cnf: ""'
KEY = "{key: node-role.kubernetes.io/worker-cnf, "
EXPRESSION = "nodeSelector: {matchExpressions: [%s]}"
CNF_POOL = "nodeSelector: {matchLabels: {node-role.kubernetes.io/worker-cnf: %s}}"


def matched(spec: str, selector: str = CNF) -> list[str]:
    """Return the pools that a profile matches beside a pool ``p`` of some specification."""
    (match,) = cluster(pool("p", spec), profile(selector=selector)).matches
    assert match.open is False
    return [one.name for one in match.pools]


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        (CNF_POOL % '""', ["p"]),
        (CNF_POOL % "'true'", []),
        ("nodeSelector: {matchLabels: {node-role.kubernetes.io/worker-cnf: '', other: ''}}", []),
        ("nodeSelector: {}", ["p"]),
        ("nodeSelector:", []),
        ("paused: false", []),
        (EXPRESSION % (KEY + "operator: Exists}"), ["p"]),
        (EXPRESSION % (KEY + "operator: In, values: ['']}"), ["p"]),
        (EXPRESSION % (KEY + "operator: In, values: [x]}"), []),
        (EXPRESSION % "{key: other, operator: DoesNotExist}", ["p"]),
        (EXPRESSION % "{key: other, operator: NotIn, values: [x]}", ["p"]),
        (EXPRESSION % "{key: other, operator: Exists}", []),
    ],
)
def test_the_pools_selector_is_held_against_the_profiles(spec: str, names: list[str]) -> None:
    assert matched(spec) == names


def test_an_empty_selector_matches_every_profile_beside_its_own_pool() -> None:
    assert matched("nodeSelector: {}", 'node-role.kubernetes.io/master: ""') == ["master", "p"]


def test_names_roles_and_pool_selectors_play_no_part() -> None:
    spec = (
        "machineConfigSelector: {matchLabels: {machineconfiguration.openshift.io/role: worker-cnf}}"
    )
    role = "machineconfiguration.openshift.io/role: worker-cnf"
    (match,) = cluster(
        pool("worker-cnf", spec, role),
        profile(selector=CNF, extra=f"machineConfigPoolSelector: {{{role}}}\n"),
    ).matches
    assert match.pools == ()


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ('node-role.kubernetes.io/master: ""', ["master"]),
        ('node-role.kubernetes.io/worker: ""', ["worker"]),
        ('node-role.kubernetes.io/master: "true"', []),
        ('node-role.kubernetes.io/control-plane: ""', []),
    ],
)
def test_built_in_pools_are_there_without_a_manifest(selector: str, names: list[str]) -> None:
    (match,) = cluster(profile(selector=selector)).matches
    assert [one.name for one in match.pools] == names


def test_a_profile_without_a_selector_matches_nothing() -> None:
    (match,) = cluster(profile(selector="")).matches
    assert (match.pools, match.open) == ((), False)


@pytest.mark.parametrize(
    "selector", ["node-role.kubernetes.io/master: '{{ .v }}'", "{{ .selector }}: ''"]
)
def test_a_template_leaves_the_match_open(selector: str) -> None:
    model = cluster(profile(selector=selector))
    assert model.matches[0].open is True
    assert all(one.profiles_open for one in model.nodes)


def test_a_templated_pool_leaves_the_match_open() -> None:
    (match,) = cluster(pool("p", CNF_POOL % "'{{ .v }}'"), profile(selector=CNF)).matches
    assert (match.pools, match.open) == ((), True)


def test_pools_are_sorted_and_the_arbiter_is_there_where_the_topology_has_one() -> None:
    names = [p.name for p in cluster(pool("b"), pool("a")).pools]
    assert names == ["a", "b", "master", "worker"]
    model = cluster(infrastructure(topology="HighlyAvailableArbiter"))
    assert [p.name for p in model.pools] == ["arbiter", "master", "worker"]


def test_two_pools_of_one_name_and_pools_without_one_are_all_kept() -> None:
    model = cluster(pool("a"), pool("a"), pool("'{{ .n }}'"), pool("'{{ .n }}'"), pool("master"))
    assert sorted(p.name for p in model.pools) == ["", "", "a", "a", "master", "worker"]
    assert [p.name for p in model.pools if p.built_in and p.declared is not None] == ["master"]


@pytest.mark.parametrize(
    ("topology", "holds"), [("SingleReplica", False), ("HighlyAvailable", None)]
)
def test_on_a_single_node_workers_hold_nothing(topology: str, holds: bool | None) -> None:
    assert node("worker", infrastructure(topology=topology)).pool.holds_nodes is holds
    assert node("master", infrastructure(topology=topology)).pool.holds_nodes is True


def test_two_profiles_for_one_pool_leave_it_without_one() -> None:
    found = node("master", profile(name="a"), profile(name="b", reserved="0-3"))
    assert [p.name for p in found.profiles] == ["a", "b"]
    assert found.profile is None
    assert found.reserved is None


NODES = "nodes:\n- {role: master}\n"
WORKER = "- {role: worker}\n"
CNF_WORKER = "- {role: worker, nodeLabels: {node-role.kubernetes.io/worker-cnf: ''}}\n"
TWO_POOLS = (
    "- {role: worker, nodeLabels: {node-role.kubernetes.io/worker-cnf: '', "
    "node-role.kubernetes.io/other: ''}}\n"
)
OTHER_POOL = "nodeSelector: {matchLabels: {node-role.kubernetes.io/other: ''}}"


def pools_with(listed: str) -> tuple[tuple[Pool, ...], list[str | None]]:
    """Return the pools once nodes are listed, and the pool of each node."""
    pools = cluster(pool("cnf", CNF_POOL % "''"), pool("other", OTHER_POOL)).pools
    topology = read_topology(root_of(listed))
    assert topology is not None
    homes = [pool_of(labels, pools) for labels in topology.nodes]
    return with_nodes(pools, topology.nodes), [home.name if home else None for home in homes]


@pytest.mark.parametrize(
    ("listed", "homes", "holding"),
    [
        (NODES, ["master"], {"cnf": None, "master": True, "other": None, "worker": None}),
        (
            NODES + WORKER,
            ["master", "worker"],
            {"cnf": None, "master": True, "other": None, "worker": True},
        ),
        (
            NODES + CNF_WORKER,
            ["master", "cnf"],
            {"cnf": True, "master": True, "other": None, "worker": False},
        ),
        (
            NODES + CNF_WORKER + WORKER,
            ["master", "cnf", "worker"],
            {"cnf": True, "master": True, "other": None, "worker": True},
        ),
        (
            NODES + TWO_POOLS,
            ["master", None],
            {"cnf": None, "master": True, "other": None, "worker": None},
        ),
    ],
)
def test_a_node_belongs_to_one_pool(
    listed: str, homes: list[str | None], holding: dict[str, bool | None]
) -> None:
    pools, found = pools_with(listed)
    assert found == homes
    assert {one.name: one.holds_nodes for one in pools} == holding


def test_a_control_plane_node_stays_in_the_master_pool() -> None:
    _, homes = pools_with(
        "nodes: [{role: master, nodeLabels: {node-role.kubernetes.io/worker: '', "
        "node-role.kubernetes.io/worker-cnf: ''}}]"
    )
    assert homes == ["master"]


def test_a_templated_label_leaves_it_open() -> None:
    _, homes = pools_with("nodes: [{role: worker, nodeLabels: {'{{ role }}': ''}}]")
    assert homes == [None]
