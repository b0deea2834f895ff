"""Kustomizations of plain manifests: what their patches make of a profile, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from repositories import facts, outcome, reserved, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.findings import Finding

    Tree = Callable[[Mapping[str, str | bytes]], str]

BASE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: edge
spec:
  cpu:
    reserved: 0-3
    isolated: 4-31
  nodeSelector:
    node-role.kubernetes.io/master: ""
"""
PARTIAL = """\
kind: PerformanceProfile
metadata:
  name: edge
spec:
  cpu:
    reserved: {}
"""
BESIDE = """\
kind: PerformanceProfile
metadata:
  name: edge
  {}
"""
OPERATIONS = """\
- op: replace
  path: /spec/cpu/reserved
  value: {}
"""
TARGET = "target: {kind: PerformanceProfile, name: edge}"


def kustomization(*lines: str) -> str:
    return "\n".join(["kind: Kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1", *lines])


def block(text: str, width: int) -> str:
    return "".join(f"{' ' * width}{line}\n" for line in text.splitlines())


def overlay(*lines: str, **files: str) -> dict[str, str]:
    """Return a base, and an overlay of it with some lines and files."""
    named = {f"north/{name}.yaml": text for name, text in files.items()}
    return {
        "base/kustomization.yaml": kustomization("resources: [profile.yaml]"),
        "base/profile.yaml": BASE,
        "north/kustomization.yaml": kustomization("resources: [../base]", *lines),
        **named,
    }


def inline(text: str) -> str:
    return "- patch: |\n" + block(text, 4)


WAYS = {
    "patchesStrategicMerge, a file": overlay(
        "patchesStrategicMerge: [patch.yaml]", patch=PARTIAL.format("0-5")
    ),
    "patchesStrategicMerge, a text": overlay(
        "patchesStrategicMerge:", "- |", block(PARTIAL.format("0-5"), 2)
    ),
    "patches, a file": overlay("patches: [{path: patch.yaml}]", patch=PARTIAL.format("0-5")),
    "patches, a text": overlay("patches:", inline(PARTIAL.format("0-5"))),
    "patches, by target": overlay(
        "patches:",
        inline("spec: {cpu: {reserved: 0-5}}") + "  target: {kind: PerformanceProfile}",
    ),
    "patches, operations in a text": overlay(
        "patches:", inline(OPERATIONS.format("0-5")) + f"  {TARGET}"
    ),
    "patches, operations in a file without any kind": overlay(
        "patches:", "- path: patch.yaml", f"  {TARGET}", patch=OPERATIONS.format("0-5")
    ),
    "patchesJson6902": overlay(
        "patchesJson6902:", "- path: patch.yaml", f"  {TARGET}", patch=OPERATIONS.format("0-5")
    ),
    **{
        f"a document without any kind beside one that {what}": overlay(
            "patches:",
            "- path: patch.yaml",
            f"  {TARGET}",
            patch=f"spec: {{cpu: {{reserved: 0-5}}}}\n---\n{BESIDE.format(more)}",
        )
        for what, more in (("matters", ""), ("may join others", "labels: {a: Placement}"))
    },
    "operations in JSON": overlay(
        "patches:",
        "- path: patch.yaml",
        f"  {TARGET}",
        patch='[{"op": "replace", "path": "/spec/cpu/reserved", "value": "0-5"}]',
    ),
    "a component": {
        **overlay("components: [../more]"),
        "more/kustomization.yaml": kustomization("patches: [{path: patch.yaml}]").replace(
            "kind: Kustomization", "kind: Component"
        ),
        "more/patch.yaml": PARTIAL.format("0-5"),
    },
    "a kustomization behind a comment": {
        **overlay(),
        "north/kustomization.yaml": "# c\n---\n"
        + kustomization("resources: [../base]", "patches: [{path: patch.yaml}]"),
        "north/patch.yaml": PARTIAL.format("0-5"),
    },
    "bases": {
        **overlay("patches: [{path: patch.yaml}]", patch=PARTIAL.format("0-5")),
        "north/kustomization.yaml": kustomization(
            "bases: [../base]", "patches: [{path: patch.yaml}]"
        ),
    },
}


