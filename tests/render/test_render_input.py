from __future__ import annotations

import copy
from typing import Any

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from rendering_inputs import (
    container_runtime,
    infrastructure,
    legacy_machine_config,
    pool,
    profile,
    rendered,
    role_pool,
)

from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release
from linter.render import Manifest, RenderError, RenderInputs, RenderOptions, render
from linter.render.emit import to_yaml
from linter.render.profile import ProfileInput

FULL = profile(
    annotations={"kubeletconfig.experimental": "{}"},
    uid="5f1e",
    cpu={"offlined": "96-97", "shared": "98", "ovsDpdk": "99", "balanceIsolated": True},
    hardwareTuning={"isolatedCpuFreq": 1, "reservedCpuFreq": 2},
    hugepages={"defaultHugepagesSize": "1G", "pages": [{"size": "1G", "count": 1, "node": 0}]},
    machineConfigLabel={"a": "b"},
    machineConfigPoolSelector={"c": "d"},
    realTimeKernel={"enabled": False},
    kernelPageSize="4k",
    additionalKernelArgs=["audit=0"],
    numa={"topologyPolicy": "none"},
    net={"userLevelNetworking": True, "devices": [{"interfaceName": "eth0", "vendorID": "0x1"}]},
    globallyDisableIrqLoadBalancing=False,
    workloadHints={"realTime": True, "mixedCpus": False},
)
"""A profile with a value in every field that is read."""


