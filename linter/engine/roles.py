"""The key under which something stands in its object, such as ``spec.cpu.reserved``.

Elements of a list are called by what names them (``name``, ``path``, ``key``), never by their
number, so that the order in which they are written does not matter.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.sources.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import Ref, Source

_NAMES = ("name", "path", "key", "kind", "fileName")
_DEEPEST = 40

_Child = tuple[int, int, str, Node]
"""Where a value begins, its key included, and ends; what it is called; the value."""


class Roles:
    """Finds keys; what was found of a mapping or list is kept for the next place in it."""

    def __init__(self) -> None:
        self._children: dict[tuple[int, Source], list[_Child]] = {}

    def at(self, root: Node, ref: Ref, outer: Ref) -> str:
        """Return the keys from an object down to a place, joined by dots.

        It ends where the place is no longer within one value of the object's own text.

        Args:
            root: The object.
            ref: The place.
            outer: The same place as characters of the file.

        """
        place = outer if outer.source is root.source else ref
        while place.source is not root.source:
            parent = place.outward()
            if parent is place:
                return ""
            place = parent
        keys: list[str] = []
        node: Node | None = root
        while node is not None and len(keys) < _DEEPEST:
            child = self._around(node, place)
            if child is not None:
                keys.append(child[2])
            node = child[3] if child is not None else None
        return ".".join(keys)

    def _around(self, node: Node, place: Ref) -> _Child | None:
        """Return the value of a mapping or list in which a place lies."""
        if not (node.is_mapping or node.is_sequence):
            return None
        kept = (id(node.raw), place.source)
        if kept not in self._children:
            found = _children(node, place.source)
            self._children[kept] = sorted(found, key=lambda child: child[:3])
        listed = self._children[kept]
        index = bisect_right(listed, place.start, key=lambda child: child[0]) - 1
        return listed[index] if index >= 0 and place.start <= listed[index][1] else None


def _children(node: Node, source: Source) -> Iterator[_Child]:
    """Yield what stands in a mapping or list and in a text."""
    for key, value in node.pairs():
        if key.source is source and value.source is source:
            begin = key.ref.start
            yield begin, max(value.ref.end, begin), str(key.raw.value), value
    for element in node.elements():
        if element.source is source:
            names = (element.at(name) for name in _NAMES)
            name = next((n.raw.value for n in names if n.exists and n.is_scalar), "")
            yield element.ref.start, element.ref.end, f"[{name}]", element
