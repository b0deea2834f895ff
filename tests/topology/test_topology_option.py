"""Topology files on the command line: for which pools they count, and what they add to a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from machines import Machine, columns, extended

from linter.cli import main
from linter.topology.given import split_given
from linter.topology.machine import Topologies, Topology

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: {pool}
spec:
  cpu:
    reserved: {reserved}
    isolated: {isolated}
  nodeSelector:
    node-role.kubernetes.io/{pool}: ""
"""
PARTITIONED = """\
apiVersion: config.openshift.io/v1
kind: Infrastructure
metadata:
  name: cluster
status:
  controlPlaneTopology: {topology}
  cpuPartitioning: AllNodes
"""


def machine(cores: int) -> Machine:
    """Return a machine of one socket with two threads a core, numbered as on most servers."""
    numbers = tuple(range(cores)) * 2
    return Machine(numbers, (0,) * len(numbers), (0,) * len(numbers))


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.csv").write_text(columns(machine(4)))
    (tmp_path / "large.json").write_text(extended(machine(8)))
    return tmp_path


def lint(
    capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, list[tuple[str, str, str]], str]:
    """Return the status, the findings as rule, severity and pool, and standard error."""
    status = main(["lint", "--output", "json", "--ignore", "WPL501", *options])
    out, err = capsys.readouterr()
    found = json.loads(out)["findings"] if out else []
    return status, [(item["rule"], item["severity"], item["pool"]) for item in found], err


def state(pool: str, reserved: str, isolated: str, topology: str = "HighlyAvailable") -> None:
    with open(f"profile-{pool}.yaml", "w", encoding="utf-8") as stream:
        stream.write(PROFILE.format(pool=pool, reserved=reserved, isolated=isolated))
    with open("infrastructure.yaml", "w", encoding="utf-8") as stream:
        stream.write(PARTITIONED.format(topology=topology))


@pytest.mark.usefixtures("cluster")
def test_each_pool_is_held_against_its_own_machine(capsys: pytest.CaptureFixture[str]) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    state("worker", "0-1,8-9", "2-7,10-15")
    assert lint(capsys)[1] == []
    good = lint(capsys, "--topology", "master=small.csv", "--topology", "worker=large.json")
    assert good[:2] == (0, [])
    status, found, _ = lint(capsys, "--topology", "large.json")
    assert status == 0
    assert ("WPL231", "warning", "master") in found
    assert all(pool == "master" for _, _, pool in found)
    status, found, _ = lint(capsys, "--topology", "small.csv")
    assert {entry for entry in found if entry[0] == "WPL230"} == {("WPL230", "warning", "worker")}


@pytest.mark.usefixtures("cluster")
def test_one_cause_is_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """Rules that guess from the profile alone leave it to those that know the machine."""
    state("master", "1,5", "2-3,6-7", "SingleReplica")
    without = {rule for rule, _, _ in lint(capsys)[1]}
    assert without == {"WPL203", "WPL215"}
    with_file = [rule for rule, _, _ in lint(capsys, "--topology", "small.csv")[1]]
    assert sorted(with_file) == ["WPL231", "WPL235"]
    state("master", "1,5", "0,2-4,6-7", "SingleReplica")
    assert {rule for rule, _, _ in lint(capsys)[1]} == {"WPL215"}
    with_file = [rule for rule, _, _ in lint(capsys, "--topology", "small.csv")[1]]
    assert sorted(with_file) == ["WPL234", "WPL235"]


@pytest.mark.usefixtures("cluster")
def test_a_hole_that_no_machine_has_is_none(
    capsys: pytest.CaptureFixture[str], cluster: Path
) -> None:
    (cluster / "sparse.csv").write_text("# CPU,Core\n0,0\n1,1\n8,0\n9,1\n")
    state("master", "0,8", "1,9")
    assert [rule for rule, _, _ in lint(capsys)[1]].count("WPL203") == 1
    assert lint(capsys, "--topology", "sparse.csv")[1] == [("WPL215", "info", None)]


