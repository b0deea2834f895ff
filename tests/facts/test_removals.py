"""What is taken out of manifests: objects wherever they stand, files, and kernel arguments."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import facts_of, machine_config, profile, root_of

from linter.facts.embedded_files import documents_of
from linter.facts.merged_settings import merged_settings
from linter.facts.removals import removed_argument, removed_files, removed_object
from linter.facts.scope import Facts, add_document
from linter.facts.selected_roles import selecting
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.sources.text import Replacement

ONE = (
    "kind: MachineConfig\napiVersion: machineconfiguration.openshift.io/v1\nmetadata: {name: one}\n"
)
TWO = ONE.replace("one", "two")
ROLE = "machineconfiguration.openshift.io/role"


def made(text: str, wishes: Sequence[Replacement | None] | None) -> str | None:
    edits = [wish.edit() for wish in wishes or [None] if wish is not None]
    if not edits or None in edits:
        return None
    for edit in sorted((e for e in edits if e is not None), key=lambda e: -e.start):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def read(text: str) -> Facts:
    facts = Facts()
    roots, problem = compose(File("file.yaml", text))
    assert problem is None
    for root in roots:
        add_document(facts, root)
    return facts


def without(text: str, name: str = "one") -> str | None:
    (config,) = [c for c in read(text).machine_configs if c.name == name]
    return made(text, [removed_object(config.manifest.root)])


def item(text: str) -> str:
    return "- " + indent(text, "  ").lstrip(" ")


LIST = "apiVersion: v1\nkind: List\nitems:\n"
FILES = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ONE, ""),
        (f"{ONE}---\n{TWO}", f"---\n{TWO}"),
        (f"{LIST}{item(ONE)}{item(TWO)}", f"{LIST}{item(TWO)}"),
        (f"{LIST}{item(ONE)}", f"{LIST[:-1]} []\n"),
    ],
)
def test_an_object_goes_from_wherever_it_stands(before: str, after: str) -> None:
    assert without(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"{FILES}  a.yaml: |\n{indent(ONE, '    ')}  b.yaml: |\n{indent(TWO, '    ')}",
            f"{FILES}  b.yaml: |\n{indent(TWO, '    ')}",
        ),
        (
            f"{FILES}  a.yaml: |\n{indent(TWO + '---' + chr(10) + ONE, '    ')}",
            f"{FILES}  a.yaml: |\n{indent(TWO, '    ')}",
        ),
        (f"{FILES}  a.yaml: |\n{indent(ONE, '    ')}", f"{FILES[:-1]} {{}}\n"),
    ],
)
def test_an_object_goes_from_a_text_of_another_one(before: str, after: str) -> None:
    roots = documents_of(root_of(before).at("data", "a.yaml"))
    (found,) = [root for root in roots if root.at("metadata", "name").scalar() == "one"]
    assert made(before, [removed_object(found)]) == after


def test_the_last_object_of_a_policy_stays() -> None:
    template = "- complianceType: musthave\n  objectDefinition:\n"
    one, two = (template + indent(text, "    ") for text in (ONE, TWO))
    holder = "object-templates:\n"
    node = root_of(f"{holder}{one}{two}").at("object-templates")
    assert made(
        f"{holder}{one}{two}", [removed_object(node.element(0).at("objectDefinition"))]
    ) == (f"{holder}{two}")
    alone = root_of(f"{holder}{one}").at("object-templates").element(0).at("objectDefinition")
    assert removed_object(alone) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a=1", "isolcpus=2", "b"], ["a=1", "b"]),
        (["a=1 isolcpus=2 b"], ["a=1 b"]),
        (["isolcpus=2 b"], ["b"]),
        (["a=1 isolcpus=2"], ["a=1"]),
        (["'a  isolcpus=2'"], ["a"]),
    ],
)
def test_a_kernel_argument_goes(before: list[str], after: list[str]) -> None:
    text = machine_config("one", kernel_arguments=before, files={"/etc/x": "y"})
    (config,) = read(text).machine_configs
    (argument,) = [one for one in config.kernel_arguments if one.name == "isolcpus"]
    new = made(text, [removed_argument(argument, config.manifest.root)])
    assert new is not None
    assert yaml.safe_load(new)["spec"]["kernelArguments"] == after


def test_what_states_nothing_else_goes_with_its_argument() -> None:
    for extra, rest in (("", ""), ("kernelType: realtime\n", None)):
        text = machine_config("one", kernel_arguments=["isolcpus=2"], extra=extra)
        (config,) = read(text).machine_configs
        new = made(text, [removed_argument(config.kernel_arguments[0], config.manifest.root)])
        assert new == (
            text.replace("  kernelArguments:\n    - isolcpus=2\n", "") if extra else rest
        )
    text = profile().replace("spec:\n", "spec:\n  additionalKernelArgs: [isolcpus=2]\n")
    (found,) = read(text).profiles
    assert (
        made(text, [removed_argument(found.kernel_arguments[0], found.manifest.root)]) == profile()
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=+isolcpus=2 b", "a=+b"),
        ("a=+b isolcpus=2", "a=+b"),
        ("a=+b isolcpus=2 c", "a=+b c"),
        ("a=isolcpus=2", None),
    ],
)
def test_an_argument_goes_from_a_tuned_profile(before: str, after: str | None) -> None:
    def text(line: str | None) -> str:
        entry = f"        cmdline_{line}\n" if line else ""
        return (
            "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nmetadata: {name: t}\nspec:\n"
            f"  profile:\n  - name: t\n    data: |\n        [bootloader]\n{entry}"
            "        cmdline_z=+z\n"
        )

    (tuned,) = read(text(before)).tuneds
    (argument,) = [one for one in tuned.profiles[0].arguments if one.name == "isolcpus"]
    wish = removed_argument(argument, tuned.manifest.root)
    assert made(text(before), [wish]) == text(after)


def test_files_go_and_a_machine_config_without_any_goes_too() -> None:
    text = machine_config("one", files={"/a": "1", "/b": "2", "/c": "3"})
    (config,) = read(text).machine_configs
    assert made(text, removed_files(config, {"/a", "/b"})) == machine_config(
        "one", files={"/c": "3"}
    )
    assert made(text, removed_files(config, {"/a", "/b", "/c"})) == ""
    more = machine_config("one", files={"/a": "1"}, kernel_arguments=["x"])
    (config,) = read(more).machine_configs
    now = made(more, removed_files(config, {"/a"}))
    assert now is not None
    assert "files" not in yaml.safe_load(now)["spec"]["config"]["storage"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"matchLabels: {{{ROLE}: worker}}", [["worker", "x"]]),
        (f"matchLabels:\n  {ROLE}: worker", [["worker", "x"]]),
        (
            f"matchExpressions:\n- key: {ROLE}\n  operator: In\n  values: [worker]",
            [["worker", "x"]],
        ),
        (f"matchExpressions:\n- key: {ROLE}\n  operator: In\n  values:\n  - a", [["a", "x"]]),
        ("{}", [["x"]]),
        (f"matchExpressions:\n- key: {ROLE}\n  operator: NotIn\n  values: [x]", None),
        (f"matchLabels: {{{ROLE}: worker, other: one}}", None),
    ],
)
def test_a_pool_selects_a_role_more(before: str, after: list[list[str]] | None) -> None:
    text = (
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n"
        "metadata: {name: x}\nspec:\n  paused: false\n  machineConfigSelector:\n"
        f"{indent(before, '    ')}\n"
    )
    (pool,) = read(text).pools
    new = made(text, [selecting(pool, ROLE, "x")])
    if after is None:
        assert new is None
        return
    assert new is not None
    selector = yaml.safe_load(new)["spec"]["machineConfigSelector"]
    assert selector == {
        "matchExpressions": [{"key": ROLE, "operator": "In", "values": one} for one in after]
    }


KUBELET = dedent("""\
    apiVersion: machineconfiguration.openshift.io/v1
    kind: KubeletConfig
    metadata: {name: more}
    spec:
      machineConfigPoolSelector: {matchLabels: {a: b}}
      kubeletConfig:
