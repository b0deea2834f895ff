"""The day-2 stories and both risks of the design, on both sides of the gates that matter."""

from __future__ import annotations

import pytest
from builders import CNF, MASTER, WORKER, custom_pool, infrastructure, profile
from planning import change, planned, pool, said, slugs


def files(topology: str, *texts: str, mode: str = "AllNodes") -> dict[str, str]:
    listed = (infrastructure(mode, topology), *texts)
    return {f"openshift/{number}.yaml": text for number, text in enumerate(listed)}


def sites(*hosts: tuple[str, str], mode: str = "AllNodes", release: str = "4.16") -> dict[str, str]:
    listed = "".join(f"  - hostName: {name}\n    role: {role}\n" for name, role in hosts)
    return {
        "site.yaml": "apiVersion: siteconfig.open-cluster-management.io/v1alpha1\n"
        "kind: ClusterInstance\nmetadata:\n  name: plant\n  namespace: plant\nspec:\n"
        f"  clusterName: plant\n  clusterImageSetNameRef: img{release}.4\n"
        f"  cpuPartitioningMode: {mode}\n  extraLabels:\n    ManagedCluster:\n      plant: ''\n"
        f"  nodes:\n{listed}",
        "policy.yaml": "apiVersion: ran.openshift.io/v1\nkind: PolicyGenTemplate\n"
        "metadata:\n  name: group\n  namespace: ztp\nspec:\n  bindingRules:\n    plant: ''\n"
        "  sourceFiles:\n"
        + "".join(
            f"  - fileName: PerformanceProfile{role}.yaml\n    policyName: {role}\n"
            f"    metadata:\n      name: {role}\n"
            "    spec:\n      cpu:\n        reserved: 0-3\n        isolated: 4-63\n"
            f'      nodeSelector:\n        node-role.kubernetes.io/{role}: ""\n'
            for role in ("master", "worker")
        ),
    }


# --- changing the reserved CPUs -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "effects"),
    [("4.12", {"reboot"}), ("4.13", {"moves", "reboot"}), ("4.23", {"moves", "reboot"})],
)
def test_changing_the_reserved_cpus_is_safe(release: str, effects: set[str]) -> None:
    mode = "AllNodes" if release != "4.12" else ""
    old = files("HighlyAvailable", profile("0-1", "2-31", selector=WORKER), mode=mode)
    new = files("HighlyAvailable", profile("0-3", "4-31", selector=WORKER), mode=mode)
    found = change(old, new, release)
    assert slugs(pool(found, "worker")) == effects
    assert slugs(pool(found, "master")) == set()
    (moved,) = said(planned(old, new, release), "WPL861")
    assert moved.severity.value == "warning"
    assert "CPUs 2-3 from the workload to the platform" in moved.message


@pytest.mark.parametrize("release", ["4.12", "4.13", "4.16", "4.17"])
def test_changing_them_where_hand_made_files_partition(release: str) -> None:
    """Until 4.12 the files pin, and the profile only counts for the kubelet; 4.13 migrates."""
    from builders import machine_config, pinning, workload

    def state(cpus: str, rest: str) -> dict[str, str]:
        hand_made = machine_config(
            "02-master-workload-partitioning",
            files={
                "/etc/crio/crio.conf.d/01-workload-partitioning": workload(cpus),
                "/etc/kubernetes/openshift-workload-pinning": pinning(cpus),
            },
        )
        return files("SingleReplica", profile(cpus, rest), hand_made, mode="")

    found = pool(change(state("0-1", "2-31"), state("0-3", "4-31"), release), "master")
    assert slugs(found) == {"moves", "reboot"}
    assert (str(found.gained), str(found.lost)) == ("2-3", "")


# --- a node joins ---------------------------------------------------------------------------------


def test_a_node_that_joins_is_safe_and_no_other_node_reboots() -> None:
    three = [(f"m{number}", "master") for number in range(3)]
    old = sites(*three, ("w0", "worker"))
    found = change(old, sites(*three, ("w0", "worker"), ("w1", "worker")), None)
    assert slugs(pool(found, "worker")) == {"join"}
    assert slugs(pool(found, "master")) == set()
    joined = pool(found, "worker").new
    assert joined is not None
    assert (joined.outcome.fate.value, str(joined.management)) == ("partitioned, pinned", "0-3")
    assert [host.name for host in pool(found, "worker").hosts_added] == ["w1"]


def test_a_node_that_leaves_is_the_mirror_of_it() -> None:
    three = [(f"m{number}", "master") for number in range(3)]
    old = sites(*three, ("w0", "worker"), ("w1", "worker"))
    assert slugs(pool(change(old, sites(*three, ("w0", "worker")), None), "worker")) == {"leave"}


def test_workers_of_a_single_node_need_a_profile_of_their_own() -> None:
    old, new = sites(("m0", "master")), sites(("m0", "master"), ("w0", "worker"))
    with_profile = planned(old, new)
    assert said(with_profile, "WPL859") == []
    for state in (old, new):
        state["policy.yaml"] = state["policy.yaml"].partition("  - fileName: PerformanceProfilew")[
            0
        ]
    (found,) = said(planned(old, new), "WPL859")
    assert "no profile matches pool worker" in found.message
    assert slugs(pool(change(old, new, None), "worker")) == {"added", "floats"}


# --- a pool is added: story, and the risk of a pool without a profile -----------------------------

BASE = profile("0-1", "2-31", selector=MASTER)


