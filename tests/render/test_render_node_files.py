from __future__ import annotations

from typing import Any

import pytest
from rendering_inputs import (
    CRIO_PINNING,
    KUBELET_PINNING,
    RESERVED,
    RPS,
    RUNTIMES,
    container_runtime,
    infrastructure,
    management,
    node_files,
    of_profile,
    payloads,
    pinned,
    profile,
    rendered,
    role_pool,
    runtimes,
)

from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR
from linter.render import RenderError

NEWEST = NEWEST_MINOR
MIXED = "/etc/kubernetes/openshift-workload-mixed-cpus"
ENABLE_RPS = "performance.openshift.io/enable-rps"
PERFORMANCE = "high-performance"
POWER = ["cpu-c-states.crio.io", "cpu-freq-governor.crio.io"]
ALWAYS = ["cpu-load-balancing.crio.io", "cpu-quota.crio.io", "irq-load-balancing.crio.io"]
RUNC = {"runtime_path": "/bin/runc", "runtime_type": "oci", "runtime_root": "/run/runc"}
CRUN = {"runtime_path": "/usr/bin/crun", "runtime_type": "oci", "runtime_root": "/run/crun"}


# --- the pinning files ----------------------------------------------------------------------------


@pytest.mark.parametrize(("minor", "carried"), [(12, False), (13, True), (NEWEST, True)])
def test_pinning_files_come_with_the_profile_from_4_13_on(minor: int, carried: bool) -> None:
    texts = node_files(minor, profile())
    assert (CRIO_PINNING in texts) is carried
    assert (KUBELET_PINNING in texts) is carried
    if carried:
        assert management(texts[CRIO_PINNING])["resources"] == {"cpushares": 0, "cpuset": RESERVED}
        assert pinned(texts[KUBELET_PINNING]) == RESERVED


def test_lists_are_written_as_they_are_spelled() -> None:
    texts = node_files(NEWEST, profile(cpu={"reserved": "51,50,0-3,48,49"}))
    assert management(texts[CRIO_PINNING])["resources"]["cpuset"] == "51,50,0-3,48,49"
    assert pinned(texts[KUBELET_PINNING]) == "51,50,0-3,48,49"
    assert 'infra_ctr_cpuset = "51,50,0-3,48,49"' in texts[RUNTIMES]


def test_order_modes_and_version() -> None:
    config = of_profile(NEWEST, profile(annotations={ENABLE_RPS: "true"}), "machineconfig")["spec"]
    assert config["config"]["ignition"] == {"version": "3.2.0"}
    files = config["config"]["storage"]["files"]
    assert [entry["path"] for entry in files] == [RUNTIMES, RPS, CRIO_PINNING, KUBELET_PINNING]
    assert {entry["mode"] for entry in files} == {0o644}


# --- 99-runtimes.conf -----------------------------------------------------------------------------


def test_infrastructure_containers_run_on_the_reserved_cpus() -> None:
    for minor in range(OLDEST_MINOR, NEWEST + 1):
        assert runtimes(minor, profile())["infra_ctr_cpuset"] == RESERVED


@pytest.mark.parametrize(("minor", "inherits"), [(17, False), (18, True)])
def test_default_runtime_is_inherited(minor: int, inherits: bool) -> None:
    table = runtimes(minor, profile())["runtimes"]
    handler = table[PERFORMANCE]
    if inherits:
        assert list(table) == [PERFORMANCE]
        assert handler["inherit_default_runtime"] is True
        assert not handler.keys() & RUNC.keys()
    else:
        assert table["runc"] == {
            "runtime_path": "",
            "runtime_type": "oci",
            "runtime_root": RUNC["runtime_root"],
        }
        assert RUNC.items() <= handler.items()
        assert "inherit_default_runtime" not in handler


@pytest.mark.parametrize(("minor", "expected"), [(12, RUNC), (13, CRUN), (17, CRUN), (18, {})])
def test_the_pools_default_runtime_by_release(minor: int, expected: dict[str, str]) -> None:
    config = container_runtime("crun", "crun", {"matchLabels": {"a": "b"}})
    files = rendered(minor, role_pool("master", a="b"), config, profile())
    text = payloads(files["edge_machineconfig.yaml"].object)[RUNTIMES]
    for key, value in expected.items():
        assert f'{key} = "{value}"' in text.partition(PERFORMANCE)[2]
    assert ("crun" in text) is (expected is CRUN)


@pytest.mark.parametrize(
    ("runtime", "selector", "expected"),
    [
        ("crun", {"matchLabels": {"a": "b"}}, "/usr/bin/crun"),
        ("crun", {}, "/usr/bin/crun"),
        ("crun", {"matchLabels": {"a": "c"}}, "/bin/runc"),
        ("crun", None, "/bin/runc"),
        ("runc", {}, "/bin/runc"),
        (None, {}, "/bin/runc"),
    ],
)
def test_which_container_runtime_config_counts(
    runtime: str | None, selector: dict[str, Any] | None, expected: str
) -> None:
    config = container_runtime("mine", runtime, selector)
    files = rendered(16, role_pool("master", a="b"), config, profile())
    text = payloads(files["edge_machineconfig.yaml"].object)[RUNTIMES]
    assert f'runtime_path = "{expected}"' in text


def test_two_container_runtime_configs_for_a_pool() -> None:
    configs = [container_runtime(name, "crun", {}) for name in ("one", "two")]
    with pytest.raises(RenderError, match='"one" and "two"') as raised:
        rendered(16, *configs, profile())
    assert (raised.value.kind, raised.value.name) == ("ContainerRuntimeConfig", "two")
    assert "edge_tuned.yaml" in rendered(18, *configs, profile())