@pytest.mark.usefixtures("cluster")
def test_a_templated_set_is_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    state("master", '"{{ .reserved }}"', "2-3,6-7")
    assert lint(capsys, "--topology", "large.json")[1] == []


@pytest.mark.usefixtures("cluster")
def test_a_pool_that_no_cluster_has_is_noted(capsys: pytest.CaptureFixture[str]) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    _, found, err = lint(capsys, "--topology", "wrker=small.csv")
    assert found == []
    assert "no cluster has such a pool" in err
    assert "'wrker'" in err


@pytest.mark.usefixtures("cluster")
def test_the_repair_sees_the_machine_too(capsys: pytest.CaptureFixture[str]) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    assert main(["lint", "--diff", "--topology", "large.json"]) == 0
    assert "1 warning" in capsys.readouterr().err


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--topology", "none.csv"], "--topology: none.csv: it cannot be read"),
        (["--topology", "infrastructure.yaml"], "--topology: infrastructure.yaml:1:1: this is no"),
        (["--topology", "small.csv", "--topology", "large.json"], "two files are given for all"),
        (["--topology", "a=small.csv", "--topology", "a=large.json"], "two files are given for po"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    status, found, err = lint(capsys, *options)
    assert (status, found) == (2, [])
    assert words in err
    assert len(err.splitlines()) == 1


def test_the_settings_name_files_by_pool(capsys: pytest.CaptureFixture[str], cluster: Path) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    state("worker", "0-1,8-9", "2-7,10-15")
    (cluster / "wplint.toml").write_text('topology = "small.csv"\n')
    assert {pool for _, _, pool in lint(capsys)[1]} == {"worker"}
    (cluster / "wplint.toml").write_text(
        '[topology]\nmaster = "small.csv"\nworker = "large.json"\n'
    )
    assert lint(capsys)[1] == []
    assert {pool for _, _, pool in lint(capsys, "--topology", "small.csv")[1]} == {"worker"}
    assert main(["lint", "--show-settings", "--topology", "worker=small.csv"]) == 0
    assert 'topology.worker = "small.csv"  # --topology\n' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('openshift-version = "4.16"\ntopology = "none.csv"\n', "toml:2: none.csv: it cannot be"),
        ('[topology]\nmaster = "../cpus.csv"\n', "toml:2: '../cpus.csv' leads out of"),
        ('topology = "link.csv"\n', "toml:1: 'link.csv' leads out of"),
    ],
)
def test_settings_that_name_no_topology(
    capsys: pytest.CaptureFixture[str], cluster: Path, text: str, words: str
) -> None:
    state("master", "0-1,4-5", "2-3,6-7")
    (cluster / "link.csv").symlink_to("/proc/cpuinfo")
    (cluster / "wplint.toml").write_text(text)
    status, found, err = lint(capsys)
    assert (status, found) == (2, [])
    assert words in err


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("cpus.json", ("", "cpus.json")),
        ("master=cpus.json", ("master", "cpus.json")),
        ("worker-cnf=a=b", ("worker-cnf", "a=b")),
        ("north/master=cpus.json", ("north/master", "cpus.json")),
        ("./a=b", ("", "./a=b")),
        ("/tmp/a=b", ("", "/tmp/a=b")),
        ("=b", ("", "=b")),
        ("Pool=b", ("", "Pool=b")),
    ],
)
def test_a_pool_before_the_file(word: str, expected: tuple[str, str]) -> None:
    assert split_given(word) == expected


def test_the_more_exact_name_counts() -> None:
    every, pool, one = (object() for _ in range(3))
    given: dict[str, Topology] = {"": every, "master": pool, "north/master": one}  # type: ignore[dict-item]
    topologies = Topologies(given)
    assert topologies.of_cluster("north").of_pool("master") is one
    assert topologies.of_cluster("south").of_pool("master") is pool
    assert topologies.of_cluster("south").of_pool("worker") is every
