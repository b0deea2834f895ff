"""Keys, items and documents that are taken out: the rest reads, and stands, as it did."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from builders import root_of
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.deletion import removed_document, removed_item, removed_key
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.nodes import Node
    from linter.sources.text import Replacement


def made(text: str, wish: Replacement | None) -> str | None:
    edit = wish.edit() if wish is not None else None
    return None if edit is None else text[: edit.start] + edit.new + text[edit.end :]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\nk: 2\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\r\nk: 2\r\nb: 3\r\n", "a: 1\r\nb: 3\r\n"),
        ("a: 1\nk: 2", "a: 1"),
        ("a: 1\r\nk: 2", "a: 1"),
        ("k: 2\na: 1", "a: 1"),
        ("# of a\na: 1  # one\n# of k\nk: 2  # two\n# of b\nb: 3\n",
         "# of a\na: 1  # one\n# of k\n# of b\nb: 3\n"),
        ("a: 1\nk:\n  - x\n  # inside\n  - y: |\n      text\n\n# behind\nb: 3\n",
         "a: 1\n\n# behind\nb: 3\n"),
        ("a: 1\nk:\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\nk: |\n  text\n  more\nb: 3\n", "a: 1\nb: 3\n"),
        ("a: 1\nk: &x 2\nb: 3\n", "a: 1\nb: 3\n"),
        ("k: 2\n", "{}\n"),
        ("k: 2  # two\n", "{}  # two\n"),
        ("{a: 1, k: 2, b: 3}\n", "{a: 1, b: 3}\n"),
        ("{k: 2, b: 3}\n", "{b: 3}\n"),
        ("{a: 1, k: 2}\n", "{a: 1}\n"),
        ("{k: 2}\n", "{}\n"),
        ("{ k: 2, }\n", "{}\n"),
        ("{a: 1, k: [x, {y: z}], }\n", "{a: 1, }\n"),
        ('{\n  "a": 1,\n  "k": 2,\n  "b": 3\n}\n', '{\n  "a": 1,\n  "b": 3\n}\n'),
        ('{\n  "a": 1,\n  "k": 2\n}\n', '{\n  "a": 1\n}\n'),
        ("{\n  a: 1, # one\n  k: 2 # two\n}\n", None),
        ("{\n  a: 1, # one\n  k: 2\n}\n", "{\n  a: 1 # one\n}\n"),
        ("{a: 1, # one\n k: 2}\n", "{a: 1 # one\n}\n"),
        ("{\n  k: 2, # two\n  b: 3\n}\n", "{\n  b: 3\n}\n"),
        ("a: &x 1\nk: *x\n", None),
        ("<<: {k: 1}\nk: 2\n", None),
        ("k: 1\nk: 2\n", None),
        ("? k\n: 2\na: 1\n", None),
        ("a: 1\n", None),
        ("- k\n", None),
    ],
)  # fmt: skip
def test_a_key_goes_with_its_lines(before: str, after: str | None) -> None:
    assert made(before, removed_key(root_of(before), "k")) == after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("- a\n- b\n- c\n", 1, "- a\n- c\n"),
        ("- a\n# of b\n- b # b\n- c\n", 1, "- a\n# of b\n- c\n"),
        ("- a: 1\n  b: 2\n- c\n", 0, "- c\n"),
        ("-\n  a: 1\n- c\n", 0, "- c\n"),
        ("- a\n-\n- c\n", 1, "- a\n- c\n"),
        ("- a\n- b", 1, "- a"),
        ("- # a-b\n  x: 1\n- c\n", 0, "- c\n"),
        ("- - a\n  - b\n- c\n", 0, "- c\n"),
        ("- a\n", 0, "[]\n"),
        ("[a, b, c]\n", 1, "[a, c]\n"),
        ("[a, b, c]\n", 2, "[a, b]\n"),
        ("[a]\n", 0, "[]\n"),
        ("- a\n", 1, None),
        ("a: 1\n", 0, None),
    ],
)
def test_an_item_goes_with_its_lines(before: str, index: int, after: str | None) -> None:
    assert made(before, removed_item(root_of(before), index)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("k:\n  a: 1\nb: 2\n", "k: {}\nb: 2\n"),
        ("k: # what\n  a: 1\nb: 2\n", "k: # what\n  {}\nb: 2\n"),
        ("k:\n  # what:\n  a: 1\nb: 2\n", "k:\n  # what:\n  {}\nb: 2\n"),
        ("k:\n  a: # one\n    c: 1\n", "k: {}\n"),
        ("k: {a: 1}\n", "k: {}\n"),
    ],
)
def test_the_last_key_leaves_an_empty_mapping(before: str, after: str) -> None:
    assert made(before, removed_key(root_of(before).at("k"), "a")) == after


def test_the_first_key_of_an_item_lets_the_next_one_move_up() -> None:
    before = "- k: 1\n  b: 2\n- c\n"
    assert made(before, removed_key(root_of(before).element(0), "k")) == "- b: 2\n- c\n"
    before = "- k: 1\n  # of b\n  b: 2\n"
    assert made(before, removed_key(root_of(before).element(0), "k")) == "-\n  # of b\n  b: 2\n"
    before = "- - a\n  - b\n"
    assert made(before, removed_item(root_of(before).element(0), 0)) == "- - b\n"


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("---\na: 1\n---\nb: 2\n", 0, "---\nb: 2\n"),
        ("---\na: 1\n---\nb: 2\n", 1, "---\na: 1\n"),
        ("a: 1\n---\nb: 2\n---\nc: 3\n", 0, "---\nb: 2\n---\nc: 3\n"),
        ("a: 1\n---\nb: 2\n---\nc: 3\n", 1, "a: 1\n---\nc: 3\n"),
        ("# head\n---\na: 1 # one\n# of b\n---\nb: 2\n", 0, "# head\n# of b\n---\nb: 2\n"),
        ("a: 1\n...\n---\nb: 2\n", 0, "---\nb: 2\n"),
        ("a: 1\r\n---\r\nb: 2\r\n", 1, "a: 1\r\n"),
        ("a: 1\n", 0, ""),
        ("---\n# all of it\na: 1\n", 0, "---\n# all of it\n"),
        ('{"a": 1}', 0, ""),
    ],
)
def test_a_document_goes_with_its_marker(before: str, number: int, after: str) -> None:
    roots, _ = compose(File("f.yaml", before))
    assert made(before, removed_document(roots[number])) == after


# --- any text ------------------------------------------------------------------------------------


class Writer:
    """Writes a model as YAML, in styles and with comments that nobody would mix like that."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.comments = 0
        self.line_break = self.random.choice(["\n", "\r\n"])

    def text(self, model: Any) -> str:
        lines = self._block(model, 0)
        text = self.line_break.join(lines)
        return text + (self.line_break if self.random.random() < 0.8 else "")

    def _comment(self, column: int) -> list[str]:
        if self.random.random() > 0.2:
            return []
        self.comments += 1
        return [f"{' ' * column}# comment {self.comments}"]

    def _tail(self) -> str:
        return "  # tail" if self.random.random() < 0.15 else ""

    def _block(self, model: Any, column: int) -> list[str]:
        lines: list[str] = []
        lead = " " * column
        if isinstance(model, dict):
            for key, value in model.items():
                lines += self._comment(column)
                lines += self._value(f"{lead}{key}:", value, column)
        else:
            for value in model:
                lines += self._comment(column)
                lines += self._entry(lead, value, column)
        return lines

    def _entry(self, lead: str, value: Any, column: int) -> list[str]:
        if isinstance(value, dict | list) and value and self.random.random() < 0.7:
            first, *rest = self._uncommented(value, column + 2)
            return [f"{lead}- {first.lstrip()}", *rest]
        return [f"{lead}- {self._flow(value)}{self._tail()}"]

    def _uncommented(self, value: Any, column: int) -> list[str]:
        lines = self._block(value, column)
        while lines[0].lstrip().startswith("#"):
            lines.pop(0)
        return lines

    def _value(self, lead: str, value: Any, column: int) -> list[str]:
        if isinstance(value, dict | list) and value and self.random.random() < 0.7:
            indent = self.random.choice([0, 2]) if isinstance(value, list) else 2
            return [f"{lead}{self._tail()}", *self._block(value, column + indent)]
        if isinstance(value, str) and self.random.random() < 0.3:
            inner = [f"{' ' * (column + 2)}{line}" for line in value.split("\n")]
            return [f"{lead} |-", *inner]
        return [f"{lead} {self._flow(value)}{self._tail()}"]

    def _flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k}: {self._flow(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._flow(v) for v in value) + "]"
        if isinstance(value, str):
            return '"' + value.replace("\n", "\\n") + '"'
        return {None: "null", True: "true", False: "false"}.get(value, str(value))


words = st.text(alphabet="abc", min_size=1, max_size=3)
values = st.recursive(
    st.one_of(st.integers(2, 9), st.booleans(), st.none(), words, st.just("two\nlines")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=12,
)
models = st.dictionaries(words, values, min_size=1, max_size=4)


def collections(node: Node, model: Any) -> Iterator[tuple[Node, Any]]:
    """Yield each collection with the part of the model that it is."""
    if isinstance(model, dict) and model:
        yield node, model
        for key, value in model.items():
            yield from collections(node.at(key), value)
    elif isinstance(model, list) and model:
        yield node, model
        for index, value in enumerate(model):
            yield from collections(node.element(index), value)


@given(model=models, seed=st.integers(0, 10_000))
def test_a_deletion_takes_out_one_thing_and_touches_nothing_else(model: Any, seed: int) -> None:
    writer = Writer(seed)
    text = writer.text(model)
    assert yaml.safe_load(text) == model
    for node, part in list(collections(root_of(text), model)):
        key = writer.random.choice(list(part) if isinstance(part, dict) else range(len(part)))
        gone = part[key]
        wish = removed_key(node, key) if isinstance(part, dict) else removed_item(node, key)
        assert wish is not None, text
        after = made(text, wish)
        assert after is not None
        value = node.at(key) if isinstance(part, dict) else node.element(key)
        _check_comments(text, after, (wish.ref.start, value.ref.end))
        saved = part.copy()
        del part[key]
        assert yaml.safe_load(after) == model, (text, after)
        part.clear()
        part.update(saved) if isinstance(part, dict) else part.extend(saved)
        assert gone is part[key] or gone == part[key]


def _check_comments(before: str, after: str, value: tuple[int, int]) -> None:
    """Hold that every comment on a line of its own is kept unless it stands within the value."""
    kept = [line.strip() for line in after.splitlines() if line.strip().startswith("# ")]
    at = 0
    for line in before.splitlines(keepends=True):
        if line.strip().startswith("# ") and not value[0] <= at < value[1]:
            assert line.strip() in kept, (before, after)
        at += len(line)
