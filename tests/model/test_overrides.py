"""Statements that something else replaces: which, by what, and when that is harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from linter.facts.crio import DIRECTORY
from linter.facts.pinning import PATH as PINNING
from linter.facts.scope import Facts, add_document
from linter.model.cluster import Cluster, build_cluster
from linter.model.overrides import (
    conflicting_layers,
    empty_tables,
    shadowed_tables,
    skewed_files,
)
from linter.model.releases import Release, Releases
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.model.node import NodeConfig

LEGACY = DIRECTORY + "01-workload-partitioning"
DEFAULT = DIRECTORY + "01-workload-pinning-default.conf"
OWN = DIRECTORY + "99-workload-pinning.conf"
LAST = DIRECTORY + "zz-own.conf"
AFFINITY = "/etc/systemd/system.conf.d/affinity.conf"


def table(cpuset: str) -> str:
    return (
        "[crio.runtime.workloads.management]\n"
        'activation_annotation = "target.workload.openshift.io/management"\n'
        'annotation_prefix = "resources.workload.openshift.io"\n'
        f'resources = {{ "cpushares" = 0, "cpuset" = "{cpuset}" }}\n'
    )


def infra_ctr(cpuset: str) -> str:
    return f'[crio.runtime]\ninfra_ctr_cpuset = "{cpuset}"\n'


def pinning(cpuset: str) -> str:
    return f'{{"management": {{"cpuset": "{cpuset}"}}}}'


def affinity(cpus: str) -> str:
    return f"[Manager]\nCPUAffinity={cpus}\n"


def config(name: str, files: dict[str, str | None], role: str = "master") -> str:
    """Return a MachineConfig; contents of None are those that a template decides."""
    entries = "".join(
        f"      - path: {path}\n        contents:\n          source: '"
        + ("{{ payload }}" if text is None else "data:," + quote(text))
        + "'\n"
        for path, text in files.items()
    )
    return (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
        f"metadata:\n  name: {name}\n  labels:\n"
        f"    machineconfiguration.openshift.io/role: {role}\n"
        f"spec:\n  config:\n    storage:\n      files:\n{entries}"
    )


def profile(reserved: str = "0-1", role: str = "master") -> str:
    return (
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        f"metadata:\n  name: du\nspec:\n  cpu:\n    reserved: '{reserved}'\n"
        f"    isolated: 2-19\n  nodeSelector:\n    node-role.kubernetes.io/{role}: ''\n"
    )


def infrastructure(mode: str, topology: str = "SingleReplica") -> str:
    return (
        "apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata:\n  name: cluster\n"
        f"status:\n  cpuPartitioning: {mode}\n  controlPlaneTopology: {topology}\n"
    )


EDGE_POOL = (
    "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
    "metadata:\n  name: edge\n  labels:\n    role: edge\nspec:\n  machineConfigSelector:\n"
    "    matchExpressions:\n    - key: machineconfiguration.openshift.io/role\n"
    "      operator: In\n      values: [worker, edge]\n"
    "  nodeSelector:\n    matchLabels:\n      node-role.kubernetes.io/edge: ''\n"
)


def cluster(*manifests: str, minor: int = 16) -> Cluster:
    facts = Facts()
    for number, text in enumerate(manifests):
        roots, problem = compose(File(f"{number}.yaml", text))
        assert problem is None
        for root in roots:
            add_document(facts, root)
    releases = Releases.only(Release(minor))
    return build_cluster("north", "north", facts, releases, installer=True)


def pool(found: Cluster, name: str = "master") -> NodeConfig:
    return next(node for node in found.nodes if node.pool.name == name)


def shadowed(found: Cluster, name: str = "master") -> list[tuple[str, str, bool]]:
    """Return the path that loses, the one that counts, and whether that is harmless."""
    return [
        (entry.stated.drop_in.path, entry.counts.path, entry.harmless)
        for entry in shadowed_tables(found, pool(found, name))
    ]


def empty(found: Cluster, name: str = "master") -> list[tuple[str, str, bool]]:
    return [
        (entry.made_by, entry.path, certain)
        for entry, certain in empty_tables(found, pool(found, name))
    ]


def conflicts(found: Cluster, name: str = "master") -> list[tuple[str, str, str, str]]:
    return [
        (f"{loser.config}: {loser.said}", f"{winner.config}: {winner.said}", path, winner.ref.text)
        for loser, winner, path in conflicting_layers(found, pool(found, name))
    ]


LEGACY_CONFIG = config("02-master-workload-partitioning", {LEGACY: table("0-1"), PINNING: "{}"})
DEFAULT_CONFIG = config("01-master-cpu-partitioning", {DEFAULT: table(""), PINNING: pinning("")})


# --- drop-ins of CRI-O ---------------------------------------------------------------------------


def test_the_default_table_hides_the_hand_made_one() -> None:
    found = cluster(LEGACY_CONFIG, DEFAULT_CONFIG, infrastructure("AllNodes"))
    assert shadowed(found) == [(LEGACY, DEFAULT, False)]


def test_the_default_table_need_not_be_in_the_tree() -> None:
    found = cluster(LEGACY_CONFIG, infrastructure("AllNodes"))
    (entry,) = shadowed_tables(found, pool(found))
    assert (entry.counts.path, entry.counts.ref, entry.harmless) == (DEFAULT, None, False)
    assert entry.implied_by is not None
    assert entry.implied_by.text == "AllNodes"


def test_before_4_14_there_is_no_default_table() -> None:
    assert shadowed(cluster(LEGACY_CONFIG, infrastructure("AllNodes"), minor=13)) == []


@pytest.mark.parametrize("tree", [(), (DEFAULT_CONFIG,)])
def test_a_profile_brings_the_table_back(tree: tuple[str, ...]) -> None:
    found = cluster(LEGACY_CONFIG, *tree, profile(), infrastructure("AllNodes"))
    assert shadowed(found) == []
    assert empty(found) == []


def test_beside_a_profile_a_hand_made_table_merely_misleads() -> None:
    found = cluster(LEGACY_CONFIG, profile("0-3"), infrastructure("AllNodes"))
    assert shadowed(found) == [(LEGACY, OWN, True)]


def test_a_later_file_of_ones_own_counts() -> None:
    both = config("50-own", {LEGACY: table("0-1"), LAST: table("0-3")})
    assert shadowed(cluster(both, infrastructure("None"), minor=12)) == [(LEGACY, LAST, False)]
    assert shadowed(cluster(both, profile("0-3"), infrastructure("AllNodes"))) == [
        (LEGACY, LAST, True)
    ]


def test_tables_that_agree_are_no_matter() -> None:
    both = config("50-own", {LEGACY: table("0-1"), LAST: table("1,0")})
    assert shadowed(cluster(both, infrastructure("None"), minor=12)) == []


def test_nothing_is_known_behind_a_template() -> None:
    both = config("50-own", {LEGACY: table("0-1"), DEFAULT: table(""), LAST: None})
    assert shadowed(cluster(both, infrastructure("None"), minor=12)) == []
    templated = config("50-own", {LEGACY: table("0-1"), LAST: table("$cpuset")})
    assert shadowed(cluster(templated, infrastructure("None"), minor=12)) == []


def test_a_profile_of_which_a_template_decides_the_pool_may_bring_the_table() -> None:
    some_profile = profile(role="{{ role }}")
    found = cluster(LEGACY_CONFIG, DEFAULT_CONFIG, some_profile, infrastructure("AllNodes"))
    assert shadowed(found) == []


@pytest.mark.parametrize("topology", ["SingleReplica", "HighlyAvailable"])
def test_where_partitioning_is_off_no_table_counts(topology: str) -> None:
    switched_off = infrastructure("None", topology)
    found = cluster(LEGACY_CONFIG, DEFAULT_CONFIG, switched_off, minor=18)
    assert shadowed(found) == []
    assert empty(found) == []


def test_a_legacy_single_node_is_hidden_too_while_it_is_installed() -> None:
    found = cluster(LEGACY_CONFIG, infrastructure("None"), minor=15)
    assert shadowed(found) == [(LEGACY, DEFAULT, False)]
    assert shadowed(cluster(LEGACY_CONFIG, infrastructure("None"), minor=12)) == []


def test_an_empty_table_after_that_of_the_profile_is_certain_to_float() -> None:
    found = cluster(config("99-own", {LAST: table("")}), profile(), infrastructure("AllNodes"))
    assert empty(found) == [("99-own", LAST, True)]


def test_an_empty_copy_of_the_generated_table_is_outdated() -> None:
    copy = config("50-performance-du", {OWN: table("")})
    found = cluster(copy, profile(), infrastructure("AllNodes"))
    assert empty(found) == [("50-performance-du", OWN, False)]


def test_an_empty_hand_made_table_counts_before_4_13_only() -> None:
    hand_made = config("02-master-workload-partitioning", {LEGACY: table(""), PINNING: "{}"})
    before = cluster(hand_made, profile(), minor=12)
    assert empty(before) == [("02-master-workload-partitioning", LEGACY, False)]
    assert empty(cluster(hand_made, profile(), minor=16)) == []
    assert empty(cluster(hand_made, profile(), infrastructure("AllNodes"))) == []


def test_the_default_table_is_empty_by_nature() -> None:
    elsewhere = profile() + "  machineConfigLabel:\n    role: elsewhere\n"
    found = cluster(DEFAULT_CONFIG, elsewhere, infrastructure("AllNodes"))
    assert empty(found) == []


# --- one file in several MachineConfigs ----------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "first", "second", "text"),
    [
        (LEGACY, table("0-1"), table("0-3"), "0-3"),
        (LEGACY, table("0-1"), table(""), ""),
        (OWN, infra_ctr("0-1"), infra_ctr("0-3"), "0-3"),
        (PINNING, pinning("0-1"), pinning("0-3"), "0-3"),
        (AFFINITY, affinity("0-1"), affinity("0-3"), "0-3"),
    ],
)
def test_the_later_machine_config_wins(path: str, first: str, second: str, text: str) -> None:
    found = cluster(config("10-a", {path: first}), config("20-b", {path: second}))
    said = text or "no CPUs"
    assert conflicts(found) == [("10-a: 0-1", f"20-b: {said}", path, text)]
    assert conflicts(found, "worker") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (table(""), table("0-1")),
        (table("0-1"), table("0,1")),
        (table("0-1"), None),
        (table("0-1"), "no = [toml"),
        (table("0-1"), table("$cpuset")),
        (table("0-1"), infra_ctr("0-1") + table("0-1")),
        (infra_ctr("0-1"), table("0-3")),
    ],
)
def test_what_is_no_conflict(first: str, second: str | None) -> None:
    found = cluster(config("10-a", {LEGACY: first}), config("20-b", {LEGACY: second}))
    assert conflicts(found) == []


def test_a_table_that_vanishes_counts_where_no_other_is_left() -> None:
    first, second = config("10-a", {LEGACY: table("0-1")}), config("20-b", {LEGACY: "# none\n"})
    assert conflicts(cluster(first, second)) == [("10-a: 0-1", "20-b: no CPUs", LEGACY, LEGACY)]
    other = config("30-c", {LAST: table("0-1")})
    assert conflicts(cluster(first, second, other)) == []


def test_a_file_twice_in_one_machine_config_is_another_matter() -> None:
    twice = config("10-a", {LEGACY: table("0-1")})
    twice += twice[twice.index("      - path") :].replace(quote("0-1"), quote("0-3"))
    assert conflicts(cluster(twice)) == []


# --- the merge order -----------------------------------------------------------------------------


def skews(path: str, worker: str, edge: str, *, minor: int = 14) -> list[tuple[str, str, str]]:
    found = cluster(
        EDGE_POOL,
        config("99-worker", {path: worker}, "worker"),
        config("50-edge", {path: edge}, "edge"),
        minor=minor,
    )
    return [
        (
            file.path,
            f"{file.before.config}: {file.before.said}",
            f"{file.since.config}: {file.since.said}",
        )
        for name in ("edge", "worker", "master")
        for file in skewed_files(found, pool(found, name))
    ]


@pytest.mark.parametrize("minor", [14, 15])
def test_a_file_that_the_orders_take_from_different_configs(minor: int) -> None:
    expected = [(AFFINITY, "99-worker: 0-1", "50-edge: 0-3")]
    assert skews(AFFINITY, affinity("0-1"), affinity("0-3"), minor=minor) == expected
    assert skews(LEGACY, table("0-1"), table(""), minor=minor) == [
        (LEGACY, "99-worker: 0-1", "50-edge: no CPUs")
    ]


def test_orders_that_lead_to_the_same_cpus() -> None:
    assert skews(AFFINITY, affinity("0-1"), affinity("0,1")) == []
    assert skews(PINNING, pinning("0-1"), pinning("")) == []
    assert skews(PINNING, pinning("0-1"), pinning("0-3")) != []
    assert skews(LEGACY, table("0-1"), infra_ctr("0-3")) == []
    assert skews("/etc/motd", "one", "other") == []
