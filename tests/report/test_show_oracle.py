"""What is shown agrees with what the upstream renderer made of the same manifests.

The cases lie beside the project in ``shared/oracle``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from linter.engine.scoping import Tally, read_scopes
from linter.formats.cpuset import parse_cpuset
from linter.model.cluster import target_releases
from linter.model.releases import NEWEST_MINOR, Release
from linter.report.show import text, view

ORACLE = Path(__file__).parents[3] / "shared" / "oracle"
CASES = {path.parent.name: json.loads(path.read_text()) for path in ORACLE.glob("*/expected.json")}
RENDERED = sorted(name for name, expected in CASES.items() if expected["exit"] == "ok")
NEWEST = f"4.{NEWEST_MINOR}"
REFUSED = (
    "nodeselector-value-differs",
    "profile-matches-no-pool",
    "profile-matches-two-pools",
    "reserved-unparsable",
)

pytestmark = pytest.mark.skipif(not CASES, reason="no shared/oracle folder beside the project")


def shown(case: str) -> dict[str, Any]:
    """Return what is shown of a case's only cluster, for the renderer's release."""
    ((scope, facts),) = read_scopes([str(ORACLE / case / "input")], Tally())
    releases = target_releases(facts, Release(NEWEST_MINOR))
    found = view(scope.name, scope.path, facts, releases, installer=True)
    (cluster,) = json.loads(text([found]))["clusters"]
    assert cluster["releases"] == [NEWEST]
    return dict(cluster)


def objects(case: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return what upstream wrote of a kind, by name."""
    files = CASES[case]["files"].values()
    return {one["name"]: one for one in files if one["kind"] == kind}


def canonical(cpus: str) -> str:
    return str(parse_cpuset(cpus))


def test_the_cases_are_there() -> None:
    assert len(RENDERED) >= 20
    assert set(REFUSED) <= set(CASES)


@pytest.mark.parametrize("case", RENDERED)
def test_profiles_have_the_same_pool_names_labels_and_cpus(case: str) -> None:
    cluster = shown(case)
    configs, kubelets = objects(case, "MachineConfig"), objects(case, "KubeletConfig")
    tuneds = objects(case, "Tuned")
    rendered = [one for one in cluster["profiles"] if one["version"] == "v2"]
    names = {one["machine_config"]["name"] for one in rendered}
    assert names == {name for name in configs if name.startswith("50-performance-")}
    pools = {pool["name"]: pool for pool in cluster["pools"]}
    for profile in rendered:
        (pool,) = profile["pools"]
        config = configs[profile["machine_config"]["name"]]
        weak = "performance.openshift.io/weak-owner-reference-name"
        labels = {key: value for key, value in config["labels"].items() if key != weak}
        assert profile["machine_config"]["labels"] == labels
        crio = config["files"]["/etc/crio/crio.conf.d/99-runtimes.conf"]["toml"]["crio"]["runtime"]
        assert profile["cpus"]["reserved"] == canonical(crio["infra_ctr_cpuset"])
        assert pools[pool]["reserved"] == profile["cpus"]["reserved"]
        kubelet = kubelets[profile["kubelet_config"]["name"]]["spec"]["kubeletConfig"]
        stated = parse_cpuset(kubelet["reservedSystemCPUs"])
        shared = profile["cpus"].get("shared") if case == "shared-mixed" else None
        if shared is not None:  # the operator adds them on the running cluster, render does not
            stated |= parse_cpuset(shared)
        assert profile["kubelet_config"]["reserved_system_cpus"] == str(stated)
        tuned = json.dumps(tuneds[f"openshift-node-performance-{profile['name']}"])
        assert f"isolated_cores={profile['tuned_isolated_cores']}" in tuned.replace('": "', "=")


@pytest.mark.parametrize("case", RENDERED)
def test_bootstrap_configs_are_those_that_upstream_writes(case: str) -> None:
    made = {name for name in objects(case, "MachineConfig") if name.startswith("01-")}
    implied = {
        config["name"]
        for pool in shown(case)["pools"]
        for layers in pool["layers"]
        for config in layers["machine_configs"]
        if config["state"] == "implied" and config["name"].startswith("01-")
    }
    assert implied == made


@pytest.mark.parametrize("case", RENDERED)
def test_what_upstream_renders_is_no_abort(case: str) -> None:
    fates = {one["fate"] for pool in shown(case)["pools"] for one in pool["outcomes"]}
    assert "bootstrap-aborts" not in fates


@pytest.mark.parametrize("case", REFUSED)
def test_what_upstream_refuses_is_an_abort(case: str) -> None:
    fates = {one["fate"] for pool in shown(case)["pools"] for one in pool["outcomes"]}
    assert fates == {"bootstrap-aborts"}
