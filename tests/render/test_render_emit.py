from __future__ import annotations

import io
import string
import subprocess
import sys
from typing import Any

import pytest
import yaml
from effort import tried
from hypothesis import example, given
from hypothesis import strategies as st
from rendering_inputs import infrastructure, profile, rendered, role_pool
from ruamel.yaml import YAML

from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR
from linter.render import Manifest
from linter.render.emit import scalar_style, to_yaml


def written(value: Any) -> str:
    """Return the YAML of an object that holds the value."""
    return to_yaml(Manifest("some.yaml", {"kind": "Thing", "value": value}))


def reread(text: str) -> list[Any]:
    """Read the text by YAML 1.1, and by ruamel.yaml's reading of YAML 1.2."""
    return [yaml.safe_load(text), YAML(typ="safe", pure=True).load(io.StringIO(text))]


def test_the_whole_text_of_a_manifest() -> None:
    objects = [infrastructure(), profile(cpu={"reserved": "0-3"})]
    files = rendered(NEWEST_MINOR, *objects)
    name = "01_01-master-cpu-partitioning_workload_pinning_machineconfig.yaml"
    text = to_yaml(files[name])
    first = text.partition("base64,")[0]
    assert first == (
        "---\n"
        "apiVersion: machineconfiguration.openshift.io/v1\n"
        "kind: MachineConfig\n"
        "metadata:\n"
        "  name: 01-master-cpu-partitioning\n"
        "  labels:\n"
        "    machineconfiguration.openshift.io/role: master\n"
        "spec:\n"
        "  config:\n"
        "    ignition:\n"
        "      version: 3.2.0\n"
        "    storage:\n"
        "      files:\n"
        "        - path: /etc/kubernetes/openshift-workload-pinning\n"
        "          mode: 420\n"
        "          contents:\n"
        "            # management cpuset is empty: no pinning yet\n"
        "            source: data:text/plain;charset=utf-8;"
    )
    config = to_yaml(files["edge_machineconfig.yaml"])
    assert config.count("            # management cpuset 0-3\n            source: data:") == 2
    kubelet = to_yaml(files["edge_kubeletconfig.yaml"])
    assert '      pools.operator.machineconfiguration.openshift.io/master: ""\n' in kubelet
    assert "    reservedSystemCPUs: 0-3\n" in kubelet
    tuned = to_yaml(files["edge_tuned.yaml"])
    assert "      data: |\n        # What follows from the CPUs" in tuned
    assert "        isolated_cores=4-47,52-95\n" in tuned
    assert to_yaml(rendered(10, profile())["performance-addon-operator_subscription.yaml"]).count(
        '  channel: "4.10"\n'
    )


def test_every_rendered_manifest_is_read_back() -> None:
    for minor in range(OLDEST_MINOR, NEWEST_MINOR + 1):
        options = {"partitioning": True}
        for manifest in rendered(minor, role_pool("master"), profile(), **options).values():
            text = to_yaml(manifest)
            assert text.startswith("---\napiVersion: ")
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert reread(text) == [manifest.object] * 2


@pytest.mark.parametrize(
    "text",
    [
        "0-1",
        "0-1,32-33",
        "3,5",
        "500Mi",
        "15%",
        "5s",
        "3.2.0",
        "50-performance-a",
        "a",
        "/etc/x.conf",
        "best-effort",
        "data:text/plain;charset=utf-8;base64,AAA=",
        "a b",
    ],
)
def test_what_stays_plain(text: str) -> None:
    assert scalar_style(text) == ""
    assert written(text) == f"---\nkind: Thing\nvalue: {text}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "-4",
        "0o7",
        "007",
        "1_000",
        "1:30",
        "0x1F",
        "1e3",
        "4.10",
        ".5",
        "+1",
        "2001-12-14",
        "true",
        "True",
        "no",
        "NO",
        "on",
        "y",
        "N",
        "null",
        "~",
        "NaN",
        ".inf",
        "Inf",
        "=",
        "<<",
        "a: b",
        "a #b",
        "a:",
        " a",
        "a ",
        "- a",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "@a",
        "`a",
        "%a",
        "'a'",
        "?",
        "a\tb",
        "a\x7fb",
        "\ufeff",
        "é",
        "---",
        "...",
        "|",
        ">",
        ",a",
        "0b1",
        "12e03",
    ],
)
def test_what_is_quoted(text: str) -> None:
    assert scalar_style(text) in ("'", '"')
    assert reread(written(text)) == [{"kind": "Thing", "value": text}] * 2


def test_strings_that_hold_quotes_are_readable() -> None:
    assert written('{"effect": "x"}') == '---\nkind: Thing\nvalue: \'{"effect": "x"}\'\n'


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a\nb", "|"),
        ("a\nb\n", "|"),
        ("a\n\nb\n", "|"),
        ("# a: b\n---\nc\n", "|"),
        ("a\n\n", '"'),
        ("\na", '"'),
        (" a\nb", '"'),
        ("a \nb", '"'),
        ("a\tb\nc", '"'),
        ("a\r\nb", '"'),
        ("\n", '"'),
        ("a\u2028b\nc", '"'),
    ],
)
def test_texts_of_several_lines(text: str, style: str) -> None:
    assert scalar_style(text) == style
    assert reread(written(text)) == [{"kind": "Thing", "value": text}] * 2
    assert reread(written({text: [text]})) == [{"kind": "Thing", "value": {text: [text]}}] * 2


def test_numbers_booleans_and_empty_collections() -> None:
    value: list[Any] = [
        0,
        -7,
        10**20,
        1.5,
        1e30,
        -2.5e-9,
        True,
        False,
        None,
        {},
        [],
        [[1], {"a": []}],
    ]
    assert reread(written(value)) == [{"kind": "Thing", "value": value}] * 2
    assert "  - {}\n  - []\n" in written(value)


def test_long_texts_and_keys_are_not_folded() -> None:
    for text in ("word " * 200 + "end", "x" * 5000, "-" + "quoted " * 100 + "."):
        out = written({text[:400].strip(): text})
        assert len(out.splitlines()) == 4
        assert reread(out)[0]["value"] == {text[:400].strip(): text}


tricky = st.text(
    st.sampled_from(string.printable + "é\x00\x07\x7f\x85\u2028\ufeff\U0001f600"), max_size=12
) | st.text(max_size=6)
values = st.recursive(
    tricky
    | st.integers(-(2**70), 2**70)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(tricky, inner, max_size=3),
    max_leaves=8,
)


@tried(300)
@given(values)
@example({"": ""})
@example([["|\n", "a\n"], {"- a": "b\n c\n"}])
def test_whatever_is_written_is_read_back(value: Any) -> None:
    text = written(value)
    assert text == written(value)
    assert reread(text) == [{"kind": "Thing", "value": value}] * 2


def test_ruamel_is_loaded_only_to_write() -> None:
    code = (
        "import sys, linter.render, linter.render.emit\n"
        "assert not [m for m in sys.modules if m.startswith(('ruamel', 'yaml', 'tomllib'))]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
