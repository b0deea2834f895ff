"""What becomes of a pool's nodes: one cluster for each state that has an outcome of its own.

The states are those of two tables: what the kubelet's pinning file does, by the switch and the size
of the cluster; and what a profile does, by the pools that it matches, at installation and on a
running cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    cluster,
    infrastructure,
    machine_config,
    pinning,
    pool,
    profile,
    workload,
)

from linter.model.fates import Fate
from linter.records import replace

if TYPE_CHECKING:
    from linter.model.consequences import Consequence

SNO = infrastructure("AllNodes", "SingleReplica")
MANY = infrastructure("AllNodes", "HighlyAvailable")
SNO_OFF = infrastructure("None", "SingleReplica")
MANY_OFF = infrastructure("None", "HighlyAvailable")

MASTER = pool(
    "master",
    """
    machineConfigSelector: {matchLabels: {machineconfiguration.openshift.io/role: master}}
    nodeSelector: {matchLabels: {node-role.kubernetes.io/master: ""}}
    """,
    'pools.operator.machineconfiguration.openshift.io/master: ""',
)
WORKER = MASTER.replace("master", "worker")
ON_WORKER = 'node-role.kubernetes.io/worker: ""'
ON_RAN = 'node-role.kubernetes.io/ran: ""'
WITH_WORKER = """
    machineConfigSelector:
      matchExpressions:
      - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, ran]}
    nodeSelector: {matchLabels: {node-role.kubernetes.io/ran: ""}}
    """
ALONE = WITH_WORKER.replace("worker, ", "")
RAN_ALONE = pool("ran", ALONE, "lab: ran")
RAN_WITH_WORKER = pool("ran", WITH_WORKER, "lab: ran")


def outcome(name: str, *texts: str, release: str = "4.16", installing: bool = True) -> Consequence:
    """Return the consequence for one pool."""
    model = replace(cluster(*texts, release=release), install_time=installing)
    (found,) = [one for one in model.consequences() if one.pool == name]
    return found


def fate(name: str, *texts: str, release: str = "4.16", installing: bool = True) -> Fate:
    return outcome(name, *texts, release=release, installing=installing).fate


# --- the kubelet's pinning file ------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "no JSON {", pinning("9-"), pinning("0-1"), None])
def test_the_presence_of_the_pinning_file_is_enough(content: str | None) -> None:
    bringing = machine_config("10-file", "ran", {PINNING: content})
    found = outcome("ran", MANY, RAN_ALONE, bringing, installing=False)
    assert found.fate is Fate.FLOATING
    assert found.delivery.pinning_from == ("10-file",)


def test_without_the_file_nodes_of_a_partitioned_cluster_are_rejected() -> None:
    found = outcome("ran", MANY, RAN_ALONE, installing=False)
    assert found.fate is Fate.REJECTED
    assert "refused when they register" in found.why
    assert [place.file.name for place in found.places] == ["1.yaml"]


@pytest.mark.parametrize("release", ["4.12", "4.13", "4.16", "4.17"])
def test_a_table_alone_is_inert_on_a_legacy_single_node(release: str) -> None:
    table = machine_config(
        "02-legacy", "master", {CRIO + "01-workload-partitioning": workload("0-1")}
    )
    assert fate("master", SNO_OFF, table, release=release) is Fate.NOT_MUTATED


@pytest.mark.parametrize("release", ["4.12", "4.16", "4.23"])
def test_files_without_the_switch_do_nothing_on_several_nodes(release: str) -> None:
    files = {CRIO + "01-workload-partitioning": workload("0-1"), PINNING: pinning("0-1")}
    legacy = machine_config("02-legacy", "master", files)
    found = outcome("master", MANY_OFF, legacy, release=release)
    assert found.fate is Fate.NOT_MUTATED
    assert "several nodes" in found.why


def test_switched_off_again_the_operator_renders_profiles_without_pinning() -> None:
    files = {CRIO + "99-workload-pinning.conf": workload("0-1"), PINNING: pinning("0-1")}
    copy = machine_config("50-performance-perf", "master", files)
    found = outcome("master", MANY_OFF, profile(), copy, installing=False)
    assert found.fate is Fate.PLAIN
    (note,) = found.notes
    assert note.startswith("The copy of 50-performance-perf in the tree pins to 0-1; ")
    assert note.endswith("the operator will render it without pinning.")


# --- profiles and pools --------------------------------------------------------------------------


@pytest.mark.parametrize("installing", [True, False])
@pytest.mark.parametrize("release", ["4.13", "4.14", "4.15", "4.23"])
def test_a_profile_for_one_pool_pins(release: str, installing: bool) -> None:
    found = outcome("master", MANY, MASTER, profile(), release=release, installing=installing)
    assert found.fate is Fate.PINNED
    assert found.why == (
        "/etc/crio/crio.conf.d/99-workload-pinning.conf of 50-performance-perf pins to 0-1."
    )


def test_a_profile_without_a_pool_is_fatal_to_render_since_4_14() -> None:
    lost = profile(selector='node-role.kubernetes.io/lost: ""')
    assert fate("master", MANY, lost, release="4.13") is Fate.FLOATING
    found = outcome("master", MANY, lost, release="4.14")
    assert (found.fate, found.why) == (Fate.BOOTSTRAP_ABORTS, "Profile perf matches no pool.")
    assert fate("worker", MANY, lost, release="4.23") is Fate.BOOTSTRAP_ABORTS


def test_on_a_running_cluster_a_profile_without_a_pool_leaves_it_unpinned() -> None:
    lost = profile(selector=ON_RAN)
    for release in ("4.13", "4.14", "4.20"):
        assert fate("worker", MANY, lost, release=release, installing=False) is Fate.FLOATING


def test_only_4_14_wants_manifests_of_built_in_pools() -> None:
    fates = [fate("master", MANY, profile(), release=f"4.{minor}") for minor in (13, 14, 15)]
    assert fates == [Fate.PINNED, Fate.BOOTSTRAP_ABORTS, Fate.PINNED]
    assert "has no manifest" in outcome("master", MANY, profile(), release="4.14").why


def test_a_profile_for_an_arbiter_pool_without_a_manifest_is_fatal() -> None:
    arbiter = infrastructure("AllNodes", "HighlyAvailableArbiter")
    on_arbiter = profile(selector='node-role.kubernetes.io/arbiter: ""')
    assert fate("arbiter", arbiter, on_arbiter, release="4.20") is Fate.BOOTSTRAP_ABORTS
    declared = MASTER.replace("master", "arbiter")
    assert fate("arbiter", arbiter, on_arbiter, declared, release="4.20") is Fate.PINNED


def test_a_profile_for_several_pools() -> None:
    greedy = pool(
        "ran",
        """
        nodeSelector: {}
        machineConfigSelector: {matchLabels: {machineconfiguration.openshift.io/role: ran}}
        """,
    )
    texts = (MANY, WORKER, greedy, profile(selector=ON_WORKER))
    for release in ("4.13", "4.16"):
        found = outcome("master", *texts, release=release)
        assert found.fate is Fate.BOOTSTRAP_ABORTS
        assert found.why == "Profile perf matches several pools: ran, worker."
    found = outcome("worker", *texts, installing=False)
    assert found.fate is Fate.FLOATING
    assert "Profile perf matches several pools (ran, worker) and configures none." in found.notes


def test_two_profiles_with_one_node_selector() -> None:
    one, other = profile(name="one"), profile("0-3", "4-7", name="other")
    found = outcome("master", MANY, MASTER, one, other)
    assert found.fate is Fate.BOOTSTRAP_ABORTS
    assert found.why == (
        "Pool master gets several KubeletConfigs: performance-one, performance-other."
    )
    found = outcome("master", MANY, one, other, installing=False)
    assert found.fate is Fate.CONTESTED
    assert "only the first counts: one reserves 0-1, other reserves 0-3" in found.why
    twin = profile(name="other")
    assert fate("master", MANY, one, twin, installing=False) is Fate.PINNED


def test_two_profiles_with_different_node_selectors_for_one_pool() -> None:
    both = pool(
        "ran",
        """
        nodeSelector:
          matchExpressions:
          - {key: node-role.kubernetes.io/worker, operator: DoesNotExist}
          - {key: node-role.kubernetes.io/master, operator: DoesNotExist}
        machineConfigSelector:
          matchExpressions:
          - {key: machineconfiguration.openshift.io/role, operator: In, values: [ran, far]}
        """,
        "lab: ran",
    )
    near = profile(name="near", selector=ON_RAN)
    far = profile("0-3", "4-7", name="far", selector='node-role.kubernetes.io/far: ""')
    assert fate("ran", MANY, both, near, far) is Fate.BOOTSTRAP_ABORTS
    found = outcome("ran", MANY, both, near, far, installing=False)
    assert found.fate is Fate.CONTESTED
    assert "performance-far reserves 0-3, performance-near reserves 0-1" in found.why
    assert found.notes[0].endswith("50-performance-near pins to 0-1.")


@pytest.mark.parametrize(
    ("release", "drop_in"), [("4.13", "No CRI-O drop-in"), ("4.14", "01-workload-pinning-default")]
)
def test_a_pool_without_a_profile_floats(release: str, drop_in: str) -> None:
    found = outcome("ran", MANY, RAN_ALONE, release=release)
    assert found.fate is Fate.FLOATING
    assert drop_in in found.why
    assert found.notes == ("The pool has no profile.",)
    assert found.delivery.pinning_from == ("01-ran-cpu-partitioning",)


@pytest.mark.parametrize("release", ["4.13", "4.14", "4.15", "4.23"])
def test_a_pool_added_later_that_includes_worker(release: str) -> None:
    assert fate("ran", MANY, RAN_WITH_WORKER, release=release, installing=False) is Fate.FLOATING
    found = outcome(
        "ran", MANY, WORKER, RAN_WITH_WORKER, profile(name="w", selector=ON_WORKER),
        release=release, installing=False,
    )  # fmt: skip
    assert found.fate is Fate.PINNED
    assert "pins to 0-1, the CPUs of profile w, which is not this pool's" in found.why
    assert found.notes == (
        "The pool has no profile.",
        "The pool takes 50-performance-w because its selector includes that role.",
    )


def test_a_pool_added_later_that_does_not_include_worker_is_rejected() -> None:
    later = outcome("ran", MANY, RAN_ALONE, profile(selector=ON_WORKER), installing=False)
    assert later.fate is Fate.REJECTED
    assert later.notes == ("The pool has no profile.",)
    assert fate("ran", MANY, RAN_ALONE, profile(selector=ON_WORKER)) is Fate.FLOATING


@pytest.mark.parametrize("release", ["4.13", "4.16"])
def test_a_pool_added_later_with_a_profile_is_pinned(release: str) -> None:
    texts = (MANY, RAN_ALONE, profile("0-3", "4-7", selector=ON_RAN))
    found = outcome("ran", *texts, release=release, installing=False)
    assert found.fate is Fate.PINNED
    assert found.delivery.pinning_from == ("50-performance-perf",)
