"""Insertions: keys and list items that are added to YAML or JSON in the style that stands there.

What is added goes behind the last of its siblings: on a line of its own at their column, or behind
a comma where they stand in braces. So an insertion is a replacement of no characters, and no other
character of the text changes. There is none, and the answer is None, where the siblings do not
stand in one piece of text, or where a null would have to become an object. Lists are indented as
the nearest one of the text is.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from linter.regexes import regex
from linter.sources.nodes import Graft, Node
from linter.sources.scalars import resolve
from linter.sources.text import Ref, Replacement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.sources.text import Source

Added: TypeAlias = "str | bool | int | float | Sequence[Any] | Mapping[str, Any]"
"""What a new key may hold: a scalar, or a list or a mapping of what a new key may hold."""

_PLAIN = regex(r"[A-Za-z0-9_./][A-Za-z0-9_./-]*\Z")
_LISTED = regex(r"[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)+\Z")
"""A list of CPUs, whose commas mean something in brackets only."""

_REST = regex(r"[ \t]*(?:,?[ \t]*#[^\r\n]*|)(?=\r?\n|\Z)")
_COMMENT = regex(r"(?:\r?\n[ \t]*|[ \t]+)#[^\r\n]*")
_NEAR = 50_000
"""How far away, in characters, a list may be whose style is taken over."""

_FIRST = ("apiVersion", "kind")
_LIST = regex(r"(?m)^( *(?:- +)*)[^\s#-][^\r\n]*?:[ \t]*(?:#[^\r\n]*)?\r?\n( *)- ")
"""A key above the first item of a list."""


def added_key(
    node: Node, path: Sequence[str], value: Added, *, ordered: bool = False, dashes: int = 0
) -> Replacement | None:
    """Return the wish that a mapping hold a value at a path of keys of which the last is absent.

    Where it is ``ordered``, and its siblings are sorted by name, the new key takes its place among
    them. ``dashes`` says how far lists are indented where the text has none.
    """
    missing = list(path)
    while len(missing) > 1 and node.is_mapping and node.at(missing[0]).exists:
        node = node.at(missing.pop(0))
    if not _is_own(node) or node.raw.id != "mapping" or node.at(missing[0]).exists:
        return None
    for key in reversed(missing[1:]):
        value = {key: value}
    before = _predecessor(node, missing[0]) if ordered else None
    if node.raw.flow_style:
        text = f"{_flow_key(node, missing[0])}: {_flow(value, _is_json(node))}"
        return _in_brackets(node, text, before)
    if not node.raw.value:
        return None
    column = _column(node.source, node.raw.value[0][0].start_mark.index)
    layout = _layout(node, column, value, dashes)
    lines = _block({missing[0]: value}, column, layout)
    return _lines_behind(node, lines, before)


def added_keys(node: Node, values: Mapping[str, Added]) -> Replacement | None:
    """Return the wish that a mapping hold several keys more, at its end."""
    if not _is_own(node) or node.raw.id != "mapping":
        return None
    if not values or any(node.at(key).exists for key in values):
        return None
    if node.raw.flow_style:
        pairs = (f"{_flow_key(node, k)}: {_flow(v, _is_json(node))}" for k, v in values.items())
        return _in_brackets(node, ", ".join(pairs))
    if not node.raw.value:
        return None
    column = _column(node.source, node.raw.value[0][0].start_mark.index)
    return _lines_behind(node, _block(values, column, _layout(node, column, values)))


def another_value(
    node: Node, key: str, value: Added, *, name: str | None = None
) -> Replacement | None:
    """Return the wish that a key of a mapping hold another value, and perhaps be another key.

    There is none where comments stand within the value that goes.
    """
    pair = next((p for p in node.raw.value if p[0].value == key), None) if _is_own(node) else None
    if pair is None or node.raw.id != "mapping":
        return None
    source, begin, end = node.source, pair[0].start_mark.index, _end(node.source, pair[1])
    if end is None or pair[1].start_mark.index < begin:
        return None
    if node.raw.flow_style:
        quoted = _is_json(node)
        text = f"{_flow_key(node, name or key)}: {_flow(value, quoted)}"
        return Replacement(Ref(source, begin, end), text)
    if _comments(Node(source, pair[1]), pair[0].end_mark.index, end):
        return None
    column = _column(source, begin)
    lines = _block({name or key: value}, column, _layout(node, column, value))
    text = _line_break(source, end).join(lines).lstrip(" ")
    return Replacement(Ref(source, begin, end), text)


def added_item(node: Node, text: str) -> Replacement | None:
    """Return the wish that a list have a string more, at its end."""
    if not _is_own(node) or node.raw.id != "sequence":
        return None
    if node.raw.flow_style:
        return _in_brackets(node, _flow(text, _is_json(node)))
    if not node.raw.value:
        return None
    column = _column(node.source, node.ref.start)
    return _lines_behind(node, [f"{' ' * column}- {_scalar(text)}"])


def renamed_pair(mapping: Node, key: str, new: str, value: str) -> tuple[Replacement, ...] | None:
    """Return the wishes that a key of a mapping, and the string that it holds, read otherwise."""
    pair = next((p for p in mapping.raw.value if p[0].value == key), None)
    if not _is_own(mapping) or pair is None:
        return None
    wishes: list[Replacement] = []
    for raw, text in zip(pair, (new, value), strict=True):
        one = Node(mapping.source, raw)
        if not one.is_scalar or not one.ref.text or one.raw.style in {"|", ">"}:
            return None
        if one.raw.style:
            wishes.append(Replacement(one.content_ref(), text))
        elif raw.value != text:
            wishes.append(Replacement(one.ref, _scalar(text)))
    return tuple(wish for wish in wishes if wish.ref.text != wish.new)


def copied_item(item: Node, changes: Sequence[Replacement]) -> Replacement | None:
    """Return the wish that a copy of a list's item stand behind it, with changes in scalars.

    Comments are not copied. The changes are of scalars of the item.
    """
    if not _is_own(item) or item.raw.id != "mapping":
        return None
    source, begin = item.source, item.ref.start
    end = _end(source, item.raw)
    if end is None:
        return None
    edits = _comments(item, begin, end)
    for change in changes:
        edit = _within(change, source)
        if edit is None or not begin <= edit[0] <= edit[1] <= end:
            return None
        edits.append(edit)
    text, at = "", begin
    for start, stop, new in sorted(edits):
        text, at = text + source.text[at:start] + new, stop
    text += source.text[at:end]
    line = source.text.rfind("\n", 0, begin) + 1
    lead = source.text[line:begin]
    if item.raw.flow_style and "-" not in lead:
        between = ",\n" + lead if not lead.strip() else ", "
        return Replacement(Ref(source, end, end), between + text)
    if not re.fullmatch(r"[ ]*-[ ]+", lead):
        return None
    place = _line_end(source, end)
    if place is None:
        return None
    return Replacement(place, _line_break(source, place.start) + lead + text)


# --- places --------------------------------------------------------------------------------------


def _is_own(node: Node) -> bool:
    """Say whether a collection stands in one piece of text, and no template decides it."""
    return node.raw is not None and type(node.raw) is not Graft and not node.is_template


def _end(source: Source, raw: Any) -> int | None:
    """Return where the last scalar of a value ends; None where an alias stands there."""
    while raw.id != "scalar" and not raw.flow_style and raw.value:
        before, last = raw, raw.value[-1]
        if raw.id == "mapping":
            before, last = last
        if last.start_mark.index < before.start_mark.index:
            return None
        raw = last
    return Node(source, raw).ref.end


def _line_end(source: Source, end: int) -> Ref | None:
    """Return the end of the line on which a value ends; None where more than a comment follows."""
    rest = _REST.match(source.text, end)
    return Ref(source, rest.end(), rest.end()) if rest is not None else None


def _line_break(source: Source, at: int) -> str:
    """Return how the lines of a text end, judged by the line that is looked at."""
    text = source.text
    if at < len(text):
        return "\r\n" if text[at] == "\r" else "\n"
    return "\r\n" if "\r\n" in text else "\n"


def _predecessor(node: Node, key: str) -> tuple[Any, Any] | None:
    """Return the last pair that comes before a key by name, if all of them are sorted so.

    What an object is, its version and its kind, stands first by custom.
    """
    keys = [one.value for one, _ in node.raw.value if one.value not in _FIRST]
    before = [pair for pair in node.raw.value if pair[0].value in _FIRST or pair[0].value < key]
    return before[-1] if before and keys == sorted(keys) else None


def _lines_behind(
    node: Node, lines: Sequence[str], before: tuple[Any, Any] | None = None
) -> Replacement | None:
    source = node.source
    end = _end(source, node.raw)
    if before is not None:
        own = before[1].start_mark.index >= before[0].start_mark.index
        end = _end(source, before[1]) if own else None
    place = _line_end(source, end) if end is not None else None
    if place is None:
        return None
    line_break = _line_break(source, place.start)
    return Replacement(place, "".join(line_break + line for line in lines))


def _in_brackets(
    node: Node, text: str, before: tuple[Any, Any] | None = None
) -> Replacement | None:
    source, close = node.source, node.ref.end - 1
    if not node.raw.value:
        inside = source.text[node.ref.start + 1 : close]
        return None if inside.strip() else Replacement(Ref(source, close, close), text)
    first: Any = before or node.raw.value[-1]
    last = first
    if node.raw.id == "mapping":
        first, last = first
    begin, end = first.start_mark.index, Node(source, last).ref.end
    behind = source.text[end:close].strip()
    if last.start_mark.index < begin or (behind and before is None):
        return None
    line = source.text.rfind("\n", 0, begin) + 1
    lead = source.text[line:begin]
    own_line = line > node.ref.start and not lead.strip()
    between = f",{_line_break(source, line - 1)}{lead}" if own_line else ", "
    return Replacement(Ref(source, end, end), between + text)


def _column(source: Source, offset: int) -> int:
    return offset - (source.text.rfind("\n", 0, offset) + 1)


def _step(node: Node, column: int) -> int:
    """Return by how much the objects in a mapping are indented; two where there are none."""
    for _, value in node.raw.value:
        if value.id == "mapping" and not value.flow_style and value.value:
            step = _column(node.source, value.value[0][0].start_mark.index) - column
            if step > 0:
                return step
    return 2


def _list_indent(node: Node, otherwise: int) -> int:
    """Return by how much the dashes of a list are indented below its key, as people do it here."""
    text, at = node.source.text, node.ref.start
    best: tuple[int, int] | None = None
    for found in _LIST.finditer(text, max(0, at - _NEAR), at + _NEAR):
        indent = len(found[2]) - len(found[1])
        distance = abs(found.start() - at)
        if indent >= 0 and (best is None or distance < best[0]):
            best = distance, indent
    return best[1] if best is not None else otherwise


def _within(change: Replacement, source: Source) -> tuple[int, int, str] | None:
    """Return a change as one of the characters of a source around it."""
    current, start, end, new = change.ref.source, change.ref.start, change.ref.end, change.new
    while current is not source:
        mapping, parent = getattr(current, "mapping", None), getattr(current, "parent", None)
        if mapping is None or parent is None:
            return None
        outer = mapping.rewrite(start, end, new)
        if outer is None:
            return None
        (start, end, new), current = outer, parent
    return start, end, new


def _comments(item: Node, begin: int, end: int) -> list[tuple[int, int, str]]:
    """Return the edits that take the comments out of an item."""
    spans: list[tuple[int, int]] = []
    stack = [item.raw]
    while stack:
        raw = stack.pop()
        if raw.id == "scalar":
            place = Node(item.source, raw).ref
            spans.append((place.start, place.end))
        else:
            stack += raw.value if raw.id == "sequence" else (n for pair in raw.value for n in pair)
    return [
        (found.start(), found.end(), "")
        for found in _COMMENT.finditer(item.source.text, begin, end)
        if not any(start < found.end() and found.start() < stop for start, stop in spans)
    ]


# --- texts ---------------------------------------------------------------------------------------


def _scalar(text: str) -> str:
    """Return a scalar as people write it, quoted where it would read as something else."""
    if _PLAIN.match(text) and resolve(text) == text:
        return text
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


class _Layout(NamedTuple):
    """By how many columns an object is indented below its key, and the dashes of a list."""

    step: int
    dashes: int


def _layout(node: Node, column: int, value: Any, dashes: int = 0) -> _Layout:
    """Return the layout of a mapping whose keys stand at a column."""
    return _Layout(_step(node, column), _list_indent(node, dashes) if _has_list(value) else 0)


def _has_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_list(inner) for inner in value.values())
    return isinstance(value, list | tuple)


def _block(values: Mapping[str, Any], column: int, layout: _Layout) -> list[str]:
    """Return the lines of a mapping whose keys stand at a column."""
    lines: list[str] = []
    for key, value in values.items():
        lead = f"{' ' * column}{_scalar(key)}:"
        if isinstance(value, dict) and value:
            lines += [lead, *_block(value, column + layout.step, layout)]
        elif isinstance(value, list | tuple) and value:
            lines.append(lead)
            for item in value:
                lines += _item(item, column + layout.dashes, layout)
        else:
            lines.append(f"{lead} {_in_line(value)}")
    return lines


def _item(value: Any, column: int, layout: _Layout) -> list[str]:
    """Return the lines of a list's item whose dash stands at a column."""
    if not isinstance(value, dict) or not value:
        return [f"{' ' * column}- {_in_line(value)}"]
    first, *rest = _block(value, column + 2, layout)
    return [f"{' ' * column}- {first.lstrip(' ')}", *rest]


def _in_line(value: Any) -> str:
    """Return a value that stands alone behind a key or a dash."""
    if isinstance(value, str) and _LISTED.match(value):
        return value
    return _flow(value, quoted=False)


def _is_json(node: Node) -> bool:
    """Say whether a collection in brackets is written as JSON: keys are quoted, or all of it is."""
    pairs = node.raw.value if node.raw.id == "mapping" else ()
    if pairs:
        return bool(pairs[0][0].style == '"')
    return node.source.text.lstrip()[:1] == "{"


def _flow_key(node: Node, key: str) -> str:
    return json.dumps(key) if _is_json(node) else _scalar(key)


def _flow(value: Any, quoted: bool) -> str:
    if value is None or isinstance(value, int | float):
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if quoted else _scalar(value)
    if isinstance(value, dict):
        pairs = (f"{_flow(key, quoted)}: {_flow(inner, quoted)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    return f"[{', '.join(_flow(item, quoted) for item in value)}]"
