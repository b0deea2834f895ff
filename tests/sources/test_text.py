"""References into nested texts lead out to the characters of the file, and replacements back in."""

from __future__ import annotations

import base64
import gzip
import json
from urllib.parse import unquote

import pytest
from builders import data_url, root_of
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.facts.payloads import read_payload
from linter.formats import toml
from linter.sources.text import Edit, Embedded, File, Opaque, Ref, Replacement, Slice, Source
from linter.sources.yaml_tree import Node, compose

STYLES = ("plain", "single", "double", "escaped", "literal", "folded", "literal-broken")
CPUSETS = ["0-1", "0-1,32-33", "7", "0,2,4,6", "100-119"]


def test_positions_count_from_one_and_lines_end_before_their_break() -> None:
    source = Source("a\r\n\n😀c\n")
    assert [source.position(at) for at in (0, 2, 3, 4, 5, 7)] == [
        (1, 1), (1, 3), (2, 1), (3, 1), (3, 2), (4, 1),
    ]  # fmt: skip
    assert [source.line(n) for n in range(1, source.line_count + 1)] == ["a", "", "😀c", ""]
    assert source.line_span(3) == (4, 6)


def test_an_empty_text_has_one_line() -> None:
    assert Source("").position(0) == (1, 1)
    assert Source("").line(1) == ""


def test_a_reference_leads_out_through_every_layer() -> None:
    file = File("f.yaml", "...[abc]")
    outer = Embedded("[abc]", file, Slice(3), "/etc/outer")
    inner = Embedded("abc", outer, Slice(1))
    ref = Ref(inner, 1, 2)
    assert ref.text == "b"
    assert ref.in_file() == Ref(file, 5, 6)
    assert ref.in_payload() == Ref(outer, 2, 3)
    assert ref.file is file
    assert ref.part(0, 1).text == "b"
    assert ref.order() == ("f.yaml", 5, 6, 1, 2)
    assert ref.label("here").words == "here"
    assert Replacement(ref, "x").edit() == Edit(file, 5, 6, "x")


def test_what_can_only_be_pointed_at_cannot_be_replaced() -> None:
    file = File("f.yaml", "...[abc]")
    opaque = Embedded("xyz", file, Opaque(3, 8))
    assert Ref(opaque, 1, 2).in_file() == Ref(file, 3, 8)
    assert Ref(opaque, 1, 2).in_payload() is None
    assert Replacement(Ref(opaque, 1, 2), "x").edit() is None


# --- TOML in a data URL in a scalar of any style, in YAML or in JSON in YAML ---------------------


def styled(text: str, style: str, indent: str) -> str:
    """Spell a text as a YAML scalar of one style."""
    if style == "single":
        return "'" + text.replace("'", "''") + "'"
    if style == "double":
        return json.dumps(text, ensure_ascii=False)
    if style == "escaped":
        return '"' + "".join(f"\\x{ord(c):02x}" if c in "/:;=" else c for c in text) + '"'
    if style == "literal":
        return f"|-\n{indent}{text}"
    if style == "literal-broken":
        return "|\n" + "".join(f"{indent}{text[i : i + 76]}\n" for i in range(0, len(text), 76))
    if style == "folded":
        return f">-\n{indent}{text}"
    return text


def drop_in(cpuset: str, comment: str) -> str:
    table = "[crio.runtime.workloads.management]"
    return f'# {comment}\n{table}\nresources = {{ "cpuset" = "{cpuset}" }}\n'


def cpuset_in(document: str, form: str, *, in_json: bool) -> Ref:
    """Return the reference to the CPU list in the drop-in that a document carries."""
    node = root_of(document).at("metadata", "annotations", "a") if in_json else root_of(document)
    if in_json:
        roots, problem = compose(node.embedded())
        assert problem is None
        node = roots[0]
    payload = read_payload(node.at("source"), "/etc/crio/x", gzip=form == "gzip")
    assert payload is not None
    assert payload.source is not None, payload.problem
    value = toml.parse(payload.source.text).find(
        "crio", "runtime", "workloads", "management", "resources", "cpuset"
    )
    assert isinstance(value, toml.Scalar)
    return Ref(payload.source, value.inner_start, value.inner_end)


def document_of(url: str, style: str, *, in_json: bool) -> str:
    if not in_json:
        return f"# é😀\nkind: x\nsource: {styled(url, style, '  ')}\nmode: 420\n"
    text = json.dumps({"source": url})
    if style == "escaped":
        text = text.replace("/", "\\/")
    scalar = styled(text, "double" if style == "escaped" else style, "      ")
    return f"metadata:\n  annotations:\n    a: {scalar}\n    b: 1\n"


@pytest.mark.parametrize("in_json", [False, True], ids=["yaml", "json-in-yaml"])
@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
@tried(40)
@given(
    style=st.sampled_from(STYLES),
    old=st.sampled_from(CPUSETS),
    new=st.sampled_from(CPUSETS),
    comment=st.sampled_from(["", "x", "xy", "é", "😀 reserved"]),
)
def test_a_list_deep_in_a_payload_is_found_and_replaced(
    form: str, style: str, old: str, new: str, comment: str, *, in_json: bool
) -> None:
    if style == "literal-broken" and (in_json or form == "percent"):
        style = "literal"
    if in_json and style == "plain":
        style = "single"
    text = drop_in(old, comment)
    document = document_of(data_url(text, form), style, in_json=in_json)
    ref = cpuset_in(document, form, in_json=in_json)
    assert ref.text == old
    place = ref.in_file()
    assert old in decoded(place.text, form, style)
    edit = Replacement(ref, new).edit()
    assert edit is not None
    changed = document[: edit.start] + edit.new + document[edit.end :]
    again = cpuset_in(changed, form, in_json=in_json)
    assert again.source.text == drop_in(new, comment)
    assert again.text == new
    if form != "gzip" and "broken" not in style:  # base64 of other length moves what follows
        assert changed[: place.start] == document[: place.start]


def decoded(raw: str, form: str, style: str) -> str:
    """Decode the characters that are said to carry a list."""
    for code, char in (("\\x2f", "/"), ("\\x3d", "="), ("\\/", "/"), ("\\\\/", "/")):
        raw = raw.replace(code, char)
    raw = "".join(raw.replace("\\", "").split())
    if form == "percent":
        return unquote(raw)
    data = base64.b64decode(raw)
    return (gzip.decompress(data) if form == "gzip" else data).decode(errors="ignore")


def test_the_comma_of_a_percent_encoded_list_may_be_encoded() -> None:
    url = "data:,cpus%3D%220-1%2C4%22%0A"
    node = root_of(f'source: "{url}"\n')
    payload = read_payload(node.at("source"), "x", gzip=False)
    assert payload is not None
    assert payload.source is not None
    at = payload.source.text.index("0-1,4")
    ref = Ref(payload.source, at, at + 5)
    assert ref.in_file().text == "0-1%2C4"
    edit = Replacement(ref, "0-1,5").edit()
    assert edit is not None
    assert (edit.new, node.source.text[edit.start : edit.end]) == ("5", "4")


def test_a_node_says_where_its_text_stands_without_quotes() -> None:
    text = "a: '0-3'\nb: 0-3\nc: |\n  0-3\nd: \"0\\x2d3\"\n"
    root = root_of(text)
    assert [root.at(key).content_ref().text for key in "abcd"] == ["0-3"] * 3 + ["0\\x2d3"]
    assert [root.at(key).content().text for key in "abcd"] == ["0-3", "0-3", "0-3\n", "0-3"]
    assert isinstance(root, Node)
