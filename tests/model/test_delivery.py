"""Which partitioning files a pool's nodes get, from manifests and from OpenShift itself."""

from __future__ import annotations

from builders import CRIO, PINNING, cluster, infrastructure, machine_config, pinning, pool, profile
from builders import workload as table
from test_consequences import MANY, MASTER, ON_RAN, ON_WORKER, RAN_WITH_WORKER, WORKER

from linter.formats.cpuset import CpuSet
from linter.model.delivery import Delivery, deliver, in_merge_order
from linter.model.implied import (
    DEFAULT_DROP_IN,
    PROFILE_DROP_IN,
    ImpliedConfig,
    bootstrap_configs,
    profile_configs,
    takes,
)
from linter.model.releases import Release, Releases

ROLE = "machineconfiguration.openshift.io/role"
OLD = Releases.only(Release(14))
NEW = Releases.only(Release(15))


def implied(
    name: str, role: str, drop_in: str | None = PROFILE_DROP_IN, cpus: str = "0-1"
) -> ImpliedConfig:
    return ImpliedConfig(name, (ROLE, role), drop_in, CpuSet.of(map(int, cpus.split("-"))), None)


def delivery(
    name: str, texts: tuple[str, ...], configs: list[ImpliedConfig], releases: Releases = NEW
) -> Delivery:
    model = cluster(*texts)
    (node,) = [one for one in model.nodes if one.pool.name == name]
    return deliver(node, configs, releases)


def test_bootstrap_configs_by_release() -> None:
    before = list(bootstrap_configs({"worker", "master"}, Releases.only(Release(13))))
    assert [(one.name, one.role, one.drop_in, one.pins) for one in before] == [
        ("01-master-cpu-partitioning", "master", None, True),
        ("01-worker-cpu-partitioning", "worker", None, True),
    ]
    (since,) = bootstrap_configs({"ran"}, Releases.only(Release(14)))
    assert (since.drop_in, since.cpuset) == (DEFAULT_DROP_IN, CpuSet.EMPTY)
    assert list(bootstrap_configs((), Releases.every())) == []


def test_profile_configs_are_of_accepted_profiles() -> None:
    model = cluster(
        MANY,
        profile("0-3", name="good"),
        profile("0-", name="broken"),
        profile(name="lost", selector='node-role.kubernetes.io/lost: ""'),
        profile(name="roleless", selector='role: ""'),
        profile(name="labelled", selector=ON_WORKER, extra="machineConfigLabel: {lab: far}"),
    )
    made = {one.name: one for one in profile_configs(model.matches, pinned=True)}
    assert sorted(made) == ["50-performance-good", "50-performance-labelled"]
    assert made["50-performance-good"].cpuset == CpuSet.range(0, 3)
    assert made["50-performance-labelled"].label == ("lab", "far")
    assert made["50-performance-labelled"].role is None
    for one in profile_configs(model.matches, pinned=False):
        assert (one.drop_in, one.cpuset, one.pins) == (None, CpuSet.EMPTY, False)


def test_a_pool_takes_what_its_selector_selects() -> None:
    model = cluster(
        MANY,
        RAN_WITH_WORKER,
        pool("open", f'machineConfigSelector: {{matchLabels: {{{ROLE}: "{{{{ .r }}}}"}}}}'),
        pool("none"),
        pool("empty", "machineConfigSelector: {}"),
    )
    answers = {node.pool.name: takes(node.pool, implied("x", "worker")) for node in model.nodes}
    assert answers == {
        "master": False,
        "worker": True,
        "ran": True,
        "open": None,
        "none": False,
        "empty": False,
    }


def test_tables_stand_in_reading_order() -> None:
    own = machine_config(
        "60-own", "master", {CRIO + "zz": table("6"), "/etc/crio/crio.conf": table("7")}
    )
    found = delivery("master", (MANY, own), [implied("50-x", "master")])
    assert [(one.path, str(one.cpuset), one.made_by) for one in found.tables] == [
        ("/etc/crio/crio.conf", "7", "60-own"),
        (PROFILE_DROP_IN, "0-1", "50-x"),
        (CRIO + "zz", "6", "60-own"),
    ]
    assert found.table is found.tables[-1]
    assert found.table.ref is not None
    assert found.table.ref.text == "6"


def test_one_path_has_one_winner_in_merge_order() -> None:
    early = machine_config("40-own", "master", {PROFILE_DROP_IN: table("6")})
    late = machine_config("60-own", "master", {PROFILE_DROP_IN: table("7")})
    config = [implied("50-x", "master")]
    (won,) = delivery("master", (MANY, early), config).tables
    assert won.made_by == "50-x"
    (lost,) = delivery("master", (MANY, early, late), config).tables
    assert (lost.made_by, str(lost.cpuset)) == ("60-own", "7")


def test_a_winner_without_the_table_takes_it_away() -> None:
    late = machine_config("60-own", "master", {PROFILE_DROP_IN: "[crio.runtime]\n"})
    assert delivery("master", (MANY, late), [implied("50-x", "master")]).tables == ()


def test_an_entry_without_contents_replaces_nothing() -> None:
    late = machine_config("60-own", "master", {PROFILE_DROP_IN: None})
    (kept,) = delivery("master", (MANY, late), [implied("50-x", "master")]).tables
    assert kept.made_by == "50-x"


