"""Layers: the texts that replacements stand in, and which of their characters are spoken for.

A fact may read the same scalar through two :class:`~linter.sources.text.Embedded` objects. Here
they are one layer: the same characters of the same parent, read as the same text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from linter.records import dataclass, field
from linter.sources.text import Embedded, File

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.sources.text import Replacement, Source


class Layer:
    """A text, compared by identity. ``begin`` to ``end`` is where it stands in the parent's."""

    __slots__ = ("begin", "end", "parent", "source")

    def __init__(self, source: Source, parent: Layer | None, begin: int, end: int) -> None:
        self.source = source
        self.parent = parent
        self.begin = begin
        self.end = end

    @property
    def file(self) -> File:
        """The file that it stands in."""
        layer = self
        while layer.parent is not None:
            layer = layer.parent
        if not isinstance(layer.source, File):
            raise TypeError("an embedded text without a file")  # pragma: no cover - by construction
        return layer.source


class Layers:
    """All layers of one pass. Files are told apart by their path."""

    def __init__(self) -> None:
        self._known: dict[int, Layer] = {}
        self._alike: dict[tuple[object, ...], Layer] = {}
        self._sources: list[Source] = []  # kept alive, so that no number is given twice

    def of(self, source: Source) -> Layer:
        """Return the layer of a source; the source is kept alive."""
        chain = [source]
        while id(chain[-1]) not in self._known and isinstance(chain[-1], Embedded):
            chain.append(chain[-1].parent)
        parent: Layer | None = None
        for current in reversed(chain):
            parent = self._known.get(id(current)) or self._add(current, parent)
        if parent is None:  # pragma: no cover - the chain holds the source
            raise TypeError("no source")
        return parent

    def _add(self, source: Source, parent: Layer | None) -> Layer:
        begin, end = 0, len(source.text)
        key: tuple[object, ...] = (source.path,) if isinstance(source, File) else ()
        if isinstance(source, Embedded):
            begin, end = source.mapping.to_parent(0, len(source.text))
            key = (id(parent), begin, end, source.text)
        layer = self._alike.setdefault(key, Layer(source, parent, begin, end))
        self._known[id(source)] = layer
        self._sources.append(source)
        return layer


@dataclass(slots=True)
class _Spans:
    """Disjoint spans of one layer, each with what it is claimed for, sorted."""

    starts: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, object]] = field(default_factory=list)

    def clashes(self, start: int, end: int, purpose: object) -> bool:
        """Say whether a span meets one that is claimed for something else."""
        at = max(0, bisect_left(self.starts, start) - 2)
        while at < len(self.spans) and self.starts[at] <= end:
            span = self.spans[at]
            if span != (start, end, purpose) and _meet(span[0], span[1], start, end):
                return True
            at += 1
        return False

    def add(self, start: int, end: int, purpose: object) -> None:
        at = bisect_left(self.starts, start)
        if (start, end, purpose) not in self.spans[at : at + 2]:
            self.starts.insert(at, start)
            self.spans.insert(at, (start, end, purpose))


def _meet(a: int, b: int, c: int, d: int) -> bool:
    """Say whether two spans share characters; an empty one also meets what it touches."""
    return a <= d and c <= b if a == b or c == d else a < d and c < b


class Claims:
    """The characters that accepted fixes rewrite, layer by layer."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._spans: dict[Layer, _Spans] = {}

    def take(self, replacements: Iterable[Replacement]) -> bool:
        """Claim what some replacements rewrite, all of it or nothing.

        What is claimed already for the very same text is no obstacle.
        """
        wanted: list[tuple[Layer, int, int, object]] = []
        for replacement in replacements:
            ref = replacement.ref
            layer: Layer | None = self._layers.of(ref.source)
            start, end = ref.start, ref.end
            purpose: object = replacement.new
            while layer is not None:
                wanted.append((layer, start, end, purpose))
                start, end, purpose, layer = layer.begin, layer.end, layer, layer.parent
        own: dict[Layer, _Spans] = {}
        for place, start, end, purpose in wanted:
            taken = self._spans.get(place)
            mine = own.setdefault(place, _Spans())
            if (taken and taken.clashes(start, end, purpose)) or mine.clashes(start, end, purpose):
                return False
            mine.add(start, end, purpose)
        for place, start, end, purpose in wanted:
            self._spans.setdefault(place, _Spans()).add(start, end, purpose)
        return True
