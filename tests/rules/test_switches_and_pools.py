"""Whole clusters of many shapes against the rules about enablement, pools and kernel arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import (
    CRIO,
    PINNING,
    infrastructure,
    kubelet_config,
    machine_config,
    pinning,
    pool,
    profile,
    rules,
    workload,
)

from linter.engine.run import lint
from linter.model.releases import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Tree = Callable[[Mapping[str, str | bytes]], str]

MINE = {f"WPL{n}" for n in (310, 311, 313, 401, 403, 407, 501, 502, 503, 504, 601, 610, 705)}
RULES = rules()
WORKER = 'node-role.kubernetes.io/worker: ""'
RAN = 'node-role.kubernetes.io/ran: ""'
MASTER_POOL = 'matchLabels:\n  pools.operator.machineconfiguration.openshift.io/master: ""'
DROP_INS = "/etc/systemd/system.conf.d/"


def said(
    tree: Tree, *texts: str, release: str | None = None, installer: bool = True
) -> list[tuple[str, str, str]]:
    """Return severity, code and pool of what these rules say about some files."""
    folder = "openshift/" if installer else ""
    files = {f"{folder}{number:02}.yaml": text for number, text in enumerate(texts)}
    outcome = lint([tree(files)], RULES, Release.parse(release) if release else None)
    assert outcome.failures == ()
    assert outcome.summary.skipped == ()
    return [(f.severity.value, f.rule, f.pool) for f in outcome.findings if f.rule in MINE]


def codes(tree: Tree, *texts: str, release: str | None = None, installer: bool = True) -> list[str]:
    """Return ``error WPL401`` and the like, without repetitions."""
    found = said(tree, *texts, release=release, installer=installer)
    return sorted({f"{severity} {code}" for severity, code, _ in found})


def install_config(masters: int = 3, workers: int = 0, mode: str | None = "AllNodes") -> str:
    return (
        "apiVersion: v1\nbaseDomain: example.org\nmetadata:\n  name: lab\n"
        f"controlPlane:\n  name: master\n  replicas: {masters}\n"
        f"compute:\n- name: worker\n  replicas: {workers}\n"
        + (f"cpuPartitioningMode: {mode}\n" if mode is not None else "")
    )


def agent_install(overrides: str = "", image: str = "", agents: int = 1, name: str = "lab") -> str:
    note = "  annotations:\n    agent-install.openshift.io/install-config-overrides: "
    return (
        "apiVersion: extensions.hive.openshift.io/v1beta1\nkind: AgentClusterInstall\n"
        f"metadata:\n  name: {name}\n  namespace: {name}\n"
        + (f"{note}'{overrides}'\n" if overrides else "")
        + f"spec:\n  provisionRequirements:\n    controlPlaneAgents: {agents}\n"
        + (f"  imageSetRef:\n    name: {image}\n" if image else "")
    )


def legacy(cpuset: str = "0-1", role: str = "master") -> str:
    """Return the MachineConfig of the releases before 4.13."""
    files = {CRIO + "01-workload-partitioning": workload(cpuset), PINNING: pinning(cpuset)}
    return machine_config(f"02-{role}-workload-partitioning", role, files)


def custom_pool(name: str = "ran", value: str = "", roles: str = "worker, ran") -> str:
    return pool(
        name,
        "machineConfigSelector:\n  matchExpressions:\n"
        f"  - {{key: machineconfiguration.openshift.io/role, operator: In, values: [{roles}]}}\n"
        f'nodeSelector:\n  matchLabels:\n    node-role.kubernetes.io/ran: "{value}"',
        f"machineconfiguration.openshift.io/role: {name}",
    )


def tuned(arguments: str, include: str = "openshift-node-performance-perf") -> str:
    return (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nmetadata:\n  name: patch\n"
        "  namespace: openshift-cluster-node-tuning-operator\nspec:\n  profile:\n"
        f"  - name: patch\n    data: |\n      [main]\n      include={include}\n"
        f"      [bootloader]\n      cmdline_patch={arguments}\n"
        "  recommend:\n  - profile: patch\n    priority: 19\n    machineConfigLabels:\n"
        "      machineconfiguration.openshift.io/role: master\n"
    )


def affinity(*values: str, role: str = "master") -> str:
    """Return a MachineConfig with one drop-in of systemd for each value."""
    files = {
        f"{DROP_INS}{number}.conf": f"[Manager]\nCPUAffinity={value}\n"
        for number, value in enumerate(values)
    }
    return machine_config("05-affinity", role, files)


# --- clusters that nothing is wrong with ---------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param((install_config(3, 0), profile()), id="compact"),
        pytest.param((install_config(1, 0), profile()), id="single-node"),
        pytest.param((infrastructure(), profile()), id="single-node-infrastructure"),
        pytest.param(
            (install_config(3, 2), profile(), profile(name="work", selector=WORKER)), id="workers"
        ),
        pytest.param((infrastructure("None"),), id="off"),
        pytest.param((infrastructure("None"), profile()), id="off-with-profile"),
        pytest.param((profile(),), id="profile-alone"),
        pytest.param((install_config(mode='""'),), id="empty-mode"),
        pytest.param((install_config(mode="null"),), id="null-mode"),
        pytest.param((install_config(mode="'{{ .Values.mode }}'"), legacy()), id="template"),
        pytest.param(
            (custom_pool(), profile(name="ran", selector=RAN), profile(name="w", selector=WORKER)),
            id="inheriting-pool",
        ),
        pytest.param(
            (agent_install('{"cpuPartitioningMode": "AllNodes"}'), profile()), id="assisted"
        ),
    ],
)
def test_nothing_is_said_of_a_sound_cluster(texts: tuple[str, ...], tree: Tree) -> None:
    assert codes(tree, *texts) == []


def test_a_profile_for_a_pool_declared_elsewhere_is_a_warning_on_day_2(tree: Tree) -> None:
    text = profile(name="ran", selector=RAN)
    assert codes(tree, text, installer=False) == ["warning WPL502"]


def test_a_profile_for_a_pool_declared_elsewhere_is_an_error_while_installing(tree: Tree) -> None:
    assert codes(tree, profile(name="ran", selector=RAN)) == ["error WPL502"]


# --- enablement ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "release", "expected"),
    [
        ((infrastructure("None"), legacy()), None, []),
        ((infrastructure("None"), legacy()), "4.12", []),
        ((infrastructure("None"), legacy()), "4.13", []),
        ((infrastructure("None"), legacy()), "4.16", []),
        ((infrastructure("None"), legacy()), "4.17", ["error WPL401"]),
        ((infrastructure("None", "HighlyAvailable"), legacy()), None, ["error WPL401"]),
        ((infrastructure("None", "HighlyAvailable"), legacy()), "4.10", ["error WPL401"]),
        ((infrastructure(""), legacy()), "4.18", ["error WPL401"]),
        ((install_config(3, 2, None), legacy()), None, ["error WPL401"]),
        ((install_config(1, 0, None), legacy()), None, []),
        ((agent_install(), legacy()), None, []),
        ((agent_install(image="img4.12.3"), legacy()), None, []),
        ((agent_install(image="img4.18.3"), legacy()), None, ["error WPL401"]),
        ((agent_install(agents=3), legacy()), None, ["error WPL401"]),
        ((legacy(),), None, ["warning WPL401"]),
        ((legacy(), profile()), None, ["warning WPL401"]),
        ((legacy(),), "4.12", []),
        ((legacy(),), "4.14", ["warning WPL401"]),
    ],
)
def test_files_without_the_switch(
    texts: tuple[str, ...], release: str | None, expected: list[str], tree: Tree
) -> None:
    assert codes(tree, *texts, release=release) == expected


@pytest.mark.parametrize("mode", ["allnodes", "All", "all-nodes", "true", "yes", "AllNode", "on"])
def test_a_near_miss_is_one_error_that_names_what_was_meant(mode: str, tree: Tree) -> None:
    files = {"install-config.yaml": install_config(3, 0, mode), "openshift/a.yaml": legacy()}
    outcome = lint([tree(files)], RULES)
    found = [f for f in outcome.findings if f.rule in {"WPL401", "WPL403"}]
    assert [f.rule for f in found] == ["WPL403"]
    assert found[0].advice == "Write AllNodes."
    assert (found[0].fix is not None) == (mode == "allnodes")


def test_a_mode_of_another_type_is_named(tree: Tree) -> None:
    assert codes(tree, install_config(3, 0, "{a: b}")) == ["error WPL403"]
    assert codes(tree, install_config(3, 0, "[AllNodes]")) == ["error WPL403"]
    assert codes(tree, install_config(3, 0, "1")) == ["error WPL403"]


@pytest.mark.parametrize(
    ("texts", "release", "expected"),
    [
        ((infrastructure(), profile()), "4.12", ["error WPL407"]),
        ((infrastructure(),), "4.12", ["error WPL407"]),
        ((infrastructure(), profile()), "4.13", []),
        ((infrastructure(),), "4.13", ["info WPL501"]),
    ],
)
def test_a_switch_that_the_release_does_not_have(
    texts: tuple[str, ...], release: str, expected: list[str], tree: Tree
) -> None:
    assert codes(tree, *texts, release=release) == expected


def test_the_case_is_repaired_inside_the_json_of_an_annotation(tree: Tree) -> None:
    text = agent_install('{"cpuPartitioningMode": "allNodes"}')
    (found,) = [f for f in lint([tree({"a.yaml": text})], RULES).findings if f.rule == "WPL403"]
    assert found.fix is not None
    edit = found.fix.replacements[0].edit()
    assert edit is not None
    assert text[: edit.start] + edit.new + text[edit.end :] == text.replace("allN", "AllN")


# --- releases ------------------------------------------------------------------------------------


def image_set(name: str, tag: str) -> str:
    return (
        "apiVersion: hive.openshift.io/v1\nkind: ClusterImageSet\n"
        f"metadata:\n  name: {name}\nspec:\n  releaseImage: quay.io/ocp-release:{tag}-x86_64\n"
    )


def cluster_version(spec: str) -> str:
    return (
        "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\n"
        f"metadata:\n  name: version\nspec: {spec}\n"
    )


ASSISTED = agent_install('{"cpuPartitioningMode": "None"}', "img4.14.2")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((ASSISTED, image_set("img4.14.2", "4.14.2")), []),
        ((ASSISTED, image_set("img4.14.2", "4.16.2")), ["warning WPL705"]),
        ((ASSISTED, image_set("img4.16.2", "4.16.2")), ["warning WPL705"]),
        ((image_set("a", "4.14.2"), image_set("b", "4.16.2")), []),
        ((ASSISTED, image_set("img4.14.2", "4.14.2"), image_set("b", "4.16.2")), []),
        ((ASSISTED, agent_install("{}", "img4.16.1", name="other")), []),
        ((ASSISTED, cluster_version("{channel: eus-4.16}")), []),
        ((ASSISTED, cluster_version("{desiredUpdate: {version: 4.16.1}}")), ["warning WPL705"]),
        ((ASSISTED, cluster_version("{desiredUpdate: {version: 4.14.9}}")), []),
    ],
)
def test_places_that_name_the_release(
    texts: tuple[str, ...], expected: list[str], tree: Tree
) -> None:
    assert codes(tree, *texts) == expected


# --- pools and profiles --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((infrastructure(),), [("info", "master")]),
        ((infrastructure("AllNodes", "HighlyAvailable"), profile()), [("info", "worker")]),
        ((install_config(3, 2), profile()), [("warning", "worker")]),
        ((install_config(3, 0), custom_pool(), profile()), [("warning", "ran")]),
        ((install_config(3, 0), pool("part", "paused: true"), profile()), []),
        ((install_config(1, 0), profile(selector=WORKER)), [("warning", "master")]),
        ((install_config(3, 0), profile(selector="'{{ role }}': ''")), []),
        ((install_config(3, 0), profile(), pool("worker") + "status:\n  machineCount: 0\n"), []),
    ],
)
def test_pools_without_a_profile(
    texts: tuple[str, ...], expected: list[tuple[str, str]], tree: Tree
) -> None:
    names = ("install-config.yaml", *(f"openshift/{n}.yaml" for n in range(1, len(texts))))
    if "baseDomain" not in texts[0]:
        names = tuple(f"openshift/{n}.yaml" for n in range(len(texts)))
    outcome = lint([tree(dict(zip(names, texts, strict=True)))], RULES)
    found = [(f.severity.value, f.pool) for f in outcome.findings if f.rule == "WPL501"]
    assert found == expected


def test_a_pool_that_a_profile_misses_is_one_error_that_names_both_values(tree: Tree) -> None:
    files = {
        "install-config.yaml": install_config(3, 0),
        "openshift/a.yaml": profile(),
        "openshift/b.yaml": profile(name="ran", selector=RAN),
        "openshift/c.yaml": custom_pool(value="true"),
    }
    found = [f for f in lint([tree(files)], RULES).findings if f.rule in MINE]
    assert [(f.rule, f.severity.value) for f in found] == [("WPL502", "error")]
    assert [label.ref.text for label in found[0].labels] == ["", "true"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((profile(), profile(name="other")), ["error WPL504"]),
        ((profile(), profile("0-3", "4-7")), ["warning WPL504"]),
        ((profile(name="'{{ a }}'"), profile(name="'{{ b }}'")), []),
        ((profile(selector=RAN), custom_pool(), custom_pool("two")), ["error WPL503"]),
        ((profile(selector=RAN), custom_pool(), custom_pool()), []),
        ((profile(selector=""),), []),
        ((profile(selector="'{{ role }}': ''"),), []),
        ((profile(selector='node-role.kubernetes.io/master: "true"'),), ["error WPL502"]),
    ],
)
def test_profiles_and_pools(texts: tuple[str, ...], expected: list[str], tree: Tree) -> None:
    assert codes(tree, *texts) == expected


# --- KubeletConfigs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((kubelet_config("own", MASTER_POOL, "maxPods: 9"),), []),
        ((kubelet_config("own", MASTER_POOL, "maxPods: 9"), profile()), ["error WPL601"]),
        ((kubelet_config("performance-perf", MASTER_POOL, "maxPods: 9"), profile()), []),
        (
            (
                kubelet_config("a", MASTER_POOL, "maxPods: 9"),
                kubelet_config("b", MASTER_POOL, "maxPods: 8"),
            ),
            ["error WPL601"],
        ),
        (
            (
                kubelet_config("a", MASTER_POOL, "maxPods: 9"),
                kubelet_config("a", MASTER_POOL, "maxPods: 8"),
            ),
            [],
        ),
        (
            (kubelet_config("own", MASTER_POOL, "maxPods: 9"), profile(selector=WORKER)),
            [],
        ),
        (
            (
                kubelet_config("performance-perf", MASTER_POOL, "maxPods: 9"),
                profile(name="'{{ name }}'"),
            ),
            [],
        ),
        ((kubelet_config("own", "", "maxPods: 9"),), ["error WPL610"]),
        ((kubelet_config("own", "{}", "maxPods: 9"),), ["error WPL610"]),
        ((kubelet_config("own", "matchLabels: {}", "maxPods: 9"),), ["error WPL610"]),
        ((kubelet_config("own", "matchLabels: {'{{ a }}': ''}", "maxPods: 9"),), []),
        (
            (
                kubelet_config("own", "", "maxPods: 9"),
                kubelet_config("own", MASTER_POOL, "maxPods: 8"),
            ),
            [],
        ),
    ],
)
def test_kubelet_configs(texts: tuple[str, ...], expected: list[str], tree: Tree) -> None:
    assert codes(tree, *texts) == expected


# --- kernel arguments and systemd ----------------------------------------------------------------


def arguments(*values: str, role: str = "master") -> str:
    return machine_config("05-arguments", role, kernel_arguments=values)


HOLE = profile("0-1", "4-7")
SHARED = profile("0-1", "4-7", extra="workloadHints:\n  mixedCpus: true\n").replace(
    "    isolated:", '    shared: "2-3"\n    isolated:'
)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((profile(), arguments("systemd.cpu_affinity=0,1")), []),
        ((profile(), arguments("systemd.cpu_affinity=0")), ["error WPL310"]),
        ((profile(), arguments("systemd.cpu_affinity=0-2")), ["error WPL310"]),
        ((profile(), arguments("systemd.cpu_affinity=0-1,8")), ["error WPL310"]),
        ((profile(), arguments("systemd.cpu_affinity=")), []),
        ((profile(), arguments("systemd.cpu_affinity=${cpus}")), []),
        ((HOLE, arguments("systemd.cpu_affinity=0-3")), []),
        ((HOLE, arguments("systemd.cpu_affinity=0-4")), ["error WPL310"]),
        ((SHARED, arguments("systemd.cpu_affinity=0-3")), []),
        ((profile("0-1", "$isolated"), arguments("systemd.cpu_affinity=0-3")), []),
        ((profile("0-3", "2-7"), arguments("systemd.cpu_affinity=0-3")), []),
        ((profile(), arguments("systemd.cpu_affinity=0-2", role="worker")), []),
        ((profile(extra='additionalKernelArgs: ["systemd.cpu_affinity=3"]'),), ["error WPL310"]),
        ((profile(), tuned("+systemd.cpu_affinity=3")), ["error WPL310"]),
        ((profile(), tuned("-systemd.cpu_affinity=3")), []),
        ((profile(), tuned("+systemd.cpu_affinity=3", "openshift-node")), []),
        ((profile(), tuned("+isolcpus=${isolated_cores}")), []),
        ((profile(), tuned("+isolcpus=managed_irq,2-6")), ["error WPL311"]),
        ((profile(), arguments("isolcpus=managed_irq,domain,2-7", "nohz_full=2-7")), []),
        ((profile(), arguments("rcu_nocbs=1-7")), ["error WPL311"]),
        ((profile(), arguments("rcu_nocbs=2-N")), []),
        ((profile("0-3", "2-7"), arguments("isolcpus=2-7")), []),
        ((profile("0-1", "$isolated"), arguments("isolcpus=2-3")), []),
        ((profile("0-1", "$isolated"), arguments("isolcpus=1-3")), ["error WPL311"]),
        ((profile(), affinity("0-1")), []),
        ((profile(), affinity("0", "1")), []),
        ((profile(), affinity("5", "", "0 1")), []),
        ((profile(), affinity("0")), ["error WPL313"]),
        ((profile(), affinity("0-1", "2")), ["error WPL313"]),
        ((profile(), affinity("0-1", "3-2x")), []),
        ((profile(), affinity("0-1,64")), ["error WPL313"]),
        ((HOLE, affinity("0-3")), ["warning WPL313"]),
        ((profile(), affinity("0-2", role="worker")), []),
        ((profile(), affinity("{{ cpus }}")), []),
    ],
)
def test_affinity_and_isolation(texts: tuple[str, ...], expected: list[str], tree: Tree) -> None:
    assert codes(tree, *texts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (arguments("systemd.cpu_affinity=0-3"), []),
        (arguments("systemd.cpu_affinity=0"), ["error WPL310"]),
        (arguments("isolcpus=2-7"), []),
        (arguments("isolcpus=1-7"), ["error WPL311"]),
        (affinity("0-1"), []),
        (affinity("0-3"), ["error WPL313"]),
    ],
)
def test_without_a_profile_the_management_pods_are_the_measure(
    text: str, expected: list[str], tree: Tree
) -> None:
    assert codes(tree, infrastructure("None"), legacy(), text) == expected


def test_a_pool_that_inherits_an_argument_is_judged_by_its_own_profile(tree: Tree) -> None:
    found = said(
        tree,
        custom_pool(),
        profile("0-3", "4-7", name="ran", selector=RAN),
        profile("0-1", "2-7", name="work", selector=WORKER),
        arguments("systemd.cpu_affinity=0-1", role="worker"),
    )
    assert found == [("error", "WPL310", "ran")]
