"""The leaves of a YAML text: every scalar, and where each collection begins, with their depth.

Two texts of which one came from the other by a repair are compared leaf by leaf, so that what a
repair does to the structure of a file is noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from linter.fix.outcome import RefusedError
from linter.records import dataclass
from linter.sources.yaml_tree import Node, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import Source


class Leaf(NamedTuple):
    """A scalar, or the beginning of a collection, whose value is then its kind.

    ``path`` is a number that stands for the kinds of the collections around it: with it, the
    sequence of leaves says all that the tree says. ``start`` and ``end`` are the offsets of its
    characters, quotes included, and without an anchor or a tag; a collection in block style ends
    with its last scalar.
    """

    path: int
    value: str
    style: str
    tag: str
    start: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True)
class Tree:
    """The leaves of a text, in order, and the outermost spans of what aliases name, sorted."""

    leaves: tuple[Leaf, ...]
    shared: tuple[tuple[int, int], ...]


class Paths:
    """Gives paths numbers; two trees that are compared share one of these."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}

    def below(self, path: int, step: str) -> int:
        """Return the number of a path that goes one step further."""
        return self._numbers.setdefault((path, step), len(self._numbers) + 1)


def read_tree(source: Source, paths: Paths) -> Tree:
    """Read all documents of a text.

    Raises:
        RefusedError: It cannot be read to its end.

    """
    roots, problem = compose(source)
    if problem is not None:
        raise RefusedError("the file cannot be read to its end")
    leaves: list[Leaf] = []
    uses: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for root in roots:
        for path, raw, style in _walk(root.raw, paths, paths.below(0, "document"), uses):
            node = Node(source, raw)
            value = str(raw.value) if raw.id == "scalar" else raw.id
            start, end = node.ref.start, _end(source, raw)
            leaves.append(Leaf(path, value, style, raw.tag or "", start, end, node))
    if any(count > 1 for count in uses.values()):
        for root in roots:
            spans.update(_shared(root, uses))
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(set(spans.values()), key=lambda span: (span[0], -span[1])):
        if not outermost or end > outermost[-1][1]:
            outermost.append((start, end))
    return Tree(tuple(leaves), tuple(outermost))


def _end(source: Source, raw: Any) -> int:
    """Return where a value ends, without the comments that the parser counts to a block."""
    inner = raw
    while inner.id != "scalar" and not inner.flow_style and inner.value:
        inner = inner.value[-1][1] if inner.id == "mapping" else inner.value[-1]
        if inner.start_mark.index < raw.start_mark.index:  # an alias of something before it
            inner = raw
            break
    return Node(source, inner).ref.end


def _walk(
    root: Any, paths: Paths, top: int, uses: dict[int, int]
) -> Iterator[tuple[int, Any, str]]:
    """Yield each node once, in the order of the text, and count how often it is used."""
    stack = [(root, top)]
    while stack:
        raw, path = stack.pop()
        uses[id(raw)] = uses.get(id(raw), 0) + 1
        if uses[id(raw)] > 1:
            continue
        style = raw.style if raw.id == "scalar" else "flow" if raw.flow_style else "block"
        yield path, raw, style or ""
        if raw.id == "sequence":
            inside = paths.below(path, "[]")
            stack.extend((element, inside) for element in reversed(raw.value))
        elif raw.id == "mapping":
            key_path, value_path = paths.below(path, "{}"), paths.below(path, ":")
            for key, value in reversed(raw.value):
                stack += ((value, value_path), (key, key_path))


def _shared(root: Node, uses: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Return the spans of the nodes of a document that are used more than once."""
    spans: dict[int, tuple[int, int]] = {}
    stack, seen = [root.raw], set()
    while stack:
        raw = stack.pop()
        if id(raw) in seen:
            continue
        seen.add(id(raw))
        if uses.get(id(raw), 0) > 1:
            place = Node(root.source, raw).ref
            spans[id(raw)] = (place.start, place.end)
        if raw.id == "sequence":
            stack.extend(raw.value)
        elif raw.id == "mapping":
            stack.extend(part for pair in raw.value for part in pair)
    return spans
