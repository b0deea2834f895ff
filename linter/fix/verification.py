"""Verification: an edited file says what was wished, and all else what it said before.

A value may break its surroundings: a comma divides a plain scalar in a flow list. The text is
parsed again after every edit and compared with the one before; where a scalar does not read as
wished it is quoted, and if that does not help nothing is changed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from linter.fix.composing import NOT_SPELLABLE, Splice, spliced
from linter.fix.leaves import read_tree
from linter.fix.outcome import RefusedError
from linter.records import dataclass
from linter.sources.text import Source
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.fix.composing import Composed
    from linter.fix.leaves import Leaf, Paths, Tree
    from linter.fix.sheet import Sheet

_MOST_TRIED_ALONE = 40
"""How many scalars of one file are tried one by one before all of them are quoted."""


class Wish(NamedTuple):
    """What a leaf is to read: its value, and whether that must be a string."""

    leaf: int
    value: str
    string: bool
    splices: tuple[Splice, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a set of edits is to do to a tree: leaves that change, and leaves that may go."""

    tree: Tree
    wishes: dict[int, Wish]
    structural: tuple[Splice, ...]


def verified(sheet: Sheet, composed: Composed) -> tuple[str, tuple[Splice, ...]]:
    """Return the edited text, and the edits as they were made in the end.

    Raises:
        RefusedError: However it is written, it does not say what was wished and nothing else.

    """
    text, paths = sheet.file.text, sheet.paths
    intent = _intent(sheet.tree, text, composed)
    if _holds(text, composed.splices, intent, paths):
        return spliced(text, composed.splices), composed.splices
    wishes = list(intent.wishes.values())
    if 1 < len(wishes) <= _MOST_TRIED_ALONE:
        wishes = [wish for wish in wishes if not _holds_alone(text, wish, intent, paths)]
    requoted = {wish.leaf: _quoted(intent.tree.leaves[wish.leaf], wish) for wish in wishes}
    kept = [s for wish in intent.wishes.values() if wish.leaf not in requoted for s in wish.splices]
    splices = tuple(sorted([*kept, *requoted.values(), *intent.structural]))
    if not requoted or not _holds(text, splices, intent, paths):
        raise RefusedError(NOT_SPELLABLE)
    return spliced(text, splices), splices


def _holds_alone(text: str, wish: Wish, intent: Intent, paths: Paths) -> bool:
    return _holds(text, wish.splices, Intent(intent.tree, {wish.leaf: wish}, ()), paths)


def _holds(text: str, splices: Sequence[Splice], intent: Intent, paths: Paths) -> bool:
    """Say whether edits do to a text what is intended, and nothing else."""
    new = spliced(text, splices)
    try:
        after = read_tree(Source(new), paths).leaves
    except RefusedError:
        return False
    gone = [s for s in intent.structural if s.start < s.end]
    if intent.structural:
        moved = _moved(splices, gone)
        added = _moved(splices, [s for s in intent.structural if s.start == s.end])
        after = tuple(
            leaf for leaf in after if not _is_in(leaf, moved) and not _begins_in(leaf, added)
        )
    before = [
        (leaf, intent.wishes.get(index))
        for index, leaf in enumerate(intent.tree.leaves)
        if index in intent.wishes or not _is_in(leaf, gone)
    ]
    return len(before) == len(after) and all(
        _granted(wish, now) if wish is not None else then[:4] == now[:4]
        for (then, wish), now in zip(before, after, strict=True)
    )


def _granted(wish: Wish, leaf: Leaf) -> bool:
    if not leaf.node.is_scalar:
        return False
    read = leaf.node.scalar()
    if wish.string:
        return isinstance(read, str) and read == wish.value
    return not isinstance(read, str) and leaf.value == wish.value


def _moved(splices: Sequence[Splice], some: Sequence[Splice]) -> tuple[Splice, ...]:
    """Return some of the edits with the offsets that they have once all are made."""
    shift = 0
    moved: list[Splice] = []
    chosen = set(some)
    for splice in splices:
        if splice in chosen:
            start = splice.start + shift
            moved.append(Splice(start, start + len(splice.new), splice.new))
        shift += len(splice.new) - (splice.end - splice.start)
    return tuple(moved)


def _begins_in(leaf: Leaf, added: Sequence[Splice]) -> bool:
    """Say whether a leaf stands in text that was put between others, by sorted edits."""
    at = bisect_right(added, leaf.start, key=lambda splice: splice.start) - 1
    return at >= 0 and leaf.start < added[at].end