""")


@pytest.mark.parametrize(
    ("settings", "snippet", "merged"),
    [
        ({"maxPods": 300}, None, {"maxPods": 300}),
        ({"maxPods": 300}, '{"podsPerCore": 4}', {"podsPerCore": 4, "maxPods": 300}),
        ({"maxPods": 300}, '{"maxPods": 300}', {"maxPods": 300}),
        ({"maxPods": 300}, '{"maxPods": 301}', None),
        ({"maxPods": 300, "cpuManagerPolicy": "static"}, None, {"maxPods": 300}),
        ({"reservedSystemCPUs": "0,1", "maxPods": 3}, None, {"maxPods": 3}),
        ({"reservedSystemCPUs": "0-3"}, None, None),
        ({"cpuManagerPolicy": "none"}, None, None),
        ({"featureGates": {"A": True}}, None, None),
        ({"evictionHard": {"memory.available": "1%"}}, "no JSON", None),
    ],
)
def test_settings_move_into_the_profile(
    settings: dict[str, object], snippet: str | None, merged: dict[str, object] | None
) -> None:
    text = profile("0-1")
    if snippet is not None:
        noted = f"  annotations:\n    kubeletconfig.experimental: '{snippet}'\nspec:"
        text = text.replace("spec:", noted, 1)
    config = KUBELET + indent(yaml.safe_dump(settings), "    ")
    facts = facts_of(text, config)
    (found,), (kubelet,) = facts.profiles, facts.kubelet_configs
    wishes = merged_settings(found, [kubelet])
    if merged is None:
        assert wishes is None
        return
    assert wishes is not None
    here = [wish for wish in wishes if wish.ref.file is found.ref.file]
    assert made(config, [wish for wish in wishes if wish not in here]) == ""
    now = yaml.safe_load(made(text, here) or text)["metadata"]["annotations"]
    assert yaml.safe_load(now["kubeletconfig.experimental"]) == merged