@pytest.mark.parametrize(("minor", "has_power"), [(11, False), (12, True), (NEWEST, True)])
def test_allowed_annotations(minor: int, has_power: bool) -> None:
    handler = runtimes(minor, profile())["runtimes"][PERFORMANCE]
    assert handler["allowed_annotations"] == ALWAYS + (POWER if has_power else [])


@pytest.mark.parametrize(("minor", "has_affinity"), [(20, False), (21, True)])
def test_exec_cpu_affinity(minor: int, has_affinity: bool) -> None:
    handler = runtimes(minor, profile())["runtimes"][PERFORMANCE]
    assert (handler.get("exec_cpu_affinity") == "first") is has_affinity
    assert ("default_annotations" in handler) is has_affinity
    off = profile(annotations={"performance.openshift.io/exec-cpu-affinity": "disable"})
    assert "exec_cpu_affinity" not in runtimes(minor, off)["runtimes"][PERFORMANCE]
    kept = runtimes(minor, off)["runtimes"][PERFORMANCE].get("default_annotations")
    assert kept == ({"run.oci.systemd.subgroup": ""} if has_affinity else None)


@pytest.mark.parametrize(("minor", "expected"), [(21, None), (22, 4)])
def test_injected_gomaxprocs(minor: int, expected: int | None) -> None:
    assert runtimes(minor, profile()).get("min_injected_gomaxprocs") == expected


# --- receive packet steering ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "wish", "real_time", "enabled"),
    [
        (12, None, True, False),
        (12, "true", True, False),
        (13, None, None, True),
        (13, None, False, False),
        (13, "true", False, True),
        (18, "false", None, True),
        (18, "false", False, False),
        (18, "enable", False, False),
        (19, None, None, True),
        (19, None, True, True),
        (19, None, False, False),
        (19, "false", None, False),
        (19, "true", False, True),
        (19, "disable", None, True),
        (19, "enable", False, False),
        (20, None, None, False),
        (20, "true", None, True),
        (20, "enable", False, True),
        (20, "disable", None, False),
        (20, "false", None, False),
        (20, "yes", None, False),
    ],
)
def test_receive_packet_steering(
    minor: int, wish: str | None, real_time: bool | None, enabled: bool
) -> None:
    annotations = {} if wish is None else {ENABLE_RPS: wish}
    hints = {} if real_time is None else {"realTime": real_time}
    texts = node_files(minor, profile(annotations=annotations, workloadHints=hints))
    assert (RPS in texts) is enabled


def test_rps_mask() -> None:
    texts = node_files(NEWEST, profile(annotations={ENABLE_RPS: "true"}))
    assert texts[RPS] == "net.core.rps_default_mask = 000f0000,0000000f\n"


# --- the kernel -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "spec", "expected"),
    [
        (NEWEST, {}, "default"),
        (NEWEST, {"realTimeKernel": {"enabled": True}}, "realtime"),
        (NEWEST, {"realTimeKernel": {"enabled": False}}, "default"),
        (NEWEST, {"kernelPageSize": "64k"}, "64k-pages"),
        (18, {"kernelPageSize": "64k"}, "64k-pages"),
        (17, {"kernelPageSize": "64k"}, "default"),
        (NEWEST, {"kernelPageSize": "4k"}, "default"),
        (NEWEST, {"kernelPageSize": "64k", "realTimeKernel": {"enabled": True}}, "realtime"),
    ],
)
def test_kernel_type(minor: int, spec: dict[str, Any], expected: str) -> None:
    assert of_profile(minor, profile(**spec), "machineconfig")["spec"]["kernelType"] == expected


# --- mixed CPUs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "in_cluster", "shared", "hint", "mixed"),
    [
        (14, True, "8-9", True, False),
        (15, True, "8-9", True, True),
        (NEWEST, True, "8-9", True, True),
        (NEWEST, False, "8-9", True, False),
        (NEWEST, True, "8-9", False, False),
        (NEWEST, True, "", True, False),
    ],
)
def test_mixed_cpus_are_for_running_clusters(
    minor: int, in_cluster: bool, shared: str, hint: bool, mixed: bool
) -> None:
    given = profile(cpu={"shared": shared}, workloadHints={"mixedCpus": hint})
    table = runtimes(minor, given, in_cluster=in_cluster)
    assert table.get("shared_cpuset") == ("8-9" if mixed else None)
    allowed = table["runtimes"][PERFORMANCE]["allowed_annotations"]
    assert ("cpu-shared.crio.io" in allowed) is mixed
    assert (MIXED in node_files(minor, given, in_cluster=in_cluster)) is mixed


def test_every_payload_is_explained() -> None:
    for minor in range(OLDEST_MINOR, NEWEST + 1):
        for manifest in rendered(minor, role_pool("master"), infrastructure(), profile()).values():
            files = manifest.object.get("spec", {}).get("config", {}).get("storage", {})
            paths = {
                ("spec", "config", "storage", "files", index, "contents", "source")
                for index in range(len(files.get("files", [])))
            }
            assert set(manifest.notes) == paths
    notes = rendered(NEWEST, infrastructure(), profile())["edge_machineconfig.yaml"].notes
    assert list(notes.values()) == [
        f"infra_ctr_cpuset {RESERVED}",
        f"management cpuset {RESERVED}",
        f"management cpuset {RESERVED}",
    ]