@pytest.mark.parametrize("release", ["4.13", "4.14", "4.15", "4.23"])
@pytest.mark.parametrize("inherits", [True, False])
def test_a_pool_added_with_its_profile_is_safe(release: str, inherits: bool) -> None:
    old = files("HighlyAvailable", BASE)
    new = files(
        "HighlyAvailable",
        BASE,
        custom_pool("cnf", inherits=inherits),
        profile("0-3", "4-31", name="c", selector=CNF),
    )
    found = pool(change(old, new, release), "cnf")
    assert slugs(found) == {"added"}
    assert found.new is not None
    assert str(found.new.management) == "0-3"
    assert planned(old, new, release).outcome.findings == ()


@pytest.mark.parametrize(
    ("release", "inherits", "effects", "severity"),
    [
        ("4.12", True, {"added"}, None),
        ("4.12", False, {"added"}, None),
        ("4.13", True, {"added", "floats"}, "warning"),
        ("4.13", False, {"added", "rejected"}, "error"),
        ("4.23", True, {"added", "floats"}, "warning"),
        ("4.23", False, {"added", "rejected"}, "error"),
    ],
)
def test_the_risk_of_a_pool_without_a_profile(
    release: str, inherits: bool, effects: set[str], severity: str | None
) -> None:
    mode = "AllNodes" if release != "4.12" else ""
    old = files("HighlyAvailable", BASE, mode=mode)
    new = files("HighlyAvailable", BASE, custom_pool("cnf", inherits=inherits), mode=mode)
    assert slugs(pool(change(old, new, release), "cnf")) == effects
    found = said(planned(old, new, release), "WPL853")
    assert [item.severity.value for item in found] == ([severity] if severity else [])


def test_until_4_12_a_pool_beside_a_single_node_is_not_partitioned() -> None:
    from builders import machine_config, pinning, workload

    hand_made = machine_config(
        "02-master-workload-partitioning",
        files={
            "/etc/crio/crio.conf.d/01-workload-partitioning": workload("0-1"),
            "/etc/kubernetes/openshift-workload-pinning": pinning("0-1"),
        },
    )
    old = files("SingleReplica", BASE, hand_made, mode="")
    new = files("SingleReplica", BASE, hand_made, custom_pool("cnf", inherits=True), mode="")
    (found,) = said(planned(old, new, "4.12"), "WPL853")
    assert found.severity.value == "warning"
    assert found.effect.endswith("its nodes are not partitioned.")
    assert slugs(pool(change(old, new, "4.12"), "cnf")) == {"added"}


# --- the risk of an operator that is not there ----------------------------------------------------

INSTALL = """\
apiVersion: v1
baseDomain: example.org
cpuPartitioningMode: AllNodes
metadata:
  name: plant
controlPlane:
  name: master
  replicas: 3
compute:
- name: worker
  replicas: 2
capabilities:
  baselineCapabilitySet: None
  additionalEnabledCapabilities: [%s]
"""


@pytest.mark.parametrize(
    ("release", "inherits", "capability", "severity"),
    [
        ("4.13", True, "OperatorLifecycleManager", "warning"),
        ("4.13", False, "OperatorLifecycleManager", "error"),
        ("4.23", False, "OperatorLifecycleManager", "error"),
        ("4.13", False, "NodeTuning", None),
        ("4.23", True, "NodeTuning", None),
    ],
)
def test_the_risk_of_a_cluster_without_the_node_tuning_operator(
    release: str, inherits: bool, capability: str, severity: str | None
) -> None:
    old = {"install-config.yaml": INSTALL % capability, "openshift/p.yaml": BASE}
    new = old | {
        "openshift/pool.yaml": custom_pool("cnf", inherits=inherits),
        "openshift/q.yaml": profile("0-3", "4-31", name="c", selector=CNF),
    }
    found = said(planned(old, new, release), "WPL854")
    assert [item.severity.value for item in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("release", "missing"), [("4.10", True), ("4.11", False), ("4.12", False)])
def test_the_operator_had_to_be_installed_until_4_10(release: str, missing: bool) -> None:
    old = files("HighlyAvailable", BASE, mode="")
    new = files(
        "HighlyAvailable",
        BASE,
        custom_pool("cnf", inherits=True),
        profile("0-3", "4-31", name="c", selector=CNF),
        mode="",
    )
    found = said(planned(old, new, release), "WPL854")
    assert [item.severity.value for item in found] == (["warning"] if missing else [])
    if missing:
        assert "the Performance Addon Operator" in found[0].message


# --- what else rules say --------------------------------------------------------------------------


def test_findings_hold_in_every_release_that_the_cluster_may_have() -> None:
    old = files("HighlyAvailable", BASE)
    new = files("HighlyAvailable", BASE, custom_pool("cnf", inherits=False))
    (found,) = said(planned(old, new), "WPL853")  # all releases that know AllNodes
    assert found.severity.value == "error"


def test_a_template_or_a_pool_elsewhere_is_silent() -> None:
    old = files("HighlyAvailable", BASE)
    hidden = profile("0-3", "4-31", name="c", selector="'{{ .role }}': ''")
    new = files("HighlyAvailable", BASE, custom_pool("cnf", inherits=False), hidden)
    assert said(planned(old, new, "4.16"), "WPL853") == []


def test_lint_does_not_run_rules_about_changes(tmp_path_factory: pytest.TempPathFactory) -> None:
    from builders import rules

    from linter.engine.run import lint

    folder = tmp_path_factory.mktemp("lint")
    for name, text in files("HighlyAvailable", BASE, custom_pool("cnf", inherits=False)).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    outcome = lint([str(folder)], rules())
    assert outcome.failures == ()
    assert not [item for item in outcome.findings if item.rule.startswith("WPL85")]
