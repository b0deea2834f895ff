from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.discovery import discover
from linter.sources.prefilter import (
    FEW,
    INSTALL_CONFIG_KEYS,
    INVENTORIES,
    NEEDLES,
    Needles,
    may_matter,
)
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [needle.decode() for needle in NEEDLES]


@pytest.mark.parametrize("name", NAMES)
def test_every_needle_lets_a_file_through(name: str) -> None:
    assert may_matter(f"kind: {name}\n".encode())
    assert may_matter(json.dumps({"kind": name}).encode())
    assert may_matter(f"\ufeffkind:   '{name}'\r\n".encode())


@pytest.mark.parametrize(
    "text",
    [
        "kind: MachineConfigPool",
        "kind: KubeletConfiguration",
        "cpuPartitioningMode: AllNodes",
        "status: {cpuPartitioning: None}",
        "apiVersion: performance.openshift.io/v2",
        'target.workload.openshift.io/management: "{}"',
        "name: openshift-performance-addon-operator",
        "apiVersion: v1\nbaseDomain: example.org\ncontrolPlane: {replicas: 3}\n",
        "controlPlane: {}\nbaseDomain: example.org\n",
        "kind: HardwareData\nspec: {hardware: {cpu: {count: 4}}}\n",
        "status: {hardware: {cpu: {count: 4}}}\nkind: BareMetalHost\n",
        "apiVersion: agent-install.openshift.io/v1beta1\nstatus: {inventory: {cpu: {count: 4}}}\n",
        "# Tuned\nkind: Tuned\n",
        "kind: Tuned # of Tuned\n",
        "# a comment\rkind: Tuned\n",
        "# a comment\x85kind: Tuned\n",
        "# a comment\u2028kind: Tuned\n",
        'a: "\\\n#\\nkind: Tuned"\n',
    ],
)
def test_what_matters_is_let_through(text: str) -> None:
    assert may_matter(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind: Deployment\n",
        "kind: ConfigMap\ndata: {Config: Machine}\n",
        "kind: Tune\n",
        "kind: Machine\n Config: 1\n",
        "baseDomain: example.org\n",
        "kind: HostedCluster\nspec: {controlPlane: 1}\n",
        "kind: BareMetalHost\nspec: {online: true}\n",
        "apiVersion: agent-install.openshift.io/v1beta1\nkind: InfraEnv\n",
        'a: "C:\\\\folder"\n',
        "script: |\n  run \\\n    --flag\n",
        "é: ü\n",
        "# The PerformanceProfile is elsewhere.\nkind: Deployment\n",
        "kind: Deployment\n  # MachineConfig\r\n\t#Tuned\r\n",
        "data: |\n  # no PerformanceProfile\n  [main]\n",
    ],
)
def test_what_cannot_matter_is_left_out(text: str) -> None:
    assert not may_matter(text.encode())


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_characters_are_always_let_through(codec: str) -> None:
    assert may_matter("a: 1\n".encode(codec))


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_a_name_broken_by_any_line_break(line_break: str) -> None:
    text = f'kind: "Machine\\{line_break}  Config"'
    assert yaml.safe_load(text) == {"kind": "MachineConfig"}
    assert may_matter(text.encode())


PIECES = st.sampled_from(["plain"] * 8 + ["x", "u", "U", "fold", "fold"])


@st.composite
def spelled(draw: st.DrawFn, names: list[str]) -> str:
    """Return a name in double quotes, each character escaped or not, with breaks in between."""
    text = ""
    for char in draw(st.sampled_from(names)):
        match draw(PIECES):
            case "x":
                text += f"\\x{ord(char):02x}"
            case "u":
                text += f"\\u{ord(char):04X}"
            case "U":
                text += f"\\U{ord(char):08x}"
            case "fold":
                text += draw(st.sampled_from(["\\\n", "\\\n \t ", "\\\r\n  "])) + char
            case _:
                text += char
    return f'"{text}"'


def wrapped_in_json(text: str) -> str:
    return json.dumps({"inner": text}, ensure_ascii=False)


def wrapped_in_double_quotes(text: str) -> str:
    return yaml.dump({"inner": text}, default_style='"', width=10, allow_unicode=True)


def wrapped_in_single_quotes(text: str) -> str:
    return yaml.dump({"inner": text}, default_style="'", width=10, allow_unicode=True)


def wrapped_in_a_block(text: str) -> str:
    return yaml.dump({"inner": text}, default_style="|", allow_unicode=True)


WRAPPERS = st.lists(
    st.sampled_from(
        [
            wrapped_in_json,
            wrapped_in_double_quotes,
            wrapped_in_single_quotes,
            wrapped_in_a_block,
        ]
    ),
    max_size=3,
)