def paths(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in children:
        found.append((*at, key))
        if isinstance(item, dict | list):
            found += paths(item, (*at, key))
    return found


def replaced(manifest: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(manifest)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return dict(changed)


def problem_of(manifest: Any) -> RenderError:
    with pytest.raises(RenderError) as raised:
        ProfileInput.read(manifest)
    return raised.value


# --- reading a profile ----------------------------------------------------------------------------


def test_the_full_profile_is_read() -> None:
    assert ProfileInput.read(FULL).uid == "5f1e"


@pytest.mark.parametrize("path", paths(FULL), ids=lambda path: ".".join(map(str, path)))
def test_a_mistyped_field_is_an_error_at_that_field(path: tuple[str | int, ...]) -> None:
    if path == ("kind",):
        return
    wrong_values: tuple[Any, ...] = ([[]], 3.5)
    for wrong in wrong_values:
        changed = replaced(FULL, path, wrong)
        problem = problem_of(changed)
        assert problem.kind == "PerformanceProfile"
        assert problem.path[: len(path)] == path or path[: len(problem.path)] == problem.path


@pytest.mark.parametrize("manifest", [None, [], "text", 5, {}, {"spec": None}])
def test_what_is_no_profile(manifest: Any) -> None:
    assert problem_of(manifest).kind == "PerformanceProfile"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("metadata", "name"), None, "no name"),
        (("metadata", "name"), "", "no name"),
        (("metadata", "name"), "../../etc/x", "not the name of an object"),
        (("metadata", "name"), "Edge", "not the name of an object"),
        (("metadata", "name"), "a\nb", "not the name of an object"),
        (("metadata", "name"), "a" * 201, "too long"),
        (("metadata", "uid"), "a\nb", "cannot be printed"),
        (("metadata", "annotations"), {"a": True}, "in quotes"),
        (("metadata", "annotations"), {1: "a"}, "in quotes"),
        (("spec", "cpu"), None, "cpu.reserved is missing"),
        (("spec", "cpu", "reserved"), None, "is missing"),
        (("spec", "cpu", "reserved"), "", "is empty"),
        (("spec", "cpu", "reserved"), "0-1, 52-53", "no CPU list"),
        (("spec", "cpu", "reserved"), '0"\nx = "1', "no CPU list"),
        (("spec", "cpu", "reserved"), 4, "is a number, but should be a string"),
        (("spec", "cpu", "isolated"), None, "is missing"),
        (("spec", "cpu", "isolated"), "9-8", "backwards"),
        (("spec", "cpu", "offlined"), "x", "no CPU list"),
        (("spec", "cpu", "shared"), "x", "no CPU list"),
        (("spec", "cpu", "ovsDpdk"), "x", "no CPU list"),
        (("spec", "cpu", "balanceIsolated"), "false", "should be a boolean"),
        (("spec", "nodeSelector"), None, "selects no nodes"),
        (("spec", "nodeSelector"), {}, "selects no nodes"),
        (("spec", "nodeSelector"), {"a/b": "", "a/c": ""}, "exactly one label"),
        (("spec", "nodeSelector"), {"a b": ""}, "not a label key"),
        (("spec", "nodeSelector"), {"a/b": "x y"}, "not a label value"),
        (("spec", "nodeSelector"), {"a/b": True}, "in quotes"),
        (("spec", "machineConfigLabel"), {"a": "b\n"}, "not a label value"),
        (("spec", "machineConfigLabel"), {"/a": ""}, "not a label key"),
        (("spec", "machineConfigLabel"), {"a/": ""}, "not a label key"),
        (("spec", "machineConfigLabel"), {"A.b/c": ""}, "not a label key"),
        (("spec", "machineConfigPoolSelector"), {"a": "b" * 64}, "not a label value"),
        (("spec", "numa", "topologyPolicy"), "strict", "no topology policy"),
        (("spec", "additionalKernelArgs"), ["a\nb=c"], "cannot be printed"),
        (("spec", "additionalKernelArgs"), [True], "lists strings, not a boolean"),
        (("spec", "hugepages", "defaultHugepagesSize"), None, "without their default size"),
        (("spec", "hugepages", "defaultHugepagesSize"), "1G x=y", "no page size"),
        (("spec", "hugepages", "pages", 0, "size"), None, "have no size"),
        (("spec", "hugepages", "pages", 0, "count"), -1, "no number of pages"),
        (("spec", "hugepages", "pages", 0, "count"), 2**31, "out of range"),
        (("spec", "hugepages", "pages", 0, "count"), True, "a whole number"),
        (("spec", "hugepages", "pages", 0), "1G", "lists maps, not a string"),
        (("spec", "net", "devices", 0, "interfaceName"), "a\nb", "cannot be printed"),
        (("spec", "hardwareTuning", "isolatedCpuFreq"), None, "needs both"),
        (("spec", "hardwareTuning", "reservedCpuFreq"), 0, "needs both"),
        (("spec", "hardwareTuning", "reservedCpuFreq"), -5, "needs both"),
    ],
)
def test_what_a_profile_may_not_say(path: tuple[str | int, ...], value: Any, words: str) -> None:
    problem = problem_of(replaced(FULL, path, value))
    assert words in problem.message
    assert problem.path[: len(path)] == path or path == ("spec", "cpu")
    assert len(problem.message) < 300


def test_null_is_the_same_as_absence() -> None:
    required = {("metadata",), ("metadata", "name"), ("spec",), ("spec", "cpu")}
    required |= {("spec", "cpu", "reserved"), ("spec", "cpu", "isolated"), ("spec", "nodeSelector")}
    for path in paths(FULL):
        if len(path) > 3 or path in required or path[-1] in ("kind", "defaultHugepagesSize"):
            continue
        if path[1:2] in [("hardwareTuning",), ("nodeSelector",)] or isinstance(path[-1], int):
            continue
        if path[1:2] in [("annotations",), ("machineConfigLabel",), ("machineConfigPoolSelector",)]:
            continue
        parent: Any = copy.deepcopy(FULL)
        at = parent
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        absent, null = ProfileInput.read(parent), None
        if path != ("apiVersion",):
            null = ProfileInput.read(replaced(FULL, path, None))
            for field in ("cpu", "hints", "pages", "net_devices", "kernel_arguments", "uid"):
                assert getattr(absent, field) == getattr(null, field), path


