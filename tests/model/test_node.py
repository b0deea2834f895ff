"""What a pool's nodes see, and which reserved CPUs everything is held against."""

from __future__ import annotations

import pytest
from builders import (
    CRIO,
    PINNING,
    kubelet_config,
    machine_config,
    node,
    pinning,
    pool,
    profile,
    workload,
)

from linter.model.agreement import agreement
from linter.model.node import NodeConfig, Once

DROP_IN = CRIO + "99-workload-pinning.conf"


def reserved(found: NodeConfig) -> tuple[str, str] | None:
    """Return the reference, and whether a profile gives it or which file does."""
    if found.reserved is None:
        return None
    if found.reserved.profile is not None:
        return found.reserved.cpus.text, "profile"
    payload = found.reserved.ref.in_payload()
    assert payload is not None
    return found.reserved.cpus.text, getattr(payload.source, "title", "")


@pytest.mark.parametrize(
    ("profiles", "files", "expected"),
    [
        (["0-1"], {DROP_IN: workload("0-3")}, ("0-1", "profile")),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("0-3")}, ("0-3", DROP_IN)),
        ([], {DROP_IN: workload("0-3")}, ("0-3", DROP_IN)),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("")}, ("0-3", DROP_IN)),
        ([], {PINNING: pinning("0-3")}, ("0-3", PINNING)),
        ([], {DROP_IN: workload("0-3"), PINNING: pinning("0-4")}, None),
        ([], {DROP_IN: workload(""), PINNING: pinning("0-4")}, None),
        ([], {DROP_IN: workload("0-")}, None),
        ([], {}, None),
        (["0-"], {DROP_IN: workload("0-3")}, None),
        (["{{ .reserved }}"], {DROP_IN: workload("0-3")}, None),
        ([""], {DROP_IN: workload("0-3")}, None),
        (["0-1", "0-3"], {DROP_IN: workload("0-3")}, None),
    ],
)
def test_the_profile_is_the_reference_and_without_one_the_files_that_agree(
    profiles: list[str], files: dict[str, str | None], expected: tuple[str, str] | None
) -> None:
    texts = [profile(text, name=f"p{number}") for number, text in enumerate(profiles)]
    found = node("master", *texts, machine_config("50", files=files))
    assert reserved(found) == expected


def test_the_reference_is_labelled_where_it_stands() -> None:
    found = node("master", profile("0-1"))
    assert found.reserved is not None
    label = found.reserved.labelled()
    assert (label.ref.text, label.words) == ("0-1", "reserved here")


def test_a_profile_that_differs_in_order_reserves_the_same() -> None:
    found = node("master", profile("1,0,2-3"))
    assert found.reserved is not None
    assert found.reserved.cpus.text == "0-3"


def test_other_pools_see_nothing_of_it() -> None:
    texts = (profile("0-1"), machine_config("50", files={DROP_IN: workload("0-1")}))
    found = node("worker", *texts)
    assert found.profile is None
    assert found.reserved is None
    assert found.crio.management is None
    assert found.merged.order == ()


def test_a_reader_reads_each_file_once() -> None:
    read: list[str] = []
    once = Once(lambda file: read.append(file.path))
    merged = node("master", machine_config("50", files={"/a": "x", "/b": "y"})).merged
    for _ in range(3):
        for file in merged.files.values():
            for layer in file.layers:
                once(layer.file)
    assert read == ["/a", "/b"]


# --- objects rendered of another profile ---------------------------------------------------------

RAN = "node-role.kubernetes.io/ran: ''"
INHERITING = """
machineConfigSelector:
  matchExpressions:
  - {key: machineconfiguration.openshift.io/role, operator: In, values: [worker, ran]}
nodeSelector: {matchLabels: {node-role.kubernetes.io/ran: ''}}
"""


@pytest.mark.parametrize(
    ("of_worker", "of_ran", "release", "overridden"),
    [
        ("compute", "ran", "4.14", True),
        ("zeta", "ran", "4.14", False),
        ("zeta", "ran", "4.16", True),
    ],
)
def test_what_the_own_profile_overrides_is_not_held_against_it(
    of_worker: str, of_ran: str, release: str, overridden: bool
) -> None:
    found = node(
        "ran",
        pool("ran", INHERITING),
        profile(name=of_worker, selector="node-role.kubernetes.io/worker: ''"),
        profile("0-3", "4-7", name=of_ran, selector=RAN),
        machine_config(f"50-performance-{of_worker}", "worker", {DROP_IN: workload("0-1")}),
        release=release,
    )
    assert (found.crio.management is None) is overridden


def test_an_own_object_that_was_rendered_decides_by_the_merge_order() -> None:
    found = node(
        "ran",
        pool("ran", INHERITING),
        profile(name="compute", selector="node-role.kubernetes.io/worker: ''"),
        profile("0-3", "4-7", name="ran", selector=RAN),
        machine_config("50-performance-compute", "worker", {DROP_IN: workload("0-1")}),
        machine_config("50-performance-ran", "ran", {DROP_IN: workload("0-3")}),
    )
    assert found.crio.management is not None
    assert str(found.crio.management.cpuset and found.crio.management.cpuset.cpus) == "0-3"


# --- agreement -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "infra", "named", "kubelet", "agreed"),
    [
        ("0-3", None, "0-1", "0-3", "0-3"),
        ("0-3", None, "0-1", "0-1", "0-1"),
        ("0-3", "0-3", "0-1", None, "0-3"),
        ("0-3", None, "0-1", "0-2", None),
        ("0-3", "0-3", "0-1", "0-1", None),
        ("0-3", None, "0-1", None, None),
        ("", None, "", "0-1", None),
    ],
)
def test_two_statements_decide_for_a_third(
    table: str, infra: str | None, named: str, kubelet: str | None, agreed: str | None
) -> None:
    text = (f'[crio.runtime]\ninfra_ctr_cpuset = "{infra}"\n' if infra else "") + workload(table)
    texts = [machine_config("x", "master", {DROP_IN: text, PINNING: pinning(named)})]
    if kubelet:
        label = "{matchLabels: {pools.operator.machineconfiguration.openshift.io/master: ''}}"
        texts.append(kubelet_config("k", label, f"reservedSystemCPUs: {kubelet}"))
    found = agreement(node("master", *texts))
    assert (str(found) if found is not None else None) == agreed
