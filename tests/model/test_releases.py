"""Releases, gates, and questions that two releases answer differently."""

from __future__ import annotations

import pytest
from builders import PINNING, cluster, facts_of, infrastructure, machine_config, pinning, pool

from linter.model.cluster import target_releases
from linter.model.releases import (
    CPU_PARTITIONING_API,
    CUSTOM_POOL_BEATS_WORKER,
    GATES,
    MIXED_CPUS,
    NEWEST_MINOR,
    OLDEST_MINOR,
    Gate,
    Release,
    Releases,
    Undecided,
    in_every_release,
)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("4.16", 16), ("v4.16", 16), ("4.16.3", 16), (" 4.9\n", 9), ("4.16.0-rc.1", 16)],
)
def test_a_release_is_read(text: str, minor: int) -> None:
    assert Release.parse(text) == Release(minor)


@pytest.mark.parametrize("text", ["", "4", "4.", "3.11", "5.0", "4.x", "latest", "4.16 4.17"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an OpenShift version"):
        Release.parse(text)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("img4.16.32-x86-64-appsub", 16),
        ("openshift-v4.10.43-quay", 10),
        ("openshift-4.18-mirrored", 18),
        ("openshift-v4.20-rc.2", 20),
        ("stable-4.14", 14),
        ("4.14.3-x86_64", 14),
        ("4.14-and-4.14", 14),
        ("4.14-to-4.16", None),
        ("24.14", None),
        ("1.4.14", None),
        ("4.140", None),
        ("latest", None),
        ("", None),
    ],
)
def test_a_name_may_mention_a_release(text: str, minor: int | None) -> None:
    assert Release.mentioned_in(text) == (None if minor is None else Release(minor))


def test_a_gate_holds_from_its_first_release_until_before_its_last() -> None:
    gate = Gate("g", 13, 17, "it works")
    assert [m for m in range(8, 24) if gate.holds_in(m)] == [13, 14, 15, 16]
    assert str(gate) == "it works (since 4.13 until 4.16)"
    assert str(Gate("g", 8, None, "always")) == "always"


def test_every_gate_lies_within_the_releases_that_were_read() -> None:
    for name, gate in GATES.items():
        assert gate.name == name
        assert OLDEST_MINOR <= gate.since <= NEWEST_MINOR
        assert gate.until is None or gate.since < gate.until <= NEWEST_MINOR


def test_a_known_release_answers_and_a_range_asks_back() -> None:
    assert Releases.only(Release(14)).has(CUSTOM_POOL_BEATS_WORKER) is False
    assert Releases.only(Release(15)).has(CUSTOM_POOL_BEATS_WORKER) is True
    every = Releases.every()
    assert (every.minors[0], every.minors[-1]) == (OLDEST_MINOR, NEWEST_MINOR)
    with pytest.raises(Undecided):
        every.has(CUSTOM_POOL_BEATS_WORKER)
    assert every.possibly(CUSTOM_POOL_BEATS_WORKER) is True
    assert str(every.where(CPU_PARTITIONING_API, holds=False)) == "4.8 to 4.12"
    assert str(Releases.only(Release(15))) == "4.15"
    assert str(Releases(())) == "no release"


def test_evaluation_forks_at_each_question_and_covers_every_release_once() -> None:
    def evaluate(releases: Releases) -> str:
        if not releases.has(CPU_PARTITIONING_API):
            return "old"
        return "mixed" if releases.has(MIXED_CPUS) else "new"

    groups = in_every_release(Releases.every(), evaluate)
    assert [(str(releases), said) for releases, said in groups] == [
        ("4.8 to 4.12", "old"), ("4.13 to 4.14", "new"), (f"4.15 to 4.{NEWEST_MINOR}", "mixed"),
    ]  # fmt: skip
    assert [m for releases, _ in groups for m in releases.minors] == list(Releases.every().minors)


def test_a_fork_in_the_middle_gives_both_outer_parts() -> None:
    gate = Gate("middle", 13, 17, "it works")
    groups = in_every_release(Releases.every(), lambda releases: releases.has(gate))
    assert [said for _, said in groups] == [False, True]
    assert sorted(m for releases, _ in groups for m in releases.minors) == list(
        Releases.every().minors
    )


def test_a_question_that_nobody_asks_costs_nothing() -> None:
    calls: list[Releases] = []
    in_every_release(Releases.every(), calls.append)
    assert len(calls) == 1


def test_both_sides_of_the_merge_order_are_modelled() -> None:
    texts = (
        pool(
            "cnf",
            "machineConfigSelector:\n  matchExpressions:\n  - "
            "{key: machineconfiguration.openshift.io/role, operator: In, values: [worker, cnf]}",
        ),
        machine_config("01", "cnf", {PINNING: pinning("")}),
        machine_config("50", "worker", {PINNING: pinning("0-1")}),
    )

    def pinned(releases: Releases) -> str:
        model = cluster(*texts, release=f"4.{releases.minors[0]}")
        assert releases.has(CUSTOM_POOL_BEATS_WORKER) in {True, False}
        (found,) = [n for n in model.nodes if n.pool.name == "cnf"]
        assert found.pinning is not None
        assert found.pinning.cpuset is not None
        return found.pinning.cpuset.text

    assert [said for _, said in in_every_release(Releases.every(), pinned)] == ["0-1", ""]


# --- the release of a cluster --------------------------------------------------------------------


def image_set(image: str, name: str = "img") -> str:
    return (
        "apiVersion: hive.openshift.io/v1\nkind: ClusterImageSet\n"
        f"metadata: {{name: {name}}}\nspec: {{releaseImage: '{image}'}}\n"
    )


def version(spec: str) -> str:
    return (
        "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata: {name: version}\n"
        f"spec: {spec}\n"
    )


def agent_install(image_set_name: str) -> str:
    return (
        "apiVersion: extensions.hive.openshift.io/v1beta1\nkind: AgentClusterInstall\n"
        f"metadata: {{name: a}}\nspec: {{imageSetRef: {{name: {image_set_name}}}}}\n"
    )


@pytest.mark.parametrize(
    ("texts", "releases"),
    [
        ([], "4.8 to 4.23"),
        ([image_set("quay.io/ocp-release:4.14.3-x86_64")], "4.14"),
        ([image_set("quay.io/ocp-release@sha256:4.14", "img4.16.32")], "4.16"),
        ([version("{desiredUpdate: {version: 4.15.9}, channel: stable-4.14}")], "4.15"),
        ([version("{channel: eus-4.14}")], "4.14"),
        ([agent_install("openshift-v4.12.1")], "4.12"),
        ([agent_install("openshift-v4.12.1"), image_set("x:4.12.5")], "4.12"),
        ([agent_install("openshift-v4.12.1"), image_set("x:4.14.5")], "4.12 to 4.14"),
        ([agent_install("'{{ .set }}'")], "4.8 to 4.23"),
        ([infrastructure()], "4.13 to 4.23"),
        ([infrastructure("None")], "4.8 to 4.23"),
        ([infrastructure(), image_set("x:4.12.5")], "4.12"),
    ],
)
def test_the_release_is_the_one_that_manifests_agree_on(texts: list[str], releases: str) -> None:
    assert str(target_releases(facts_of(*texts), None)) == releases
    assert str(target_releases(facts_of(*texts), Release(9))) == "4.9"
