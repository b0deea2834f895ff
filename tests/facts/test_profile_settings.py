"""What is read of a profile beside its CPU sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import facts_of, profile

from linter.model.profile_fields import DRA, unknown_fields
from linter.model.releases import (
    DRA_ANNOTATION,
    EXEC_CPU_AFFINITY,
    HARDWARE_TUNING,
    KERNEL_PAGE_SIZE,
    MIXED_CPUS,
    OFFLINED_CPUS,
    OLDEST_MINOR,
    OVS_DPDK,
    PER_POD_POWER,
    RPS_ANNOTATION,
    Release,
    Releases,
)
from linter.schema.files import introduced
from linter.sources.fields import Invalid, Missing, Templated, Value, known

if TYPE_CHECKING:
    from linter.facts.profiles import Profile


def read(extra: str, annotation: str = "") -> Profile:
    """Return a profile; ``extra`` is more of its ``spec``, ``annotation`` the kubelet's part."""
    text = profile(extra=extra)
    if annotation:
        note = f"  annotations:\n    kubeletconfig.experimental: {annotation}\nspec:\n"
        text = text.replace("spec:\n", note, 1)
    (found,) = facts_of(text).profiles
    return found


def test_settings_that_are_stated() -> None:
    settings = read(
        "realTimeKernel: {enabled: true}\nkernelPageSize: 64k\nnuma: {topologyPolicy: none}\n"
        "workloadHints: {realTime: false, mixedCpus: true}\n"
        "hugepages:\n  defaultHugepagesSize: 1G\n  pages:\n  - {size: 1G, count: 4, node: 1}\n"
        "net:\n  userLevelNetworking: true\n  devices:\n  - {interfaceName: eth0}\n"
        "hardwareTuning: {isolatedCpuFreq: 7}\n"
    ).settings
    assert known(settings.real_time_kernel) is True
    assert known(settings.kernel_page_size) == "64k"
    assert known(settings.topology_policy) == "none"
    assert (known(settings.hints.real_time), known(settings.hints.mixed_cpus)) == (False, True)
    assert [known(size) for _, size in settings.hugepages.sizes] == ["1G", "1G"]
    assert known(settings.hugepages.pages[0].node) == 1
    assert known(settings.user_level_networking) is True
    assert known(settings.net_devices[0].interface) == "eth0"
    assert known(settings.frequencies.isolated) == 7
    assert isinstance(settings.frequencies.reserved, Missing)


def test_settings_that_are_not_known() -> None:
    settings = read(
        "numa: {{ numa }}\nworkloadHints: {realTime: 1}\nkernelPageSize: $size\n"
    ).settings
    assert isinstance(settings.topology_policy, Templated)
    assert isinstance(settings.hints.real_time, Invalid)
    assert isinstance(settings.kernel_page_size, Templated)
    assert isinstance(settings.real_time_kernel, Missing)


def test_a_null_is_no_field() -> None:
    oldest = Releases.only(Release(OLDEST_MINOR))
    assert not list(unknown_fields(read("hardwareTuning:\nworkloadHints: null\n"), oldest))


@pytest.mark.parametrize(
    ("annotation", "keys", "strict"),
    [
        ('\'{"a": 1, "b": null, "c": {}}\'', ["a"], False),
        ('\'{"cpuManagerPolicyOptions": {"strict-cpu-reservation": "true"}}\'',
         ["cpuManagerPolicyOptions"], True),
    ],
)  # fmt: skip
def test_the_annotation(annotation: str, keys: list[str], strict: bool) -> None:
    snippet = read("", annotation).snippet
    assert snippet is not None
    assert [key for key, _ in snippet.keys] == keys
    assert [ref.text.strip('"') for _, ref in snippet.keys] == keys
    assert snippet.strict_reservation is strict


def test_an_annotation_that_is_no_json_says_where() -> None:
    snippet = read("", "'{\"a\": 1,}'").snippet
    assert snippet is not None
    assert snippet.problem is not None
    message, ref = snippet.problem
    assert message.startswith("no JSON")
    assert ref.file.text[ref.in_file().start - 3 : ref.in_file().start + 1].endswith("}")


def test_no_annotation_and_a_template() -> None:
    assert read("").snippet is None
    templated = read("", "'{{ .snippet }}'").snippet
    assert templated is not None
    assert templated.templated


def test_a_field_came_with_the_release_that_its_behaviour_came_with() -> None:
    came = {".".join(field.path[1:]): field.since for field in introduced("performanceprofile")}
    for name, gate in {
        "cpu.offlined": OFFLINED_CPUS,
        "cpu.shared": MIXED_CPUS,
        "cpu.ovsDpdk": OVS_DPDK,
        "hardwareTuning": HARDWARE_TUNING,
        "kernelPageSize": KERNEL_PAGE_SIZE,
        "workloadHints": OFFLINED_CPUS,
        "workloadHints.perPodPowerManagement": PER_POD_POWER,
        "workloadHints.mixedCpus": MIXED_CPUS,
        "annotations.performance.openshift.io/enable-rps": RPS_ANNOTATION,
        "annotations.performance.openshift.io/exec-cpu-affinity": EXEC_CPU_AFFINITY,
        f"annotations.{DRA}": DRA_ANNOTATION,
        "annotations.performance.openshift.io/cpu-load-balancing-ovs-dpdk": OVS_DPDK,
    }.items():
        assert came[name] == gate.since, name
        assert gate.since > OLDEST_MINOR


def test_what_stands_in_an_unknown_field_is_not_named_again() -> None:
    spec = "workloadHints: {mixedCpus: true, perPodPowerManagement: true}\n"
    oldest = Releases.only(Release(OLDEST_MINOR))
    names = [unknown.name for unknown in unknown_fields(read(spec), oldest)]
    assert names == ["spec.workloadHints"]


def test_values_keep_their_places() -> None:
    size = read("kernelPageSize: 64k\n").settings.kernel_page_size
    assert isinstance(size, Value)
    assert size.ref.text == "64k"
