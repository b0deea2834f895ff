"""Keys and items that are added to YAML: they stand in the style of their siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import root_of
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.insertion import added_item, added_key, another_value, copied_item
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.sources.insertion import Added


def with_key(text: str, path: Sequence[str], value: Added) -> str | None:
    wish = added_key(root_of(text), path, value)
    return made(text, wish)


def made(text: str, wish: Replacement | None) -> str | None:
    """Return a text with an insertion, which takes no character away."""
    edit = wish.edit() if wish is not None else None
    if edit is None:
        return None
    assert edit.start == edit.end
    return text[: edit.start] + edit.new + text[edit.end :]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\n", "a: 1\nk: v\n"),
        ("a: 1", "a: 1\nk: v"),
        ("a: 1\r\n", "a: 1\r\nk: v\r\n"),
        ("a: 1  # one\n# more\n", "a: 1  # one\nk: v\n# more\n"),
        ("a:\n  b:\n    - c\n\n---\nb: 2\n", None),
        ("a:\n- b\n- c\n", "a:\n- b\n- c\nk: v\n"),
        ("a: |\n  text\n", "a: |\n  text\nk: v\n"),
        ("a:\n", "a:\nk: v\n"),
        ("a: &x 1\nb: *x\n", None),
        ("{a: 1}\n", "{a: 1, k: v}\n"),
        ("{}\n", '{"k": "v"}\n'),
        ('{"a": 1}', '{"a": 1, "k": "v"}'),
        ('{\n  "a": {\n    "b": []\n  }\n}\n', '{\n  "a": {\n    "b": []\n  },\n  "k": "v"\n}\n'),
        ("{a: 1,}\n", None),
        ("- a\n", None),
        ("k: 1\n", None),
        ("k:\n", None),
        ("{{ k }}: 1\n", None),
    ],
)
def test_a_key_stands_behind_the_last_one(before: str, after: str | None) -> None:
    if before.count("---"):
        before, _, _ = before.partition("---")
        after = before.rstrip() + "\nk: v\n\n"
    assert with_key(before, ("k",), "v") == after


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("AllNodes", "AllNodes"),
        ("None", "None"),
        (True, "true"),
        ("true", '"true"'),
        ("", '""'),
        ("0-1,4", "0-1,4"),
        ("4.10", '"4.10"'),
        ("a b", '"a b"'),
    ],
)
def test_a_string_stays_a_string(value: Added, line: str) -> None:
    assert with_key("a: 1\n", ("k",), value) == f"a: 1\nk: {line}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m:\n    n: 1\ns: 2\n", "m:\n    n: 1\n    l:\n      x/y: v\ns: 2\n"),
        (
            "m:\n    n: 1\n    o:\n        p: 1\n",
            "m:\n    n: 1\n    o:\n        p: 1\n    l:\n        x/y: v\n",
        ),
        ("m:\n  l:\n    a: b\ns: 2\n", "m:\n  l:\n    a: b\n    x/y: v\ns: 2\n"),
        ("m:\n  l: {}\ns: 2\n", "m:\n  l: {x/y: v}\ns: 2\n"),
        ("m: {n: 1}\n", "m: {n: 1, l: {x/y: v}}\n"),
        ('{"m": {"n": 1}}', '{"m": {"n": 1, "l": {"x/y": "v"}}}'),
        ("m:\n  l:\ns: 2\n", None),
    ],
)
def test_a_key_at_a_path(before: str, after: str | None) -> None:
    assert with_key(before, ("m", "l", "x/y"), "v") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- a\n- b  # two\n", "- a\n- b  # two\n- new\n"),
        ("[a, b]\n", "[a, b, new]\n"),
        ("[]\n", "[new]\n"),
        ("[\n  a,\n  b\n]\n", "[\n  a,\n  b,\n  new\n]\n"),
        ("-   a\n", "-   a\n- new\n"),
        ("a: 1\n", None),
    ],
)
def test_an_item_stands_behind_the_last_one(before: str, after: str | None) -> None:
    assert made(before, added_item(root_of(before), "new")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n- b\nm:\n  n: 1\n", "a:\n- b\nm:\n  n: 1\n  l:\n  - x\n"),
        ("a:\n  - b\nm:\n  n: 1\n", "a:\n  - b\nm:\n  n: 1\n  l:\n    - x\n"),
        ("a: #\r\n  - b\r\nm:\r\n  n: 1\r\n",
         "a: #\r\n  - b\r\nm:\r\n  n: 1\r\n  l:\r\n    - x\r\n"),
        ("- a:\n  - b\n- m:\n  n: 1\n", None),
        ("far:\n- b\nm:\n  near:\n    - b\n", "far:\n- b\nm:\n  near:\n    - b\n  l:\n    - x\n"),
        ("m:\n  n: 1\n", "m:\n  n: 1\n  l:\n  - x\n"),
    ],
)  # fmt: skip
def test_a_list_is_indented_as_its_neighbours_are(before: str, after: str | None) -> None:
    assert with_key(before, ("m", "l"), ["x"]) == after


def test_a_list_of_objects_is_laid_out_like_one() -> None:
    value = [{"numaNode": 0, "limits": {"memory": "1100Mi"}, "tags": ["a", {"b": 1.5}]}]
    lines = "- numaNode: 0\n  limits:\n    memory: 1100Mi\n  tags:\n  - a\n  - b: 1.5\n"
    assert with_key("a: 1\n", ("k",), value) == f"a: 1\nk:\n{lines}"
    flow = "k: [{numaNode: 0, limits: {memory: 1100Mi}, tags: [a, {b: 1.5}]}]"
    assert with_key("{a: 1}\n", ("k",), value) == f"{{a: 1, {flow}}}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nz: 2\n", "a: 1\nk: v\nz: 2\n"),
        ("kind: x\na: 1\nz: 2\n", "kind: x\na: 1\nk: v\nz: 2\n"),
        ("z: 1\na: 2\n", "z: 1\na: 2\nk: v\n"),
        ("l: 1\nz: 2\n", "l: 1\nz: 2\nk: v\n"),
        ("{a: 1, z: 2}\n", "{a: 1, k: v, z: 2}\n"),
    ],
)
def test_a_key_takes_its_place_among_sorted_ones(before: str, after: str) -> None:
    wish = added_key(root_of(before), ("k",), "v", ordered=True)
    assert made(before, wish) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("k: 1\nb: 2\n", "x", "k: x\nb: 2\n"),
        ("k: 1  # one\n", {"c": 3}, "k:\n  c: 3  # one\n"),
        ("k:\n  c: 3\n  d: 4\nb: 2\n", [5], "k:\n- 5\nb: 2\n"),
        ("k: {c: 3}\n", {"d": 4}, "k:\n  d: 4\n"),
        ("{k: [1], b: 2}\n", "x", "{k: x, b: 2}\n"),
        ("k:\n  # three\n  c: 3\n", "x", None),
    ],
)
def test_another_value_stands_in_place_of_one(before: str, value: Added, after: str | None) -> None:
    wish = another_value(root_of(before), "k", value)
    edit = wish.edit() if wish is not None else None
    now = before[: edit.start] + edit.new + before[edit.end :] if edit is not None else None
    assert now == after


def test_a_copied_item_looks_like_its_model() -> None:
    text = (
        "files:\n"
        "    -   path:  '/etc/a'   # the first\n"
        "        # a comment\n"
        "        mode: 0644\n"
        '        contents: {source: "data:,a#b"}\n'
        "    - path: /etc/z\n"
    )
    item = next(iter(root_of(text).at("files").elements()))
    changes = (
        Replacement(item.at("path").content_ref(), "/etc/b"),
        Replacement(item.at("contents", "source").content_ref(), "data:,c"),
    )
    new = made(text, copied_item(item, changes))
    copied = (
        "    -   path:  '/etc/b'\n        mode: 0644\n        contents: {source: \"data:,c\"}\n"
    )
    last = "    - path: /etc/z"
    assert new == text.replace(last, copied + last)


keys = st.text("abcxyz", min_size=1, max_size=3)
scalars = st.sampled_from(["", "1", "x", "true", "a: b", "0-3", "- x", "#", "'", '"', "{{ t }}"])
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(keys, trees, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_nothing_else_changes(tree: dict[str, Any], flow: bool, windows: bool) -> None:
    import yaml

    text = yaml.safe_dump(tree, default_flow_style=flow, width=10_000)
    text = text.replace("\n", "\r\n") if windows else text
    new = with_key(text, ("new", "er"), "v")
    assert new is not None
    assert yaml.safe_load(new) == tree | {"new": {"er": "v"}}
