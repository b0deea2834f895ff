"""Objects that are put together from several texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from linter.sources.fields import Missing, Templated
from linter.sources.overlay import (
    Merge,
    TooLargeError,
    opened,
    overlaid,
    respelled,
    rewritten,
    substituted,
)
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.sources.yaml_tree import Node


def root(text: str, name: str = "base.yaml") -> Node:
    (found,), problem = compose(File(name, text))
    assert problem is None
    return found


@pytest.mark.parametrize(
    ("base", "patch", "template", "strategic"),
    [
        ("a: 1", "b: 2", {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ("a: {b: 1, c: 2}", "a: {b: 3}", {"a": {"b": 3, "c": 2}}, {"a": {"b": 3, "c": 2}}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}, {"a": [3]}),
        ("a: 1", "a: {b: 2}", {"a": {"b": 2}}, {"a": {"b": 2}}),
        ("a: {b: 1}", "a: null", {"a": None}, {}),
        ("a: {b: 1}", "a: {c: 2, $patch: replace}",
         {"a": {"b": 1, "c": 2, "$patch": "replace"}}, {"a": {"c": 2}}),
        ("a: {b: 1}\nd: 4", "a: {$patch: delete}",
         {"a": {"b": 1, "$patch": "delete"}, "d": 4}, {"d": 4}),
        ("a: &x {b: 1}\nd: {<<: *x, c: 2}", "d: {b: 3}",
         {"a": {"b": 1}, "d": {"c": 2, "b": 3}}, {"a": {"b": 1}, "d": {"c": 2, "b": 3}}),
    ],
)  # fmt: skip
def test_merging(base: str, patch: str, template: Any, strategic: Any) -> None:
    assert overlaid(root(base), root(patch), Merge.TEMPLATE).plain() == template
    assert overlaid(root(base), root(patch), Merge.STRATEGIC).plain() == strategic


def test_each_value_and_key_stands_where_it_was_written() -> None:
    base, patch = root("spec:\n  a: base\n  b: kept\n"), root("\n\nspec: {a: 'patched'}", "p.yaml")
    spec = overlaid(base, patch, Merge.TEMPLATE).at("spec")
    a, b = spec.at("a").text(), spec.at("b").text()
    assert (a.ref.file.name, a.ref.text) == ("p.yaml", "patched")
    assert (b.ref.file.name, b.ref.text) == ("base.yaml", "kept")
    assert (spec.key_ref("a").file.name, spec.key_ref("b").file.name) == ("p.yaml", "base.yaml")
    assert spec.at("nothing").text().ref.file.name == "p.yaml"


def test_placeholders_are_filled_in_or_dropped() -> None:
    text = (
        "a: $given\nb: $left\nc: x-$given\nd:\n  $given/e: $left\nf: [$left]\ng: ${shell}\nh: {}\n"
    )
    filled = substituted(root(text), {"$given": "v"})
    assert filled.plain() == {"a": "v", "c": "x-v", "g": "${shell}", "h": {}}
    assert filled.at("c").text().ref.text == "x-$given"


def test_an_open_object_may_have_more_keys() -> None:
    found = root("a: {b: [{c: 1}]}")
    assert isinstance(found.at("a", "z").text(), Missing)
    assert isinstance(opened(found).at("a", "z").text(), Templated)
    (element,) = opened(found).at("a", "b").elements()
    assert isinstance(element.at("z").text(), Templated)
    assert opened(found).plain() == found.plain()


def test_another_text_stands_where_the_old_one_stood() -> None:
    found = root('a: "old"\nb: 1\n')
    changed = rewritten(found, lambda node: respelled(node, "12", string=node.raw.value != "1"))
    assert changed.plain() == {"a": "12", "b": 12}
    assert changed.at("a").text().ref.in_file().text == "old"


def test_an_object_that_is_too_large_is_refused() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 6)]
    found = root("\n".join(lines))
    with pytest.raises(TooLargeError):
        substituted(found, {})
    with pytest.raises(TooLargeError):
        opened(found)