def only(items: list[Finding]) -> Finding:
    (item,) = items
    return item


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS)
def test_a_patched_value_stands_in_the_patch(tree: Tree, files: dict[str, str]) -> None:
    folder = tree(files)
    assert reserved(folder, "north") == ["0-5"]
    item = only(said(folder, "WPL202"))
    places = {label.ref.text: label.ref.file.name for label in item.labels[:2]}
    assert "/base/" not in places["0-5"]
    assert places["4-31"].endswith("/base/profile.yaml")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("patches: [{path: patch.yaml, target: {kind: Pool}}]", ["0-3"]),
        ("patches: [{path: patch.yaml, target: {name: ed}}]", ["0-3"]),
        ("patches: [{path: patch.yaml, target: {name: ed.*}}]", ["0-5"]),
        ("patches: [{path: patch.yaml, target: {group: performance.openshift.io}}]", ["0-5"]),
        ("patches: [{path: patch.yaml, target: {version: v1}}]", ["0-3"]),
        ("patches: [{path: missing.yaml}]", ["0-3"]),
        ("patches: [{path: ../../../etc/passwd}]", ["0-3"]),
        # not worked out, so the object is left out
        ("patches: [{path: patch.yaml, target: {labelSelector: a=b}}]", []),
        ("patches: [{path: patch.yaml, target: {name: '(a*)*b'}}]", []),
        ("replacements: [{path: r.yaml}]", []),
    ],
)
def test_what_a_patch_is_for(tree: Tree, lines: str, expected: list[str]) -> None:
    folder = tree(overlay(lines, patch=PARTIAL.format("0-5")))
    assert (reserved(folder, "north") if expected else []) == expected
    skipped = [skip.reason for skip in outcome(folder).summary.not_understood]
    assert ("patched in a way that is not worked out" in skipped) is not bool(expected)


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("{op: add, path: /spec/cpu/offlined, value: '40'}", 1),
        ("{op: remove, path: /spec/cpu}", 1),
        ("{op: test, path: /spec/cpu, value: 1}", 1),
        ("{op: add, path: /spec/additionalKernelArgs/-, value: a}", 0),
        ("{op: replace, path: /spec/none, value: 1}", 0),
        ("{op: remove, path: /spec/none}", 0),
        ("{op: move, path: /spec/cpu, from: /spec/numa}", 0),
        ("{op: replace, path: '', value: 1}", 0),
        ("{op: replace, path: /spec/cpu/reserved/0, value: 1}", 0),
        ("{op: replace}", 0),
        ("text", 0),
    ],
)
def test_operations_that_are_worked_out_or_not(tree: Tree, operation: str, left: int) -> None:
    text = f"- {operation}\n"
    folder = tree(overlay("patches:", inline(text) + f"  {TARGET}"))
    assert sum(len(f.profiles) for f in facts(folder).values()) == left


def test_an_overlay_names_objects(tree: Tree) -> None:
    folder = tree(overlay("namePrefix: a-", "nameSuffix: -z"))
    (profile,) = facts(folder)["north"].profiles
    assert profile.name == "a-edge-z"


def test_two_overlays_are_two_clusters_and_their_base_one_cause(tree: Tree) -> None:
    wrong = {**overlay(), "base/profile.yaml": BASE.replace("4-31", "2-31")}
    wrong["south/kustomization.yaml"] = kustomization("resources: [../base]")
    item = only(said(tree(wrong), "WPL202"))
    assert item.cluster == "north, south"
    assert said(tree(wrong), "WPL504", "WPL502") == []


def test_a_profile_may_be_deleted(tree: Tree) -> None:
    text = PARTIAL.format("0-5") + "$patch: delete\n"
    folder = tree(overlay("patches: [{path: patch.yaml}]", patch=text))
    assert [f.profiles for f in facts(folder).values() if f.profiles] == []


def test_a_patch_of_a_remote_base_is_judged_by_itself(tree: Tree) -> None:
    partial = PARTIAL.format("0-5") + "    isolated: 4-31\n"
    partial = f"apiVersion: performance.openshift.io/v2\n{partial}"
    lines = ("resources: ['https://example.com/base?ref=1']", "patches: [{path: patch.yaml}]")
    files = {"north/kustomization.yaml": kustomization(*lines), "north/patch.yaml": partial}
    assert [item.rule for item in outcome(tree(files)).findings] == ["WPL202"]


def test_kustomizations_in_a_circle_end(tree: Tree) -> None:
    files = {
        "a/kustomization.yaml": kustomization("resources: [../b, profile.yaml]"),
        "a/profile.yaml": BASE.replace("4-31", "2-31"),
        "b/kustomization.yaml": kustomization("resources: [../a]", "components: [../b]"),
    }
    assert [item.rule for item in outcome(tree(files)).findings] == ["WPL202"]


def test_a_whole_cluster_in_one_kustomization_stays_one(tree: Tree) -> None:
    """What is missing from it is missing from the cluster, as without a kustomization."""
    profile = BASE.replace("/master", "/edge")
    alone = [item.rule for item in outcome(tree({"profile.yaml": profile})).findings]
    files = {"kustomization.yaml": kustomization("resources: [profile.yaml]")}
    assert [item.rule for item in outcome(tree(files)).findings] == alone
    assert "WPL502" in alone


@tried(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    way=st.sampled_from(sorted(WAYS)),
    changes=st.lists(
        st.tuples(st.sampled_from(["north", "base", "more"]), st.integers(0, 400), st.text()),
        max_size=3,
    ),
)
def test_no_kustomization_breaks_a_run(
    tree: Tree, way: str, changes: list[tuple[str, int, str]]
) -> None:
    files: dict[str, str | bytes] = dict(WAYS[way])
    for folder, at, text in changes:
        for name in (f"{folder}/kustomization.yaml", f"{folder}/patch.yaml"):
            old = str(files.get(name, ""))
            files[name] = f"{old[:at]}{text}{old[at + len(text) :]}".encode("utf-8", "replace")
    assert outcome(tree(files)).failures == ()
