"""``wplint render``: what is read, what is written, and what is refused with a position."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from rendering_command import AGENT, INFRASTRUCTURE, INSTALL_CONFIG, PROFILE, files, names, objects
from rendering_inputs import OF_A_PROFILE, bootstrap, infrastructure, profile, role_pool

from linter.cli.render import COMPLETED_BY_OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rendering_command import Run

OF_EDGE = sorted(f"edge_{suffix}.yaml" for suffix in OF_A_PROFILE)
OF_POOLS = [bootstrap("master"), bootstrap("worker")]
V18 = ("--openshift-version", "4.18")


def metadata_of(path: Path) -> dict[str, Any]:
    metadata: dict[str, Any] = yaml.safe_load(path.read_text())["metadata"]
    return metadata


@pytest.fixture
def sno(tmp_path: Path) -> Path:
    """A single-node cluster with a profile, partitioned."""
    return objects(tmp_path / "in", [profile(), infrastructure(control_plane="SingleReplica")])


def test_files_are_written(run: Callable[..., Run], sno: Path) -> None:
    done = run("render", sno, "-o", "out/deep", *V18)
    assert (done.status, done.out) == (0, "")
    assert names(sno.parent / "out/deep") == [*OF_POOLS, *OF_EDGE]
    assert "6 files written to out/deep, 0 as they were" in done.err
    assert COMPLETED_BY_OPERATOR in done.err


def test_nothing_is_written_twice(run: Callable[..., Run], sno: Path) -> None:
    run("render", sno, "-o", "out", *V18)
    before = {path.name: path.stat().st_mtime_ns for path in (sno.parent / "out").iterdir()}
    done = run("render", sno, "-o", "out", *V18)
    assert done.status == 0
    assert "0 files written to out, 6 as they were" in done.err
    after = {path.name: path.stat().st_mtime_ns for path in (sno.parent / "out").iterdir()}
    assert before == after


def test_upstream_flags(run: Callable[..., Run], tmp_path: Path) -> None:
    objects(tmp_path / "a", [profile()])
    objects(tmp_path / "b", [infrastructure()])
    done = run("render", "--asset-input-dir", "a, b", "--asset-output-dir", "out", *V18)
    assert done.status == 0
    assert names(tmp_path / "out") == [*OF_POOLS, *OF_EDGE]


def test_the_environment_gives_defaults_and_flags_win(
    run: Callable[..., Run], sno: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects(tmp_path / "other", [profile("other")])
    monkeypatch.setenv("ASSET_INPUT_DIR", "in,other")
    monkeypatch.setenv("ASSET_OUTPUT_DIR", "out")
    monkeypatch.setenv("OWNER_REF", "none")
    assert run("render", *V18).status == 0
    assert "other_tuned.yaml" in names(tmp_path / "out")
    assert (
        "labels" not in yaml.safe_load((tmp_path / "out/edge_tuned.yaml").read_text())["metadata"]
    )
    done = run("render", sno, "-o", "second", "--owner-ref", "label-name", *V18)
    assert done.status == 0
    assert names(tmp_path / "second") == [*OF_POOLS, *OF_EDGE]
    labels = metadata_of(tmp_path / "second/edge_tuned.yaml")["labels"]
    assert list(labels.values()) == ["edge"]


def test_without_a_profile(run: Callable[..., Run], tmp_path: Path) -> None:
    objects(tmp_path / "in", [infrastructure()])
    done = run("render", "in", "-o", "out")
    assert done.status == 0
    assert names(tmp_path / "out") == OF_POOLS
    assert COMPLETED_BY_OPERATOR not in done.err


def test_without_anything(run: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert run("render", "in", "-o", "out").status == 0
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name the manifests to render from"),
        (["in"], "name the directory to write to: -o DIR"),
        (["in", "-o", "out", "--owner-ref", "k9s"], "'k9s' is none of label-name, k8s, none"),
        (["nowhere", "-o", "out"], "name a file or a directory that exists"),
        (["in", "-o", "out", "--openshift-version", "4.7"], "which came with 4.8"),
        (["in", "-o", "in/inputs.yaml"], "in/inputs.yaml is no directory"),
        (["in", "-o", "out", "--owner-ref", "k8s"], "inputs.yaml:5:2: profile edge has no"),
        (["in", "-o", "out", "--frce"], "see 'wplint render --help'"),
    ],
)  # fmt: skip
def test_wrong_usage(run: Callable[..., Run], sno: Path, arguments: list[str], said: str) -> None:
    done = run("render", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("wplint: error: ")
    assert said in done.err
    assert not (sno.parent / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0-3,48-51", '"0-3, 48-51"', "in/p.yaml:7:16: spec.cpu.reserved is no CPU list"),
        ("nodeSelector:", "nodeSelectr:", "in/p.yaml:5:1: the profile selects no nodes"),
        ("io/master", "io/odd", "in/p.yaml:9:3: profile edge selects nodes with"),
        (
            "metadata:\n",
            "metadata:\n  annotations:\n    kubeletconfig.experimental: '{\"a\": }'\n",
            "in/p.yaml:5:34: the annotation kubeletconfig.experimental is not a Kubelet",
        ),
        ("spec:", "spec: [", "in/p.yaml:"),
    ],
)
def test_failures_carry_a_position(
    run: Callable[..., Run], tmp_path: Path, old: str, new: str, said: str
) -> None:
    files(tmp_path / "in", {"p.yaml": PROFILE.replace(old, new)})
    done = run("render", "in", "-o", "out", *V18)
    assert (done.status, names(tmp_path / "out")) == (2, [])
    assert f"wplint: error: {said}" in done.err


def test_of_two_profiles_of_one_name_the_later_is_named(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    files(tmp_path / "in", {"a.yaml": PROFILE, "b.yaml": PROFILE})
    assert "in/b.yaml:4:9: there are two profiles named edge" in run("render", "in", "-o", "o").err


def test_a_list_of_objects_is_read(run: Callable[..., Run], tmp_path: Path) -> None:
    wrapped = {"apiVersion": "v1", "kind": "List", "items": [profile(), infrastructure()]}
    objects(tmp_path / "in", [wrapped], "all.json")
    assert run("render", "in", "-o", "out", *V18).status == 0
    assert names(tmp_path / "out") == [*OF_POOLS, *OF_EDGE]


def test_the_directories_of_two_clusters_are_refused(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        files(tmp_path / name, {"install-config.yaml": INSTALL_CONFIG, "openshift/p.yaml": PROFILE})
    done = run("render", "one", "two", "-o", "out")
    assert done.status == 2
    assert "these are the directories of 2 clusters" in done.err


def test_an_old_profile_is_passed_over_with_a_warning(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    objects(tmp_path / "in", [profile(api="v1")])
    done = run("render", "in", "-o", "out", *V18)
    assert done.status == 0
    assert "warning: in/inputs.yaml:6:12: PerformanceProfile edge is passed over" in done.err
    assert "it is of version v1" in done.err
    assert names(tmp_path / "out") == []


def test_the_release_is_taken_from_the_manifests(run: Callable[..., Run], tmp_path: Path) -> None:
    version = {
        "apiVersion": "config.openshift.io/v1",
        "kind": "ClusterVersion",
        "metadata": {"name": "version"},
        "spec": {"channel": "stable-4.12"},
    }
    objects(tmp_path / "in", [profile(), version])
    done = run("render", "in", "-o", "out")
    assert "name no release" not in done.err
    assert "99-default-rps-mask" not in (tmp_path / "out/edge_machineconfig.yaml").read_text()
    objects(tmp_path / "in", [profile()])
    assert "rendering for OpenShift 4.23, the newest" in run("render", "in", "-o", "p").err


# --- what is in the directory already -------------------------------------------------------------


def test_another_content_is_overwritten_by_force_only(run: Callable[..., Run], sno: Path) -> None:
    out = files(sno.parent / "out", {"edge_tuned.yaml": "mine\n", "notes.txt": "mine\n"})
    done = run("render", sno, "-o", "out", *V18)
    assert done.status == 2
    assert "these hold something else: out/edge_tuned.yaml; --diff shows" in done.err
    assert names(out) == ["edge_tuned.yaml", "notes.txt"]
    (out / "edge_tuned.yaml").chmod(0o640)
    assert run("render", sno, "-o", "out", "--force", *V18).status == 0
    assert (out / "edge_tuned.yaml").read_text().startswith("---\napiVersion: tuned")
    assert (out / "edge_tuned.yaml").stat().st_mode & 0o777 == 0o640
    assert (out / "notes.txt").read_text() == "mine\n"


def test_diff_writes_nothing_and_tells_by_its_status(run: Callable[..., Run], sno: Path) -> None:
    done = run("render", sno, "-o", "out", "--diff", *V18)
    assert done.status == 1
    assert "+++ b/out/edge_machineconfig.yaml" in done.out
    assert not (sno.parent / "out").exists()
    run("render", sno, "-o", "out", *V18)
    assert run("render", sno, "-o", "out", "--diff", *V18).out == ""
    assert run("render", sno, "-o", "out", "--diff", *V18).status == 0
    text = (sno.parent / "out/edge_kubeletconfig.yaml").read_text()
    (sno.parent / "out/edge_kubeletconfig.yaml").write_text(text.replace("0-3,48-51", "0-3"))
    changed = run("render", sno, "-o", "out", "--diff", *V18)
    assert changed.status == 1
    assert "-    reservedSystemCPUs: 0-3\n" in changed.out
    assert "+    reservedSystemCPUs: 0-3,48-51\n" in changed.out


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="the system has no symbolic links")
def test_links_are_not_followed(run: Callable[..., Run], sno: Path) -> None:
    out = sno.parent / "out"
    out.mkdir()
    target = sno.parent / "elsewhere.yaml"
    (out / "edge_tuned.yaml").symlink_to(target)
    for force in ((), ("--force",)):
        done = run("render", sno, "-o", "out", *V18, *force)
        assert done.status == 2
        assert "out/edge_tuned.yaml is a link; remove it" in done.err
    assert not target.exists()
    assert names(out) == ["edge_tuned.yaml"]


@pytest.mark.parametrize("name", ["../up", "a/b", "..", "/etc/x", "a\0b", "a\nb", "UP"])
def test_no_name_leads_out_of_the_directory(
    run: Callable[..., Run], tmp_path: Path, name: str
) -> None:
    objects(tmp_path / "in", [profile(name), role_pool(name), infrastructure()])
    done = run("render", "in", "-o", "deep/out")
    assert done.status == 2
    assert "is not the name of" in done.err
    assert names(tmp_path) == ["in"]


# --- enabling partitioning ------------------------------------------------------------------------


def test_enabling_without_a_carrier_writes_one(run: Callable[..., Run], tmp_path: Path) -> None:
    files(tmp_path / "in", {"p.yaml": PROFILE})
    assert run("render", "in", "-o", "out", "--enable-partitioning", *V18).status == 0
    written = yaml.safe_load((tmp_path / "out/cluster-infrastructure-02-config.yaml").read_text())
    assert written["status"]["cpuPartitioning"] == "AllNodes"
    assert bootstrap("worker") in names(tmp_path / "out")


@pytest.mark.parametrize(
    ("file", "text", "new", "place"),
    [
        (
            "install-config.yaml",
            INSTALL_CONFIG,
            INSTALL_CONFIG.rstrip() + "\ncpuPartitioningMode: AllNodes\n",
            "install-config.yaml:11:1: ",
        ),
        (
            "install-config.yaml",
            INSTALL_CONFIG + "cpuPartitioningMode: None\n",
            INSTALL_CONFIG + "cpuPartitioningMode: AllNodes\n",
            "install-config.yaml:11:22: ",
        ),
        (
            "manifests/infra.yaml",
            INFRASTRUCTURE,
            INFRASTRUCTURE + "  cpuPartitioning: AllNodes\n",
            "infra.yaml:8:3: ",
        ),
        (
            "manifests/infra.yaml",
            INFRASTRUCTURE.partition("status")[0],
            INFRASTRUCTURE.partition("status")[0] + "status:\n  cpuPartitioning: AllNodes\n",
            "infra.yaml:6:1: ",
        ),
        (
            "manifests/infra.yaml",
            INFRASTRUCTURE.replace("status:\n  control", "status: {control").rstrip() + "}\n",
            INFRASTRUCTURE.replace("status:\n  control", "status: {control").rstrip()
            + ", cpuPartitioning: AllNodes}\n",
            "infra.yaml:",
        ),
        (
            "agent.yaml",
            AGENT,
            AGENT.replace("}'", ', "cpuPartitioningMode": "AllNodes"}\''),
            "agent.yaml:6:",
        ),
    ],
)
def test_enabling_completes_the_carrier_that_is_there(
    run: Callable[..., Run], tmp_path: Path, file: str, text: str, new: str, place: str
) -> None:
    files(tmp_path / "in", {file: text, "manifests/p.yaml": PROFILE})
    preview = run("render", "in", "-o", "out", "--enable-partitioning", "--diff", *V18)
    assert preview.status == 1
    assert f"+++ b/in/{file}" in preview.out
    assert (tmp_path / "in" / file).read_text() == text
    done = run("render", "in", "-o", "out", "--enable-partitioning", *V18)
    assert done.status == 0
    assert (tmp_path / "in" / file).read_text() == new
    assert f"{place}" in done.err
    assert "set to AllNodes" in done.err
    assert names(tmp_path / "out") == [*OF_POOLS, *OF_EDGE]
    again = run("render", "in", "-o", "out", "--enable-partitioning", *V18)
    assert again.status == 0
    assert "is AllNodes already" in again.err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("install-config.yaml", INSTALL_CONFIG + "cpuPartitioningMode: [None]\n"),
        ("agent.yaml", AGENT.replace("'{", "'no json {")),
        ("agent.yaml", AGENT.partition("  annotations")[0]),
        ("infra.yaml", INFRASTRUCTURE + "  cpuPartitioning: *mode\n"),
    ],
)
def test_a_carrier_that_cannot_be_completed_is_named(
    run: Callable[..., Run], tmp_path: Path, file: str, text: str
) -> None:
    files(tmp_path / "in", {file: text, "p.yaml": PROFILE})
    done = run("render", "in", "-o", "out", "--enable-partitioning", *V18)
    assert done.status == 2
    assert f"in/{file}:" in done.err
    assert (tmp_path / "in" / file).read_text() == text
    assert names(tmp_path / "out") == []


def test_the_installer_configuration_counts_before_there_is_an_infrastructure(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    enabled = INSTALL_CONFIG + "cpuPartitioningMode: AllNodes\n"
    files(tmp_path / "in", {"install-config.yaml": enabled, "openshift/p.yaml": PROFILE})
    assert run("render", "in", "-o", "in/openshift", *V18).status == 0
    assert names(tmp_path / "in/openshift") == [*OF_POOLS, *OF_EDGE, "p.yaml"]


def test_before_the_field_existed_the_files_enable(run: Callable[..., Run], tmp_path: Path) -> None:
    files(tmp_path / "in", {"install-config.yaml": INSTALL_CONFIG, "p.yaml": PROFILE})
    old = ("--openshift-version", "4.11")
    done = run("render", "in", "-o", "out", "--enable-partitioning", *old)
    assert done.status == 0
    assert (tmp_path / "in/install-config.yaml").read_text() == INSTALL_CONFIG
    assert "02-master-workload-partitioning.yaml" in names(tmp_path / "out")
    assert "no field switches workload partitioning on" in done.err


# --- the definition -------------------------------------------------------------------------------


def test_the_definition_is_written(run: Callable[..., Run], sno: Path) -> None:
    done = run("render", sno, "-o", "out", "--with-crd", "--openshift-version", "4.10")
    assert done.status == 0
    text = (sno.parent / "out/performanceprofile.crd.yaml").read_text()
    definition = yaml.safe_load(text)
    assert definition["metadata"]["name"] == "performanceprofiles.performance.openshift.io"
    assert [one["name"] for one in definition["spec"]["versions"] if one["storage"]] == ["v2"]
    assert "brings the definition" not in done.err
    newer = run("render", sno, "-o", "newer", "--with-crd", *V18)
    assert "OpenShift 4.18 brings the definition of PerformanceProfile itself" in newer.err


def test_the_definition_knows_every_field_that_is_read() -> None:
    from linter.facts.profiles import CPU_FIELDS
    from linter.render.definition import definition_text

    versions = yaml.safe_load(definition_text())["spec"]["versions"]
    schemas = {one["name"]: one["schema"]["openAPIV3Schema"]["properties"] for one in versions}
    spec = schemas["v2"]["spec"]["properties"]
    assert set(CPU_FIELDS) < set(spec["cpu"]["properties"])
    assert {"nodeSelector", "machineConfigLabel", "machineConfigPoolSelector", "hugepages", "numa",
            "net", "realTimeKernel", "additionalKernelArgs", "workloadHints", "hardwareTuning",
            "globallyDisableIrqLoadBalancing", "kernelPageSize"} < set(spec)  # fmt: skip
    assert schemas.keys() == {"v2", "v1", "v1alpha1"}
