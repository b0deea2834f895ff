"""Comparing rendered objects with their profiles: what is a disagreement, and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rendering_inputs import payloads, profile

from linter.facts.scope import Facts, add_document
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release
from linter.model.rendered import rendered_objects
from linter.render import OwnerReference, RenderInputs, RenderOptions, render
from linter.render.staleness import Comparison, compare
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.model.rendered import RenderedObject

EVERY = tuple(range(OLDEST_MINOR, NEWEST_MINOR + 1))
KINDS = ("MachineConfig", "KubeletConfig", "Tuned")


def facts(*objects: Any) -> Facts:
    found = Facts()
    for number, one in enumerate(objects):
        roots, problem = compose(File(f"{number}.json", json.dumps(one)))
        assert problem is None
        add_document(found, roots[0])
    return found


def objects_of(made: dict[str, Any], minor: int, **options: Any) -> dict[str, dict[str, Any]]:
    """Return the objects of one profile by kind, without those of the cluster."""
    made = json.loads(json.dumps(made))
    pool = {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfigPool",
        "metadata": {"name": "master"},
        "spec": {"nodeSelector": {"matchLabels": made["spec"]["nodeSelector"]}},
    }
    inputs = RenderInputs.from_objects([made, pool])
    manifests = render(inputs, Release(minor), RenderOptions(**options))
    return {one.object["kind"]: json.loads(json.dumps(one.object)) for one in manifests}


def compared(
    rendered: dict[str, Any], made: dict[str, Any], candidates: tuple[int, ...] = EVERY
) -> Comparison:
    found = facts(made, rendered)
    (item,) = rendered_objects(found)
    comparison = compare(item, found.profiles[0], candidates)
    assert comparison is not None
    return comparison


def keys(comparison: Comparison) -> list[str]:
    return [one.key for one in comparison.differences]


@pytest.mark.parametrize("minor", EVERY)
@pytest.mark.parametrize("owner", list(OwnerReference))
@pytest.mark.parametrize("in_cluster", [False, True])
def test_a_rendering_agrees_whatever_the_release_is(
    minor: int, owner: OwnerReference, in_cluster: bool
) -> None:
    made = profile(
        uid="0f0e",
        cpu={"reserved": "0-3", "isolated": "4-13", "shared": "14-15"},
        numa={"topologyPolicy": "single-numa-node"},
        workloadHints={"mixedCpus": True},
        hugepages={"defaultHugepagesSize": "1G", "pages": [{"size": "1G", "count": 2}]},
        annotations={"kubeletconfig.experimental": '{"systemReserved": {"memory": "3Gi"}}'},
    )
    rendered = objects_of(made, minor, owner=owner, in_cluster=in_cluster)
    for kind in KINDS:
        assert compared(rendered[kind], made).differences == ()
        known = compared(rendered[kind], made, (minor,))
        assert (known.differences, known.fits) == ((), (Release(minor),))


def test_a_kubelet_that_reserves_nothing_is_told_and_which_cpus_is_for_another_rule() -> None:
    made = profile(cpu={"reserved": "0-3", "isolated": "4-15"})
    rendered = objects_of(made, 18)["KubeletConfig"]
    settings = rendered["spec"]["kubeletConfig"]
    settings["reservedSystemCPUs"] = "0-5"
    assert keys(compared(rendered, made)) == []
    settings["reservedSystemCPUs"] = "{{ .Values.reserved }}"
    assert keys(compared(rendered, made)) == []
    del settings["reservedSystemCPUs"]
    (difference,) = compared(rendered, made).differences
    assert str(difference) == "reservedSystemCPUs is missing instead of 0-3"
    assert difference.names_cpus


def changed_by(kind: str, **changes: Any) -> Comparison:
    """Render for 4.18, change the profile, and compare."""
    old = profile(cpu={"reserved": "0-3", "isolated": "4-15"})
    cpu = changes.pop("cpu", {"reserved": "0-3", "isolated": "4-15"})
    new = profile(cpu=cpu, **changes)
    return compared(objects_of(old, 18)[kind], new, (18,))


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("MachineConfig", {"realTimeKernel": {"enabled": True}}, ["kernelType"]),
        ("MachineConfig", {"machineConfigLabel": {"machineconfiguration.openshift.io/role": "x"}},
         ["label machineconfiguration.openshift.io/role"]),
        ("MachineConfig", {"cpu": {"reserved": "0-4", "isolated": "5-15"}}, ["the RPS mask"]),
        ("KubeletConfig", {"numa": {"topologyPolicy": "none"}}, ["topologyManagerPolicy"]),
        ("KubeletConfig", {"numa": {"topologyPolicy": "restricted"}},
         ["topologyManagerPolicy", "memoryManagerPolicy", "reservedMemory"]),
        ("KubeletConfig", {"machineConfigPoolSelector": {"a": "b"}}, ["machineConfigPoolSelector"]),
        ("KubeletConfig", {"annotations": {"kubeletconfig.experimental": '{"maxPods": 9}'}},
         ["maxPods"]),
        ("KubeletConfig", {"cpu": {"reserved": "0-4", "isolated": "5-15"}}, []),
        ("Tuned", {"cpu": {"reserved": "0-4", "isolated": "5-15"}}, []),
        ("Tuned", {"cpu": {"reserved": "0-3", "isolated": "4-15", "balanceIsolated": False}},
         ["isolcpus"]),
        ("Tuned", {"additionalKernelArgs": ["quiet"]}, ["cmdline_additionalArg"]),
        ("Tuned", {"hugepages": {"defaultHugepagesSize": "2M"}}, ["cmdline_hugepages"]),
        ("Tuned", {"net": {"userLevelNetworking": True}}, ["channels of [net]"]),
    ],
)  # fmt: skip
def test_what_the_profile_decides_is_compared(
    kind: str, changes: dict[str, Any], expected: list[str]
) -> None:
    assert keys(changed_by(kind, **changes)) == expected


def test_cpus_are_errors_and_the_rest_is_not() -> None:
    (mask,) = changed_by("MachineConfig", cpu={"reserved": "0-4", "isolated": "5-15"}).differences
    assert mask.names_cpus
    assert str(mask) == (
        "the RPS mask is 0000000f, that is CPUs 0-3, instead of 0000001f, that is CPUs 0-4"
    )
    (kernel,) = changed_by("MachineConfig", realTimeKernel={"enabled": True}).differences
    assert not kernel.names_cpus
    assert str(kernel) == "kernelType is default instead of realtime"
    assert kernel.implied_by.text == "true"


def test_what_another_release_renders_is_told_by_that_release() -> None:
    made = profile()
    rendered = objects_of(made, 11, owner=OwnerReference.NONE)
    rendered["KubeletConfig"]["metadata"]["labels"] = {
        "performance.openshift.io/weak-owner-reference-name": "edge"
    }
    comparison = compared(rendered["KubeletConfig"], made, (18,))
    assert comparison.differences == ()
    assert [str(one) for one in comparison.fits] == ["4.8", "4.9", "4.10", "4.11"]


def test_meanings_are_compared_and_not_spellings() -> None:
    made = profile(
        annotations={"kubeletconfig.experimental": '{"nodeStatusUpdateFrequency": "60s"}'}
    )
    rendered = objects_of(made, 18)["KubeletConfig"]
    settings = rendered["spec"]["kubeletConfig"]
    settings |= {
        "nodeStatusUpdateFrequency": "1m0s",
        "systemReserved": {"memory": "512000Ki"},
        "syncFrequency": "0s",
        "cpuManagerPolicyOptions": {},
    }
    assert keys(compared(rendered, made, (18,))) == []
    settings["nodeStatusUpdateFrequency"] = "2m0s"
    assert keys(compared(rendered, made, (18,))) == ["nodeStatusUpdateFrequency"]


def offlining(cpus: str) -> dict[str, Any]:
    made = objects_of(profile(cpu={"reserved": "0-3", "isolated": "4-13"}), 18)["MachineConfig"]
    unit = f"[Service]\nEnvironment=OFFLINE_CPUS={cpus}\nExecStart=/bin/true\n"
    units = [{"name": "set-cpus-offline.service", "enabled": True, "contents": unit}]
    made["spec"]["config"]["systemd"] = {"units": units}
    return made


def test_offlined_cpus_are_looked_up_in_the_operators_unit() -> None:
    made = profile(cpu={"reserved": "0-3", "isolated": "4-13", "offlined": "14-15"})
    assert keys(compared(offlining("14,15"), made, (18,))) == []
    (one,) = compared(offlining("13,14,15"), made, (18,)).differences
    assert str(one) == "OFFLINE_CPUS is 13-15 instead of 14-15"
    none = profile(cpu={"reserved": "0-3", "isolated": "4-13"})
    assert keys(compared(offlining("14,15"), none, (18,))) == ["OFFLINE_CPUS"]


def test_what_the_operator_adds_is_none_of_our_business() -> None:
    made = profile()
    rendered = objects_of(made, 18)
    files = rendered["MachineConfig"]["spec"]["config"]["storage"]["files"]
    files.append(
        {"path": "/usr/local/bin/hugepages-allocation.sh", "contents": {"source": "data:,"}}
    )
    main = rendered["Tuned"]["spec"]["profile"][0]
    main["data"] += (
        "[sysctl]\nkernel.timer_migration=1\n[bootloader]\ncmdline_idle_poll=+idle=poll\n"
    )
    rendered["Tuned"]["spec"]["profile"][1]["data"] = (
        "[bootloader]\ncmdline_isolation=+isolcpus=1\n"
    )
    for kind in KINDS:
        assert keys(compared(rendered[kind], made, (18,))) == []


def test_an_object_that_only_its_name_gives_away_need_not_be_complete() -> None:
    made = profile(numa={"topologyPolicy": "restricted"})
    rendered = {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "KubeletConfig",
        "metadata": {"name": "performance-edge"},
        "spec": {"kubeletConfig": {"topologyManagerPolicy": "restricted"}},
    }
    assert keys(compared(rendered, made)) == []
    rendered["spec"] = {"kubeletConfig": {"topologyManagerPolicy": "none"}}
    assert keys(compared(rendered, made)) == ["topologyManagerPolicy"]


@pytest.mark.parametrize(
    "broken",
    [
        profile(cpu={"reserved": "0-"}),
        profile(numa={"topologyPolicy": "odd"}),
        profile(additionalKernelArgs=["x={{ .Values.x }}"]),
    ],
)
def test_a_profile_that_cannot_be_rendered_says_nothing(broken: dict[str, Any]) -> None:
    found = facts(broken, objects_of(profile(), 18)["KubeletConfig"])
    (item,) = rendered_objects(found)
    assert compare(item, found.profiles[0], EVERY) is None


def test_templates_in_the_object_are_not_judged() -> None:
    made = profile()
    rendered = objects_of(made, 18, owner=OwnerReference.NONE)["KubeletConfig"]
    rendered["spec"]["kubeletConfig"]["topologyManagerPolicy"] = "{{ .Values.policy }}"
    assert keys(compared(rendered, made)) == []


# --- recognition ----------------------------------------------------------------------------------


def recognised(kind: str, name: str, **metadata: Any) -> list[RenderedObject]:
    group = "tuned.openshift.io/v1" if kind == "Tuned" else "machineconfiguration.openshift.io/v1"
    one = {"apiVersion": group, "kind": kind, "metadata": {"name": name, **metadata}}
    return list(rendered_objects(facts(one)))


def test_rendered_objects_are_recognised() -> None:
    label = {"performance.openshift.io/weak-owner-reference-name": "a"}
    for kind, prefix in zip(
        KINDS, ("50-performance-", "performance-", "openshift-node-performance-"), strict=True
    ):
        (by_name,) = recognised(kind, f"{prefix}a")
        assert (by_name.profile, by_name.labelled, by_name.owned) == ("a", False, False)
        (labelled,) = recognised(kind, f"{prefix}b", labels=label)
        assert (labelled.profile, labelled.labelled, labelled.owned) == ("a", True, True)
        owner = [{"kind": "ReplicaSet", "name": "x"}, {"kind": "PerformanceProfile", "name": "c"}]
        (owned,) = recognised(kind, "other", ownerReferences=owner)
        assert (owned.profile, owned.labelled, owned.owned) == ("c", False, True)
        assert recognised(kind, "other") == []
        assert recognised(kind, prefix) == []


def test_payloads_are_those_of_the_rendering() -> None:
    assert set(payloads(objects_of(profile(), 18)["MachineConfig"])) == {
        "/etc/crio/crio.conf.d/99-runtimes.conf",
        "/etc/sysctl.d/99-default-rps-mask.conf",
    }