@tried(300)
@given(spelled(NAMES), WRAPPERS, st.sampled_from(["", "", "# a\n", "#\n#", "# a MachineConfig\n"]))
def test_no_spelling_at_any_depth_is_lost(
    value: str, wrappers: list[Callable[[str], str]], comment: str
) -> None:
    """The parser, not the filter, says that this text holds the name."""
    assert yaml.safe_load(value) in NAMES
    text = f"{comment}\nkind: {value}"
    for wrapper in wrappers:
        text = wrapper(text)
    found = text
    for _ in wrappers:
        found = yaml.safe_load(found)["inner"]
    assert yaml.safe_load(found)["kind"] in NAMES
    assert may_matter(text.encode())


@pytest.mark.parametrize("white", ["\\n  ", "\n\n", "   \n\n  ", "\n\n\\t", "\n\n \\ \\\t"])
def test_a_break_in_a_nested_document_is_not_lost(white: str) -> None:
    text = f'inner: "kind: \\"Machine\\\\{white}Config\\""'
    assert yaml.safe_load(yaml.safe_load(text)["inner"]) == {"kind": "MachineConfig"}
    assert may_matter(text.encode())


@tried(50)
@given(spelled(["baseDomain"]), spelled(["controlPlane"]))
def test_an_install_config_with_spelled_keys_is_not_lost(domain: str, plane: str) -> None:
    assert INSTALL_CONFIG_KEYS == (b"baseDomain", b"controlPlane")
    assert may_matter(f"{{{domain}: a, {plane}: {{}}}}".encode())


@tried(50)
@given(st.data(), st.sampled_from(INVENTORIES))
def test_an_inventory_with_spelled_words_is_not_lost(
    data: st.DataObject, group: tuple[bytes, ...]
) -> None:
    words = [data.draw(spelled([word.decode()])) for word in data.draw(st.permutations(group))]
    assert may_matter(f"[{', '.join(words)}]".encode())


@tried(200)
@given(st.binary(max_size=200), st.sampled_from(NEEDLES), st.binary(max_size=200))
def test_a_needle_is_found_in_any_bytes(before: bytes, needle: bytes, after: bytes) -> None:
    assert may_matter(before.replace(b"#", b"") + needle + after)


ALIKE = [*(word.swapcase() for word in NEEDLES), *(re.sub(rb"[A-Z.-]", b"C", w) for w in NEEDLES)]
"""Words that only look like those which are searched for, in the first glance or wholly."""


@tried(200)
@given(
    st.lists(
        st.sampled_from(
            [*NEEDLES, *ALIKE, *INSTALL_CONFIG_KEYS, b"Config", b"\\", b"open", b"\xff", b"Machine"]
        ),
        max_size=5,
    ),
    st.sampled_from([b"", b" "]),
)
def test_the_first_files_are_searched_as_all_others_are(parts: list[bytes], between: bytes) -> None:
    data = between.join(parts)
    needles = Needles(NEEDLES, INSTALL_CONFIG_KEYS, *INVENTORIES)
    first = needles.may_be_in(data)
    for _ in range(FEW):
        needles.may_be_in(b"")
    assert needles.may_be_in(data) == first


def test_words_that_look_alike_at_first_glance_are_told_apart() -> None:
    needles = Needles((b"MachineConfig",))
    for _ in range(FEW):
        needles.may_be_in(b"")
    assert not needles.may_be_in(b"MachineDonfig Machine.onfig Machine\xffonfig")
    assert needles.may_be_in(b"MachineDonfig MachineConfig")


SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
KINDS = {
    "MachineConfig",
    "MachineConfigPool",
    "KubeletConfig",
    "PerformanceProfile",
    "Tuned",
    "Infrastructure",
    "AgentClusterInstall",
    "ClusterVersion",
    "ClusterImageSet",
    "ContainerRuntimeConfig",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus of real manifests is not here")
def test_no_real_manifest_of_a_kind_that_matters_is_left_out() -> None:
    left_out = 0
    for candidate in discover([str(SHARED)]).candidates:
        data = read(candidate)
        assert isinstance(data, bytes), data
        if may_matter(data):
            continue
        left_out += 1
        try:
            documents = list(yaml.load_all(data, Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, ValueError, TypeError):
            continue  # a template; its kinds would stand in the bytes as they are
        kinds = {str(doc.get("kind")) for doc in documents if isinstance(doc, dict)}
        assert not kinds & KINDS, candidate.name
        inspected = [doc for doc in documents if isinstance(doc, dict) and _is_inventory(doc)]
        assert not inspected, candidate.name
    assert left_out > 0


def _is_inventory(document: dict[str, object]) -> bool:
    """Say whether an object says what an inspection of a machine has found."""
    part = "spec" if document.get("kind") == "HardwareData" else "status"
    said = document.get(part)
    key = "inventory" if document.get("kind") == "Agent" else "hardware"
    kinds = {"HardwareData", "BareMetalHost", "Agent"}
    return document.get("kind") in kinds and isinstance(said, dict) and bool(said.get(key))
