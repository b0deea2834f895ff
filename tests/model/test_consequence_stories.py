"""What becomes of whole clusters, as people meet them: the stories and traps of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    cluster,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    workload,
)
from test_consequences import (
    MANY,
    MANY_OFF,
    MASTER,
    ON_RAN,
    ON_WORKER,
    RAN_ALONE,
    RAN_WITH_WORKER,
    SNO,
    SNO_OFF,
    WORKER,
    fate,
    outcome,
)

from linter.model.fates import Fate
from linter.records import replace

if TYPE_CHECKING:
    from linter.model.cluster import Cluster

LEGACY_FILES = {CRIO + "01-workload-partitioning": workload("0-1"), PINNING: pinning("0-1")}
LEGACY = machine_config("02-master-workload-partitioning", "master", LEGACY_FILES)
ON_MASTER_LABEL = 'matchLabels: {pools.operator.machineconfiguration.openshift.io/master: ""}'

NO_TIME = 'systemReserved: {cpu: "0"}'
"""Nodes reserve 500m for the system unless told otherwise."""


def fates(model: Cluster) -> dict[str, Fate]:
    return {one.pool: one.fate for one in model.consequences()}


def test_enabled_now_and_configured_later() -> None:
    for release in ("4.13", "4.16", "4.23"):
        model = cluster(MANY, RAN_WITH_WORKER, release=release)
        assert fates(model) == dict.fromkeys(("master", "ran", "worker"), Fate.FLOATING)


def test_enabled_and_configured_at_installation() -> None:
    model = cluster(
        MANY,
        profile(name="m"),
        profile(name="w", selector=ON_WORKER),
        profile("0-3", "4-7", name="r", selector=ON_RAN),
        RAN_WITH_WORKER,
    )
    assert fates(model) == dict.fromkeys(("master", "ran", "worker"), Fate.PINNED)
    why = {one.pool: one.why for one in model.consequences()}
    assert why["ran"].endswith("50-performance-r pins to 0-3.")


def test_the_workers_of_a_single_node_are_none() -> None:
    assert fates(cluster(SNO, profile(selector=ON_WORKER))) == {
        "master": Fate.FLOATING,
        "worker": Fate.NO_NODES,
    }
    broken = machine_config("10-x", "worker", {CRIO + "10-x.conf": "[crio"})
    assert fates(cluster(SNO, broken))["worker"] is Fate.NO_NODES


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("4.8", Fate.PINNED),
        ("4.12", Fate.PINNED),
        ("4.13", Fate.PINNED),
        ("4.14", Fate.PINNED),
        ("4.16", Fate.PINNED),
        ("4.17", Fate.FLOATING),
        ("4.23", Fate.FLOATING),
    ],
)
def test_a_legacy_single_node_with_a_profile(release: str, expected: Fate) -> None:
    found = outcome("master", SNO_OFF, LEGACY, MASTER, profile(), release=release)
    assert found.fate is expected
    if expected is Fate.FLOATING:
        assert "no longer takes a legacy single-node cluster" in found.notes[0]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("4.12", Fate.PINNED),
        ("4.13", Fate.PINNED),
        ("4.14", Fate.FLOATING),
        ("4.16", Fate.FLOATING),
        ("4.17", Fate.FLOATING),
    ],
)
def test_the_legacy_drop_in_is_shadowed_by_the_empty_default(release: str, expected: Fate) -> None:
    found = outcome("master", SNO_OFF, LEGACY, release=release)
    assert found.fate is expected
    if expected is Fate.FLOATING:
        assert "01-workload-pinning-default.conf of 01-master-cpu-partitioning" in found.why
        assert "replaces /etc/crio/crio.conf.d/01-workload-partitioning" in found.why


@pytest.mark.parametrize(("release", "expected"), [("4.13", Fate.PINNED), ("4.14", Fate.FLOATING)])
def test_the_legacy_trap_with_the_switch_on(release: str, expected: Fate) -> None:
    assert fate("master", SNO, LEGACY, release=release) is expected


def test_a_running_legacy_single_node_keeps_its_files() -> None:
    for release in ("4.12", "4.14", "4.17", "4.23"):
        assert fate("master", SNO_OFF, LEGACY, release=release, installing=False) is Fate.PINNED


def test_legacy_files_on_several_nodes() -> None:
    assert fate("master", MANY_OFF, LEGACY, release="4.12") is Fate.NOT_MUTATED
    assert fate("worker", MANY_OFF, LEGACY, release="4.12") is Fate.PLAIN


def test_the_switch_is_not_known_until_4_12() -> None:
    found = outcome("master", MANY, profile(), MASTER, release="4.12")
    assert found.fate is Fate.PLAIN
    assert "does not know cpuPartitioningMode" in found.why
    assert fate("master", MANY, profile(), MASTER, release="4.13") is Fate.PINNED
    assert fate("master", SNO, LEGACY, release="4.12") is Fate.PINNED
    assert fate("master", MANY, LEGACY, release="4.12") is Fate.NOT_MUTATED


def test_two_kubelet_configs_abort_the_bootstrap_since_4_10() -> None:
    sizing = kubelet_config("sizing", ON_MASTER_LABEL, "systemReserved: {memory: 3Gi}")
    texts = (SNO_OFF, MASTER, profile(), sizing)
    assert fate("master", *texts, release="4.9") is Fate.CONTESTED
    found = outcome("master", *texts, release="4.10")
    assert found.fate is Fate.BOOTSTRAP_ABORTS
    assert found.why == "Pool master gets several KubeletConfigs: performance-perf, sizing."


def test_of_a_pool_that_render_does_not_know_it_makes_no_kubelet_config() -> None:
    sizing = kubelet_config("sizing", ON_MASTER_LABEL, "systemReserved: {memory: 3Gi}")
    assert fate("master", MANY, profile(), sizing, release="4.13") is Fate.CONTESTED
    assert fate("master", MANY, profile(), sizing, MASTER, release="4.13") is Fate.BOOTSTRAP_ABORTS
    assert fate("master", MANY, profile(), sizing, release="4.15") is Fate.BOOTSTRAP_ABORTS
    old = profile().replace("/v2", "/v1")
    assert fate("master", MANY, MASTER, old, sizing) is Fate.CONTESTED


def test_of_two_kubelet_configs_on_a_running_cluster_the_last_counts() -> None:
    sizing = kubelet_config("sizing", ON_MASTER_LABEL, "systemReserved: {memory: 3Gi}")
    found = outcome("master", MANY, profile(), sizing, installing=False)
    assert found.fate is Fate.CONTESTED
    assert "performance-perf reserves 0-1, sizing reserves nothing" in found.why
    agreeing = kubelet_config("sizing", ON_MASTER_LABEL, 'reservedSystemCPUs: "0,1"')
    assert fate("master", MANY, profile(), agreeing, installing=False) is Fate.PINNED
    broken = kubelet_config("sizing", ON_MASTER_LABEL, f"cpuManagerPolicy: static\n{NO_TIME}")
    why = outcome("master", MANY, profile(), broken, installing=False).why
    assert "with sizing the kubelet will not start" in why


def test_the_rendered_copy_of_a_kubelet_config_is_no_second_one() -> None:
    copy = kubelet_config("performance-perf", ON_MASTER_LABEL, 'reservedSystemCPUs: "0-1"')
    assert fate("master", MANY, MASTER, profile(), copy) is Fate.PINNED


def test_a_profile_whose_kubelet_config_selects_another_pool_is_no_rival() -> None:
    elsewhere = profile(extra="machineConfigPoolSelector: {lab: other}")
    sizing = kubelet_config("sizing", ON_MASTER_LABEL, 'reservedSystemCPUs: "0-1"')
    assert fate("master", MANY, MASTER, elsewhere, sizing) is Fate.PINNED


@pytest.mark.parametrize(
    ("drop_in", "why"),
    [
        ("[crio.runtime\n", "is no valid TOML"),
        (workload("0-1, 4"), "cannot parse '0-1, 4'"),
        ('[crio.runtime]\ninfra_ctr_cpuset = "1-"\n', "cannot parse '1-'"),
        ('[crio.runtime.workloads.management]\nresources = {"cpuset" = "1"}\n', "activation"),
    ],
)
def test_cri_o_does_not_start(drop_in: str, why: str) -> None:
    custom = machine_config("99-custom", "master", {CRIO + "zz.conf": drop_in})
    found = outcome("master", SNO, MASTER, profile(), custom)
    assert found.fate is Fate.CRIO_FAILS
    assert why in found.why
    assert found.places[0].in_payload() is not None


def test_a_broken_list_that_another_table_replaces_is_harmless() -> None:
    shadowed = machine_config("02-x", "master", {CRIO + "01-workload-partitioning": workload("0-")})
    assert fate("master", SNO, MASTER, profile(), shadowed) is Fate.PINNED
    assert fate("master", SNO, MASTER, shadowed, release="4.13") is Fate.CRIO_FAILS


def test_a_profile_with_an_unparsable_list() -> None:
    offlined = profile().replace("    reserved", '    offlined: "7-6"\n    reserved')
    for broken in (profile("0-1,"), profile("0-1", "2-x"), offlined):
        found = outcome("master", MANY, MASTER, broken)
        assert found.fate is Fate.BOOTSTRAP_ABORTS
        assert found.why.startswith("render cannot parse ")
    found = outcome("master", MANY, profile("0-1,"), installing=False)
    assert found.fate is Fate.FLOATING
    assert found.notes == ("Profile perf is refused: '0-1,' is no CPU list.",)


def test_an_old_version_of_a_profile_is_passed_over_by_render_only() -> None:
    old = profile("0-1,").replace("/v2", "/v1")
    assert fate("master", MANY, MASTER, old) is Fate.FLOATING
    sound = profile(selector='node-role.kubernetes.io/master: ""').replace("/v2", "/v1")
    assert fate("master", MANY, MASTER, sound) is Fate.PINNED


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (f"cpuManagerPolicy: static\n{NO_TIME}", Fate.KUBELET_FAILS),
        (f'cpuManagerPolicy: static\n{NO_TIME}\nreservedSystemCPUs: ""', Fate.KUBELET_FAILS),
        (f'cpuManagerPolicy: static\n{NO_TIME}\nreservedSystemCPUs: "0"', Fate.FLOATING),
        (f'cpuManagerPolicy: static\n{NO_TIME}\nreservedSystemCPUs: "$c"', Fate.FLOATING),
        ("cpuManagerPolicy: static", Fate.FLOATING),
        (f"cpuManagerPolicy: none\n{NO_TIME}", Fate.FLOATING),
        ('reservedSystemCPUs: "0-1 "', Fate.KUBELET_FAILS),
    ],
)
def test_the_static_cpu_manager_needs_reserved_cpus(settings: str, expected: Fate) -> None:
    config = kubelet_config("own", ON_MASTER_LABEL, settings)
    assert fate("master", SNO, config) is expected


def test_the_pool_must_select_what_the_operator_makes() -> None:
    other_role = RAN_ALONE.replace("values: [ran]", "values: [far]")
    found = outcome("ran", MANY, other_role, profile(selector=ON_RAN))
    assert found.fate is Fate.REJECTED
    (note,) = found.notes
    assert note.startswith("The pool does not select 50-performance-perf, which is labelled ")
    assert note.endswith("machineconfiguration.openshift.io/role=ran.")


def test_the_merge_order_decides_between_two_profiles_until_4_14() -> None:
    texts = (
        MANY, WORKER, RAN_WITH_WORKER,
        profile(name="z", selector=ON_WORKER),
        profile("0-3", "4-7", name="a", selector=ON_RAN),
    )  # fmt: skip
    before = outcome("ran", *texts, release="4.14")
    assert before.fate is Fate.PINNED
    assert "pins to 0-1, the CPUs of profile z, which is not this pool's" in before.why
    assert before.notes == ("50-performance-z is merged after 50-performance-a.",)
    since = outcome("ran", *texts, release="4.15")
    assert since.why.endswith("50-performance-a pins to 0-3.")
    assert since.notes == ()


def test_a_later_drop_in_replaces_that_of_the_profile() -> None:
    custom = machine_config("99-custom", "master", {CRIO + "zz.conf": workload("4-5")})
    found = outcome("master", SNO, MASTER, profile(), custom)
    assert found.why == "/etc/crio/crio.conf.d/zz.conf of 99-custom pins to 4-5."
    empty = machine_config("99-custom", "master", {CRIO + "zz.conf": workload("")})
    assert fate("master", SNO, MASTER, profile(), empty) is Fate.FLOATING


def test_a_stale_copy_is_replaced_by_the_operator() -> None:
    files = {CRIO + "99-workload-pinning.conf": workload("0-3"), PINNING: pinning("0-3")}
    copy = machine_config("50-performance-perf", "master", files)
    found = outcome("master", SNO, MASTER, profile(), copy)
    assert found.why.endswith("pins to 0-1.")
    (note,) = found.notes
    assert note.startswith("The copy of 50-performance-perf in the tree pins to 0-3; ")
    assert note.endswith("the operator will render it with 0-1.")
    fresh = machine_config(
        "50-performance-perf", "master", {CRIO + "99-workload-pinning.conf": workload("0,1")}
    )
    assert outcome("master", SNO, MASTER, profile(), fresh).notes == ()


# --- what is not known ---------------------------------------------------------------------------


def test_a_template_decides_whether_partitioning_is_on() -> None:
    mode = infrastructure('"{{ .mode }}"', "HighlyAvailable")
    for texts in ((mode,), (mode, LEGACY), (mode, profile(), MASTER)):
        assert fate("master", *texts) is Fate.UNKNOWN


def test_nothing_says_whether_partitioning_is_on() -> None:
    for texts in ((profile(),), (LEGACY,), (pool("ran"),)):
        model = cluster(*texts, installer=False)
        assert fates(model)["master"] is Fate.UNKNOWN


def test_a_template_decides_what_is_reserved() -> None:
    found = outcome("master", SNO, MASTER, profile("{{ .reserved }}"))
    assert found.fate is Fate.UNKNOWN
    assert "99-workload-pinning.conf" in found.why


def test_a_template_decides_which_pool_a_profile_configures() -> None:
    anywhere = profile(selector='"node-role.kubernetes.io/{{ .role }}": ""')
    found = outcome("master", SNO, anywhere)
    assert (found.fate, found.why) == (
        Fate.UNKNOWN,
        "A template decides which pool profile perf configures.",
    )


def test_a_template_decides_which_pool_takes_a_machine_config() -> None:
    table = machine_config("98-x", '"{{ .role }}"', {CRIO + "zz.conf": workload("4")})
    assert fate("master", SNO, MASTER, profile(), table) is Fate.UNKNOWN
    early = machine_config("98-x", '"{{ .role }}"', {CRIO + "00.conf": workload("4")})
    assert fate("master", SNO, MASTER, profile(), early) is Fate.PINNED
    other = machine_config("98-x", '"{{ .role }}"', {CRIO + "zz.conf": "[crio.runtime]\n"})
    assert fate("master", SNO, MASTER, profile(), other) is Fate.PINNED
    bringing = machine_config("98-x", '"{{ .role }}"', {PINNING: ""})
    assert fate("ran", MANY, RAN_ALONE, bringing, installing=False) is Fate.UNKNOWN


def test_a_drop_in_of_unknown_contents() -> None:
    unknown = machine_config("98-x", "master", {CRIO + "zz.conf": "{{ .contents }}"})
    assert fate("master", SNO, MASTER, profile(), unknown) is Fate.UNKNOWN
    early = machine_config("98-x", "master", {CRIO + "00.conf": "{{ .contents }}"})
    assert fate("master", SNO, MASTER, profile(), early) is Fate.PINNED
    assert fate("master", SNO, early, release="4.13") is Fate.UNKNOWN


def test_a_pool_without_a_known_name() -> None:
    nameless = RAN_ALONE.replace("name: ran", 'name: "{{ .pool }}"')
    assert fate("", MANY, nameless) is Fate.UNKNOWN


def test_the_size_of_the_cluster_is_not_known() -> None:
    off = infrastructure("None", "SingleReplica").replace("controlPlaneTopology", "somethingElse")
    assert fate("master", off, LEGACY) is Fate.UNKNOWN
    assert fate("master", off) is Fate.PLAIN


def test_an_abort_is_everybodys_fate() -> None:
    model = cluster(MANY, RAN_ALONE, profile(selector='node-role.kubernetes.io/lost: ""'))
    assert set(fates(model).values()) == {Fate.BOOTSTRAP_ABORTS}
    running = replace(model, install_time=False)
    assert Fate.BOOTSTRAP_ABORTS not in fates(running).values()


def test_fates_are_ranked_from_the_worst() -> None:
    assert Fate.BOOTSTRAP_ABORTS.rank == 0
    assert Fate.REJECTED.rank < Fate.FLOATING.rank < Fate.CONTESTED.rank < Fate.PINNED.rank
