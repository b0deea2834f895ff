"""Edits are spans: everything outside of them is byte-identical, and the rest reads as wished."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from builders import data_url, profile
from effort import tried
from fix_samples import crio, rule_that, setting, write
from hypothesis import given
from hypothesis import strategies as st

from linter.fix import fix_tree
from linter.fix.composing import compose_edits
from linter.fix.editing import edited, encoded
from linter.fix.layers import Layers
from linter.fix.outcome import RefusedError
from linter.fix.sheet import Sheet
from linter.sources.reading import decode
from linter.sources.text import File, Ref, Replacement
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from pathlib import Path

VALUES = st.sampled_from(
    ["0", "0-3", "1,3", "0-1,4-5", "yes", "[x", "a: b", "x #y", "- z", "it's", 'a"b', "", "*a", "é"]
)
QUOTES = st.sampled_from(["", "'", '"'])


def scalar(value: str, quote: str) -> str:
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False) if quote else value


@tried(250)
@given(
    st.lists(st.tuples(st.sampled_from(["0-1", "abc", "é,2"]), QUOTES), min_size=1, max_size=5),
    st.integers(0, 4),
    VALUES,
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([("utf-8", False), ("utf-8", True), ("utf-16-le", True)]),
)
def test_only_one_scalar_of_a_file_changes(
    items: list[tuple[str, str]],
    which: int,
    new: str,
    flow: bool,
    line_end: str,
    encoding: tuple[str, bool],
) -> None:
    which %= len(items)
    written = [scalar(*item) for item in items]
    if flow:
        written = [text if text.startswith(("'", '"')) else f'"{text}"' for text in written]
        written[which] = items[which][0].replace(",", "") if not items[which][1] else written[which]
        lines = ["# top", "list: [" + ", ".join(written) + "]   # kept", "end: 1"]
    else:
        lines = ["# top", "list:", *(f" -  {text}   # kept" for text in written), "end: 1"]
    text = line_end.join(["---", *lines, "..."]) + line_end
    file = File("f.yaml", text, "f.yaml", encoding[0], bom=encoding[1])
    roots, problem = compose(file)
    assert problem is None
    node = list(roots[0].at("list").elements())[which]
    span = node.content_ref()
    try:
        after, edits = edited(Sheet(file), [Replacement(span, new)], Layers())
    except RefusedError:
        assert new not in {"0-3", "1,3", "0-1,4-5"}, "a list of CPUs fits anywhere"
        return
    (edit,) = edits
    assert after == text[: edit.start] + edit.new + text[edit.end :]
    outside = node.ref
    assert outside.start <= edit.start <= edit.end <= outside.end
    expected = [value for value, _ in items]
    if flow and not items[which][1]:
        expected[which] = expected[which].replace(",", "")
    expected[which] = new if new or items[which][1] else ""
    read_back = yaml.load(after, Loader=yaml.BaseLoader)
    assert read_back == {"list": expected, "end": "1"}
    data = encoded(file, after)
    round_trip = decode(data)
    assert round_trip.text == after
    assert (round_trip.encoding, round_trip.bom) == encoding
    prefix = encoded(file, text[: edit.start])
    assert data.startswith(prefix)
    assert data.endswith(text[edit.end :].encode(encoding[0]))


def test_a_comma_in_a_flow_list_is_quoted() -> None:
    file = File("f.yaml", "a: [0-1, x]\nb: 0-1\n")
    roots, _ = compose(file)
    first = next(iter(roots[0].at("a").elements())).ref
    both = [Replacement(first, "0,2"), Replacement(roots[0].at("b").ref, "0,2")]
    after, _ = edited(Sheet(file), both, Layers())
    assert after == 'a: ["0,2", x]\nb: 0,2\n'


def test_a_string_stays_a_string() -> None:
    file = File("f.yaml", "a: 0-1\nb: 5\n")
    roots, _ = compose(file)
    wishes = [Replacement(roots[0].at("a").ref, "3"), Replacement(roots[0].at("b").ref, '"5"')]
    after, _ = edited(Sheet(file), wishes, Layers())
    assert after == 'a: "3"\nb: "5"\n'


def test_a_value_is_not_let_out_of_its_scalar() -> None:
    file = File("f.yaml", "a: 'x'\nb: y\n")
    roots, _ = compose(file)
    for key, hostile in (("a", "x'\nc: 'z"), ("b", "y\nc: z")):
        after, _ = edited(
            Sheet(file), [Replacement(roots[0].at(key).content_ref(), hostile)], Layers()
        )
        again, problem = compose(File("g.yaml", after))
        assert problem is None
        assert [name for name, _ in again[0].items()] == ["a", "b"]
        assert again[0].at(key).scalar() == hostile


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
def test_two_edits_in_one_payload_are_encoded_once(tmp_path: Path, form: str) -> None:
    compression = "compression: gzip, " if form == "gzip" else ""

    def text(crio_text: str) -> str:
        return (
            "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\n"
            "metadata: {name: 99-x, labels: {machineconfiguration.openshift.io/role: master}}\n"
            "spec: {config: {ignition: {version: 3.2.0}, storage: {files: [{path:\n"
            f"  /etc/crio/crio.conf.d/1.conf, contents: {{{compression}source:\n"
            f"  '{data_url(crio_text, form)}'}}}}]}}}}}}  # the end\n"
        )

    root = write(tmp_path, {"mc.yaml": text(crio("0-1", "0-1"))})
    rules = [
        rule_that(setting("resources.cpuset", "0-1,128-129"), "WPL901", "one"),
        rule_that(setting("infra_ctr_cpuset", "7"), "WPL902", "two"),
    ]
    outcome = fix_tree([root], rules)
    assert len(outcome.fixed) == 2
    assert outcome.left == ()
    after = (tmp_path / "mc.yaml").read_text()
    if form != "gzip":
        assert after == text(crio("0-1,128-129", "7"))
    begin, end = text("").index("'data:"), "'}}]}}}  # the end\n"
    assert after[:begin] == text("")[:begin]
    assert after.endswith(end)
    assert fix_tree([root], rules).changes == ()


def test_edits_that_overlap_are_not_composed() -> None:
    file = File("f.yaml", "a: 0-1,2\n")
    wishes = [Replacement(Ref(file, 3, 6), "7"), Replacement(Ref(file, 5, 8), "9")]
    with pytest.raises(RefusedError, match="same characters"):
        compose_edits(wishes, Layers())


def test_json_is_edited_like_yaml(tmp_path: Path) -> None:
    text = json.dumps(yaml.safe_load(profile("0-1", "2-7")), indent=1).replace('"0-1"', "0")
    root = write(tmp_path, {"profile.json": text})
    rule = rule_that(setting("spec.cpu.isolated", "1-7"))
    assert fix_tree([root], [rule]).written
    assert (tmp_path / "profile.json").read_text() == text.replace("2-7", "1-7")