def test_the_role_is_needed_only_where_it_is_used() -> None:
    odd = profile()
    odd["spec"]["nodeSelector"] = {"rack": "seven"}
    mine = pool("metal", {"matchLabels": {"rack": "seven"}}, {"a": "b"})
    with pytest.raises(RenderError, match="names no role") as raised:
        rendered(NEWEST_MINOR, mine, odd)
    assert raised.value.path == ("spec", "nodeSelector", "rack")
    odd["spec"]["machineConfigLabel"] = {"c": "d"}
    assert "edge_tuned.yaml" in rendered(NEWEST_MINOR, mine, odd)
    assert ProfileInput.read(profile(role="metal")).role == "metal"


def test_inputs_are_not_changed() -> None:
    objects = [infrastructure(), role_pool("master", a="b"), copy.deepcopy(FULL)]
    before = copy.deepcopy(objects)
    rendered(NEWEST_MINOR, *objects, partitioning=True)
    assert objects == before


# --- anything at all ------------------------------------------------------------------------------

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["0-3", "4", "true", "AllNodes", "SingleReplica", "crun", "a/b", "{}"]),
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=6,
)
DOCUMENTS = (
    FULL,
    role_pool("metal", "x", c="d"),
    pool("q", {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}),
    infrastructure(),
    container_runtime("r", "crun", {"matchLabels": {"a": "b"}}),
    legacy_machine_config(),
)
PLACES = [(index, path) for index, one in enumerate(DOCUMENTS) for path in paths(one)]


def manifests_or_error(
    inputs: RenderInputs, minor: int, options: RenderOptions
) -> list[Manifest] | RenderError:
    try:
        return render(inputs, Release(minor), options)
    except RenderError as problem:
        return problem


@tried(300)
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), anything), min_size=1, max_size=2),
    st.integers(OLDEST_MINOR, NEWEST_MINOR),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
def test_hostile_input_is_rendered_or_refused(
    changes: list[tuple[tuple[int, tuple[str | int, ...]], Any]],
    minor: int,
    partitioning: bool | None,
    in_cluster: bool,
) -> None:
    documents = [copy.deepcopy(one) for one in DOCUMENTS]
    for (index, path), value in changes:
        try:
            documents[index] = replaced(documents[index], path, value)
        except (KeyError, IndexError, TypeError):
            continue  # the first change has taken the second one's place away
    profiles, pools = (documents[0],), (documents[1], documents[2])
    inputs = RenderInputs(profiles, pools, (documents[5],), (documents[4],), documents[3])
    options = RenderOptions(partitioning=partitioning, in_cluster=in_cluster)
    outcome = manifests_or_error(inputs, minor, options)
    if isinstance(outcome, RenderError):
        assert outcome.message
        assert isinstance(outcome.path, tuple)
    else:
        assert all(to_yaml(manifest).endswith("\n") for manifest in outcome)


@tried(60)
@given(anything)
def test_objects_that_are_anything(value: Any) -> None:
    nothing = RenderInputs.from_objects([value, [value], {"kind": value, "apiVersion": value}])
    assert nothing == RenderInputs()
    for inputs in (
        RenderInputs(profiles=(value,)),
        RenderInputs(pools=(value,)),
        RenderInputs(infrastructure=value),
    ):
        outcome = manifests_or_error(inputs, NEWEST_MINOR, RenderOptions(partitioning=True))
        assert outcome


def test_enablement_refuses_what_it_could_not_write() -> None:
    deep: Any = {}
    for _ in range(50):
        deep = {"a": deep}
    for spec in (deep, {"a": float("nan")}, {"a": "\ud800"}, {1: 2}, {"a": object()}):
        given_object = {**infrastructure("None"), "spec": spec}
        with pytest.raises(RenderError, match="cannot be repeated") as raised:
            rendered(NEWEST_MINOR, given_object, partitioning=True)
        assert raised.value.kind == "Infrastructure"