def test_what_is_meant_for_a_custom_pool_wins_since_4_15() -> None:
    stated = machine_config("99-w", "worker", {PROFILE_DROP_IN: table("6")})
    texts, config = (MANY, RAN_WITH_WORKER, stated), [implied("50-x", "ran")]
    (before,) = delivery("ran", texts, config, OLD).tables
    assert before.made_by == "99-w"
    (since,) = delivery("ran", texts, config, NEW).tables
    assert since.made_by == "50-x"


def test_a_release_is_only_asked_for_where_the_order_matters() -> None:
    stated = machine_config("40-w", "worker", {PROFILE_DROP_IN: table("6")})
    texts, config = (MANY, RAN_WITH_WORKER, stated), [implied("50-x", "ran")]
    assert delivery("ran", texts, config, Releases.every()).table is not None


def test_a_written_bootstrap_config_counts_as_it_is_written() -> None:
    written = machine_config("01-master-cpu-partitioning", "master", {DEFAULT_DROP_IN: table("5")})
    (config,) = bootstrap_configs({"master"}, NEW)
    found = delivery("master", (MANY, written), [config])
    assert [str(one.cpuset) for one in found.tables] == ["5"]
    assert found.pinning_from == ()
    assert found.implied == ()


def test_the_operator_replaces_the_copy_of_what_it_makes() -> None:
    files = {PROFILE_DROP_IN: table("6"), PINNING: pinning("6")}
    copy = machine_config("50-performance-perf", "master", files)
    below = machine_config("40-own", "master", {PROFILE_DROP_IN: table("7")})
    model = cluster(MANY, MASTER, profile(), copy, below)
    node = model.nodes[0]
    found = deliver(node, list(profile_configs(model.matches, pinned=True)), NEW)
    assert [(one.made_by, str(one.cpuset)) for one in found.tables] == [
        ("50-performance-perf", "0-1")
    ]
    assert [str(one.cpuset) for one in found.outdated] == ["6"]
    bare = deliver(node, list(profile_configs(model.matches, pinned=False)), NEW)
    assert [(one.made_by, str(one.cpuset)) for one in bare.tables] == [("40-own", "7")]
    assert bare.pinning_from == ()


def test_everybody_who_brings_the_pinning_file_is_named() -> None:
    own = machine_config("60-own", "ran", {PINNING: None})
    configs = [*bootstrap_configs({"worker", "ran"}, NEW), implied("50-x", "worker")]
    found = delivery("ran", (MANY, WORKER, RAN_WITH_WORKER, own), configs)
    assert found.pinning_from == (
        "01-ran-cpu-partitioning",
        "01-worker-cpu-partitioning",
        "50-x",
        "60-own",
    )


def test_a_cpuset_that_is_absent_pins_to_nothing() -> None:
    text = '[crio.runtime.workloads.management]\nactivation_annotation = "a"\n'
    own = machine_config("60-own", "master", {CRIO + "zz": text})
    (found,) = delivery("master", (MANY, own), []).tables
    assert found.cpuset == CpuSet.EMPTY


def test_files_of_unknown_contents_matter_where_they_are_read_late() -> None:
    for path, matters in (("00-early", False), ("zz-late", True)):
        own = machine_config("60-own", "master", {CRIO + path: "{{ .x }}"})
        found = delivery("master", (MANY, own), [implied("50-x", "master")])
        assert found.table_open is matters
    assert delivery("master", (MANY, own), []).table_open is True


def test_pools_of_an_arbiter_cluster() -> None:
    arbiter = infrastructure("AllNodes", "HighlyAvailableArbiter")
    for release, made in (("4.20", True), ("4.19", False)):
        model = cluster(arbiter, release=release)
        names = {c.name for one in model.consequences() for c in one.delivery.implied}
        assert ("01-arbiter-cpu-partitioning" in names) is made


def test_profiles_are_delivered_by_their_labels() -> None:
    model = cluster(MANY, RAN_WITH_WORKER, WORKER, profile(name="w", selector=ON_WORKER))
    by_pool = {one.pool: one.delivery for one in model.consequences()}
    assert "50-performance-w" in by_pool["ran"].pinning_from
    assert "50-performance-w" not in by_pool["master"].pinning_from
    own = cluster(MANY, RAN_WITH_WORKER, profile(name="r", selector=ON_RAN))
    by_pool = {one.pool: one.delivery for one in own.consequences()}
    assert "50-performance-r" not in by_pool["worker"].pinning_from


def test_all_that_is_merged_in_its_order() -> None:
    written = machine_config("40-w", "worker"), machine_config("60-r", "ran")
    model = cluster(MANY, RAN_WITH_WORKER, *written, machine_config("50-x", "ran"))
    (node,) = [one for one in model.nodes if one.pool.name == "ran"]
    configs = [implied("99-w", "worker"), implied("01-r", "ran"), implied("50-x", "ran")]
    for releases, order in (
        (OLD, ["01-r", "40-w", "50-x", "60-r", "99-w"]),
        (NEW, ["40-w", "99-w", "01-r", "50-x", "60-r"]),
    ):
        found = in_merge_order(node, deliver(node, configs, releases), releases)
        assert [one.name for one in found] == order
        assert sum(isinstance(one, ImpliedConfig) for one in found) == 2