def _is_in(leaf: Leaf, splices: Sequence[Splice]) -> bool:
    """Say whether sorted, disjoint edits rewrite a leaf: a scalar in part, a collection wholly.

    An empty scalar at the end of an edit may be one that it took away, or the one beside it.
    """
    at = bisect_right(splices, leaf.end, key=lambda splice: splice.start) - 1
    if not leaf.node.is_scalar:
        at = bisect_right(splices, leaf.start, key=lambda splice: splice.start) - 1
        return at >= 0 and leaf.end <= splices[at].end and leaf.start < splices[at].end
    while at >= 0:
        splice = splices[at]
        if splice.end < leaf.start:
            return False
        if leaf.start == leaf.end or splice.start == splice.end:
            if leaf.start == leaf.end and splice.start <= leaf.start <= splice.end:
                return True
        elif splice.start < leaf.end and leaf.start < splice.end:
            return True
        at -= 1
    return False


def _intent(tree: Tree, text: str, composed: Composed) -> Intent:
    """Find out what each leaf is to read once some edits are made."""
    starts = [leaf.start for leaf in tree.leaves]
    inside: dict[int, list[Splice]] = {}
    structural: list[Splice] = []
    for splice in composed.splices:
        index = bisect_right(starts, splice.start) - 1
        if index >= 0 and _within(splice, tree.leaves[index], composed):
            inside.setdefault(index, []).append(splice)
        else:
            structural.append(splice)
    wishes: dict[int, Wish] = {}
    for index, splices in inside.items():
        wanted = _wanted(tree.leaves[index], text, splices, composed)
        if wanted is None:
            raise RefusedError(NOT_SPELLABLE)
        wishes[index] = Wish(index, *wanted, tuple(splices))
    return Intent(tree, wishes, tuple(structural))


def _within(splice: Splice, leaf: Leaf, composed: Composed) -> bool:
    """Say whether an edit changes a scalar's value; text put beside a scalar does not."""
    if not leaf.node.is_scalar or not leaf.start <= splice.start <= splice.end <= leaf.end:
        return False
    if splice.start < splice.end or leaf.start < splice.start < leaf.end:
        return True
    reading = composed.reading(leaf.start, leaf.end)
    return reading is not None and reading.old == leaf.value


def _wanted(
    leaf: Leaf, text: str, splices: Sequence[Splice], composed: Composed
) -> tuple[str, bool] | None:
    """Return what a scalar is to read, and whether as a string; None where that is not known."""
    was_string = isinstance(leaf.node.scalar(), str)
    reading = composed.reading(leaf.start, leaf.end)
    if reading is not None and reading.old == leaf.value:
        return reading.new, was_string
    first = splices[0]
    if len(splices) == 1 and (first.start, first.end) == (leaf.start, leaf.end):
        value, string = _read_alone(first.new)
        return value, string or (was_string and not leaf.style)
    content = leaf.node.content_ref()
    begin, end = content.start, content.end
    if leaf.style not in {"|", ">"} and text[begin:end] == leaf.value:
        if splices[0].start < begin or splices[-1].end > end:
            return None
        moved = [Splice(s.start - begin, s.end - begin, s.new) for s in splices]
        return spliced(leaf.value, moved), was_string
    if len(splices) == 1 and (first.start, first.end) == (begin, end):
        return first.new + leaf.value[len(leaf.value.rstrip("\r\n")) :], True
    return None


def _read_alone(text: str) -> tuple[str, bool]:
    """Return what a text reads as where nothing stands around it, and whether as a string."""
    roots, problem = compose(Source(text))
    if problem is None and len(roots) == 1 and roots[0].is_scalar:
        place = roots[0].ref
        if (place.start, place.end) == (0, len(text)):
            return str(roots[0].raw.value), isinstance(roots[0].scalar(), str)
    return text, True


def _quoted(leaf: Leaf, wish: Wish) -> Splice:
    """Return the edit that writes a scalar anew, in its own quotes or in double ones."""
    if leaf.style in {"|", ">"} or not wish.string:
        raise RefusedError(NOT_SPELLABLE)
    if leaf.style == "'" and wish.value.isprintable():
        return Splice(leaf.start, leaf.end, "'" + wish.value.replace("'", "''") + "'")
    return Splice(leaf.start, leaf.end, json.dumps(wish.value, ensure_ascii=False))
