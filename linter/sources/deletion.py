"""Deletions: keys, list items and documents that are taken out of YAML or JSON.

A deletion is one replacement, mostly by nothing. What stands on lines of its own goes with its
lines, the comment behind it included; comments above and below it stay, since whose they are is not
known. In braces the comma goes that would be left over. The last key of a mapping leaves ``{}``,
the last item of a list ``[]``. The answer is None where the rest would not be what it was: where
an alias or a merge is involved, a key stands twice, or something else stands on the same line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.regexes import regex
from linter.sources.nodes import Graft, Node
from linter.sources.text import Ref, Replacement

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from linter.sources.text import Source

_BEHIND = regex(r"[ \t]*(?:[ \t]#[^\r\n]*)?(?=\r?\n|\Z)")
_COMMA = regex(r"\s*,")
_BLANKS = regex(r"[ \t]*")
_MARKER = regex(r"(?m)^---(?=\s|\Z)[ \t]*(?:#[^\r\n]*)?")
_END_MARKER = regex(r"(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*\.\.\.[ \t]*(?=\r?\n|\Z)")
_DASH = regex(r"-(?:[ \t]*|[ \t]*(?:#[^\r\n]*)?\r?\n[ \t]*)")


def removed_key(mapping: Node, key: str) -> Replacement | None:
    """Return the wish that a mapping have no such key."""
    if not _is_own(mapping) or mapping.raw.id != "mapping":
        return None
    keys = [one.value for one, _ in mapping.raw.value]
    if keys.count(key) != 1 or "<<" in keys:
        return None
    pairs = mapping.raw.value

    def part(number: int) -> _Part:
        one, value = pairs[number]
        return _Part(one.start_mark.index, _end(mapping.source, one, value))

    return _removed(mapping, part, keys.index(key))


def removed_item(sequence: Node, index: int) -> Replacement | None:
    """Return the wish that a list be without one of its items."""
    if not _is_own(sequence) or sequence.raw.id != "sequence":
        return None
    if not 0 <= index < len(sequence.raw.value):
        return None
    source = sequence.source

    def part(number: int) -> _Part:
        raw = sequence.raw.value[number]
        start = raw.start_mark.index
        if not sequence.raw.flow_style:
            dash = _dash(source.text, sequence.raw.start_mark.index, start)
            if dash is None:
                return _Part(start, None)
            start = dash
        return _Part(start, _end(source, None, raw))

    return _removed(sequence, part, index)


def removed_document(root: Node) -> Replacement | None:
    """Return the wish that a text be without one of its documents.

    Its marker goes with it, and comments above and below it stay; a text that has no document left
    holds nothing that anybody reads.
    """
    if not _is_own(root):
        return None
    source, text = root.source, root.source.text
    start, end = root.raw.start_mark.index, _end(source, None, root.raw)
    behind = _BEHIND.match(text, end) if end is not None else None
    if end is None or behind is None:
        return None
    marker = _marker_before(text, start)
    before = marker.end() if marker is not None else start
    if marker is not None and not _is_white(text[before:start]):
        marker = None  # it belongs to a document before this one, or a comment stands between
    begin = marker.start() if marker is not None else _line_start(text, start)
    if text[begin:start].strip() not in {"", "---"}:
        return None
    ended = _END_MARKER.match(text, behind.end())
    stop = ended.end() if ended is not None else behind.end()
    return Replacement(Ref(source, *_with_break(text, begin, stop)), "")


def holds_nothing(text: str) -> bool:
    """Say whether a text has no document: nothing but comments and document markers."""
    if text.lstrip(" \t\r\n")[:1] not in {"", "#", "-", "."}:
        return False
    return all(line.partition("#")[0].strip() in {"", "---", "..."} for line in text.splitlines())


# --- what goes -----------------------------------------------------------------------------------


class _Part:
    """A pair or an item: where it begins, its dash included, and where its last value ends.

    There is no end where it cannot be told.
    """

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int | None) -> None:
        self.start = start
        self.end = end


def _removed(node: Node, part_at: Callable[[int], _Part], at: int) -> Replacement | None:
    source, part = node.source, part_at(at)
    if part.end is None:
        return None
    if node.raw.flow_style:
        return _out_of_brackets(node, part_at, at)
    text = source.text
    behind = _BEHIND.match(text, part.end)
    if behind is None:
        return None
    if len(node.raw.value) == 1:
        return _emptied(node, part.start, part.end)
    begin = _line_start(text, part.start)
    if not text[begin : part.start].strip():
        return Replacement(Ref(source, *_with_break(text, begin, behind.end())), "")
    if at > 0 or _dash(text, begin, part.start) is None:
        return None
    following = part_at(1).start  # the first one stands behind a dash: the next one moves up to it
    if _is_white(text[behind.end() : following]) and not behind.group().strip():
        return Replacement(Ref(source, part.start, following), "")
    return Replacement(Ref(source, len(text[: part.start].rstrip(" \t")), behind.end()), "")


def _emptied(node: Node, start: int, end: int) -> Replacement:
    """Return the wish that a collection in block style be empty."""
    text, empty = node.source.text, "{}" if node.raw.id == "mapping" else "[]"
    before = len(text[:start].rstrip())
    commented = "#" in text[_line_start(text, before) : before]
    if before and text[before - 1] == ":" and not commented:
        return Replacement(Ref(node.source, before, end), f" {empty}")
    if empty == "[]" and before and not text[_line_start(text, start) : start].strip():
        empty = f"  {empty}"  # its dashes may stand in the column of its key, it may not
    return Replacement(Ref(node.source, start, end), empty)


def _out_of_brackets(node: Node, part_at: Callable[[int], _Part], at: int) -> Replacement | None:
    """Take a part out of a collection in brackets, and the comma that would be left over."""
    source, text, part = node.source, node.source.text, part_at(at)
    start, end = part.start, part.end or part.start
    opening, close = node.ref.start, node.ref.end - 1
    if text[opening] not in "{[":
        return None
    comma = _COMMA.match(text, end, close)
    if len(node.raw.value) == 1:
        inside = text[opening + 1 : start] + text[comma.end() if comma else end : close]
        if inside.strip():
            return None  # a comment would stand between the brackets alone
        return Replacement(Ref(source, opening, close + 1), text[opening] + text[close])
    if comma is not None:
        line = _line_start(text, start)
        behind = _BEHIND.match(text, comma.end())
        if line > opening and not text[line:start].strip() and behind is not None:
            return Replacement(Ref(source, *_with_break(text, line, behind.end())), "")
        blanks = _BLANKS.match(text, comma.end())
        return Replacement(Ref(source, start, blanks.end() if blanks else comma.end()), "")
    if at == 0 or text[end:close].strip():
        return None  # a comment stands before the comma
    earlier = part_at(at - 1).end
    comma = _COMMA.match(text, earlier, start) if earlier is not None else None
    if comma is None:
        return None
    between = text[comma.end() : start]
    kept = between.rstrip(" \t") if between.strip() else ""
    if kept and text[end : end + 2].lstrip("\r")[:1] == "\n":
        kept = kept.rstrip("\r\n")
    return Replacement(Ref(source, comma.end() - 1, end), kept)


# --- places --------------------------------------------------------------------------------------


def _is_own(node: Node) -> bool:
    """Say whether a value stands in one piece of text, and no template decides it."""
    return node.raw is not None and type(node.raw) is not Graft and not node.is_template


def _end(source: Source, key: Any, raw: Any) -> int | None:
    """Return where the last scalar of a value ends; None where an alias stands there."""
    before = key
    while True:
        if before is not None and raw.start_mark.index < before.start_mark.index:
            return None
        if raw.id == "scalar" or raw.flow_style or not raw.value:
            break
        before = raw
        if raw.id == "mapping":
            before, raw = raw.value[-1]
        else:
            raw = raw.value[-1]
    return Node(source, raw).ref.end


def _dash(text: str, begin: int, start: int) -> int | None:
    """Return where the dash of an item stands, of which the value begins at ``start``."""
    dash = text.rfind("-", begin, start)
    while dash >= 0 and not _DASH.fullmatch(text, dash, start):  # one in a comment
        dash = text.rfind("-", begin, dash)
    return dash if dash >= 0 else None


def _marker_before(text: str, start: int) -> re.Match[str] | None:
    """Return the last document marker before an offset."""
    at = start
    while at > 0:
        line = text.rfind("\n---", 0, at) + 1
        found = _MARKER.match(text, line, start)
        if found is not None or line == 0:
            return found
        at = line - 1
    return None


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _with_break(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return a span of whole lines with the line break behind it, or at the end the one before."""
    if text.startswith("\r\n", end):
        return begin, end + 2
    if text.startswith("\n", end):
        return begin, end + 1
    if text.startswith("\n", begin - 1) and begin:
        begin -= 2 if text.startswith("\r", begin - 2) and begin > 1 else 1
    return begin, end


def _is_white(text: str) -> bool:
    return not text.strip()
