"""Composition: the replacements of one file, some of them deep in payloads, as edits of its text.

Several replacements may stand in one payload: two lists in one drop-in that is base64 in one
scalar. They are applied to the decoded text together, innermost text first, and it is encoded once.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from linter.fix.outcome import RefusedError
from linter.records import dataclass
from linter.sources.spelling import Spelled
from linter.sources.text import Embedded, Slice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.fix.layers import Layer, Layers
    from linter.sources.text import Replacement

_LOCAL = (Slice, Spelled)
"""Mappings under which every change of the text is a change of its own in the parent."""

NOT_SPELLABLE = "the text cannot be changed in the way that it is written here"


class Splice(NamedTuple):
    """The characters of a span become another text."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that stands directly in a file, such as a scalar's value: its place, before, after."""

    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Composed:
    """The edits of one file's text, and what the texts in it read before and after; both sorted."""

    splices: tuple[Splice, ...]
    readings: tuple[Reading, ...]

    def reading(self, start: int, end: int) -> Reading | None:
        """Return the text that begins within a span; a block's ends behind its last line break."""
        at = bisect_left(self.readings, start, key=lambda reading: reading.start)
        found = self.readings[at] if at < len(self.readings) else None
        return found if found is not None and found.start <= end else None


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with sorted, disjoint edits made."""
    parts: list[str] = []
    at = 0
    for start, end, new in splices:
        parts += (text[at:start], new)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def compose_edits(replacements: Iterable[Replacement], layers: Layers) -> Composed:
    """Lift replacements, all of one file, out to edits of the file's text.

    Raises:
        RefusedError: One of them cannot be made in the present spelling, or two overlap.

    """
    direct: dict[Layer, set[Splice]] = {}
    children: dict[Layer, dict[Layer, None]] = {}
    root: Layer | None = None
    for replacement in replacements:
        layer = layers.of(replacement.ref.source)
        wish = Splice(replacement.ref.start, replacement.ref.end, replacement.new)
        direct.setdefault(layer, set()).add(wish)
        while layer.parent is not None:
            children.setdefault(layer.parent, {})[layer] = None
            layer = layer.parent
        root = layer
    if root is None:
        return Composed((), ())
    readings: list[Reading] = []

    def lifted(layer: Layer) -> list[Splice]:
        """Return all edits of a layer's text. Layers nest no deeper than their readers let them."""
        splices = set(direct.get(layer, ()))
        for child in children.get(layer, {}):
            inner = lifted(child)
            splices.update(_outward(child, inner))
            if layer is root:
                old = child.source.text
                readings.append(Reading(child.begin, child.end, old, spliced(old, inner)))
        return _disjoint(splices)

    splices = lifted(root)
    ordered = sorted(readings, key=lambda reading: (reading.start, reading.end))
    return Composed(tuple(splices), tuple(ordered))


def _disjoint(splices: Iterable[Splice]) -> list[Splice]:
    ordered = sorted(splices)
    for one, other in pairwise(ordered):
        if other.start < one.end or (one.start, one.end) == (other.start, other.end):
            raise RefusedError("two repairs would rewrite the same characters")
    return ordered


def _outward(layer: Layer, splices: Sequence[Splice]) -> list[Splice]:
    """Return the edits of the parent's text that make the edits of a layer's."""
    source = layer.source
    if not isinstance(source, Embedded):
        raise TypeError("a file stands in nothing")  # pragma: no cover - by construction
    if not isinstance(source.mapping, _LOCAL) and len(splices) > 1:
        start, end = splices[0].start, splices[-1].end
        moved = [Splice(s.start - start, s.end - start, s.new) for s in splices]
        splices = [Splice(start, end, spliced(source.text[start:end], moved))]
    outer: list[Splice] = []
    for splice in splices:
        rewritten = source.mapping.rewrite(*splice)
        if rewritten is None:
            raise RefusedError(NOT_SPELLABLE)
        outer.append(Splice(*rewritten))
    return outer
