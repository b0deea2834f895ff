"""Suppressions: comments and annotations by which a manifest asks to be spared a finding.

``# wplint: ignore[WPL301] reason`` stands on a line, or in the comment lines directly above it, and
holds for that line; where a text of several lines begins there, for all of it. The annotation
``wplint/ignore: "WPL301 reason"`` holds for its whole object, for files that a program writes.

Only a comment of YAML counts: what looks like one within a block of text is a part of that text,
and a node would get it. Payloads in base64 or percent signs are not searched at all.

What is gathered is a function of a file's text alone. Whether a suppression is needed is decided
where the findings of the whole run are known (:mod:`linter.engine.gate`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.nodes import Node
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.sources.text import File

ANNOTATION = "wplint/ignore"
MOST = 1000
"""How many suppressions of a file are read at most."""

COMMENT, IN_OBJECT = "comment", "annotation"

_BREAKS = "\r\n\x85\u2028\u2029"
_START = regex(r"#+[ \t]*wplint:")
_COMMENT = regex(rf"#+[ \t]*wplint:[ \t]*([^{_BREAKS}]*)")
_IGNORE = regex(r"ignore[ \t]*\[([^\]]*)\][ \t]*(?:[:-][ \t]+)?(.*)\Z")
_MEANT = regex(r"(?:ignore|disable|skip|suppress|allow|noqa)\b|[a-z-]*\s*\[", re.IGNORECASE)
_WORD = regex(r"[^\s,]+")
_LINE = regex(r"[ \t]*([A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*)(?:[ \t:]+(.*))?\Z")

FORM = "# wplint: ignore[WPL301] and why"
_OTHER_FORM = f"it is not of the form '{FORM}'"
_IN_TEXT = "it is a part of a text, not a comment of the manifest"
_NOTHING_BELOW = "no line stands directly below it"
_NO_METADATA = "it is not among the annotations of an object's metadata"
_NO_STRING = "its value is no string such as 'WPL301 and why'"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A wish not to be told.

    ``kind`` is ``comment`` or ``annotation``; ``rules`` are the places of the rules that it names;
    ``reason`` is empty where none is given. It holds for what begins at the offsets ``begin`` to
    ``end`` of its file, both included. Where it cannot be read, ``fault`` says why.
    """

    kind: str
    ref: Ref
    rules: tuple[Ref, ...] = ()
    reason: str = ""
    begin: int = 0
    end: int = -1
    fault: str = ""

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.ref.file.path


def suppressions_of(file: File, roots: Sequence[Node], end: int) -> tuple[Suppression, ...]:
    """Return the suppressions of a file in their order.

    Args:
        file: The file.
        roots: Its documents, as far as they can be read.
        end: The offset until which they can.

    """
    found = list(_comments(file, _Scalars(roots), end))
    if ANNOTATION in file.text:
        found.extend(_annotations(roots))
    return tuple(sorted(found, key=lambda item: item.ref.order())[:MOST])


# --- comments ------------------------------------------------------------------------------------


class _Scalars:
    """Where the scalars of a file stand."""

    def __init__(self, roots: Sequence[Node]) -> None:
        spans = {}
        for root in roots:
            for node in _walk(root):
                if node.raw.id == "scalar":
                    spans[node.ref.start] = (node.raw.end_mark.index, node.raw.style or "")
        self._spans = [(start, *spans[start]) for start in sorted(spans)]

    def around(self, file: File, at: int) -> str | None:
        """Return the style of the scalar in which an offset lies, None where it is in none.

        A comment behind the indicator of a block is none of its text.
        """
        index = bisect_right(self._spans, (at, float("inf"), "")) - 1
        if index < 0:
            return None
        start, end, style = self._spans[index]
        if style in {"|", ">"}:
            start = _line_end(file, start)
        return style if start <= at < end else None

    def last(self, begin: int, end: int) -> int:
        """Return where the last of the scalars ends that begin between two offsets."""
        low = bisect_right(self._spans, (begin, -1, ""))
        ends = [end]
        for start, until, _ in self._spans[low:]:
            if start > end:
                break
            ends.append(until - 1)
        return max(ends)


def _comments(file: File, scalars: _Scalars, stop: int) -> Iterator[Suppression]:
    for found in _COMMENT.finditer(file.text):
        at = found.start()
        if at >= stop:
            return
        begin, _ = file.line_span(file.position(at)[0])
        before = file.text[begin:at]
        if before and not before[-1].isspace():
            continue
        whole = Ref(file, at, at + len(found.group().rstrip()))
        style = scalars.around(file, at)
        if style is None:
            for item in _directives(file, whole):
                yield item if item.fault else _placed(file, item, scalars, alone=not before.strip())
        elif style in {"|", ">"} and _IGNORE.match(found[1]):
            yield Suppression(COMMENT, whole, fault=_IN_TEXT)


def _directives(file: File, whole: Ref) -> Iterator[Suppression]:
    """Read what a comment asks for; it may ask several times."""
    for start, found in _asked(whole.text):
        ref = whole.part(start, start + len(found.group().rstrip()))
        body = found[1]
        wish = _IGNORE.match(body)
        if wish is None:
            if _MEANT.match(body):
                yield Suppression(COMMENT, ref, fault=_OTHER_FORM)
            continue
        offset = whole.start + start + found.start(1) + wish.start(1)
        rules = tuple(
            Ref(file, offset + word.start(), offset + word.end())
            for word in _WORD.finditer(wish[1])
        )
        fault = "" if rules else _OTHER_FORM
        yield Suppression(COMMENT, ref, rules, _reason(wish[2]), fault=fault)


def _asked(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield each wish of a comment, and the offset at which it begins."""
    starts = [found.start() for found in _START.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        found = _COMMENT.match(text[start:end].rstrip())
        if found is not None:
            yield start, found


def _placed(file: File, item: Suppression, scalars: _Scalars, *, alone: bool) -> Suppression:
    """Say for which offsets a comment holds: its line, or that below where it stands alone."""
    line, _ = file.position(item.ref.start)
    if alone:
        line += 1
        while line <= file.line_count and file.line(line).lstrip().startswith("#"):
            line += 1
        below = file.line(line).strip() if line <= file.line_count else ""
        if not below or below in {"---", "..."}:
            return Suppression(COMMENT, item.ref, item.rules, item.reason, fault=_NOTHING_BELOW)
    begin, end = file.line_span(line)
    return Suppression(COMMENT, item.ref, item.rules, item.reason, begin, scalars.last(begin, end))


def _line_end(file: File, at: int) -> int:
    return file.line_span(file.position(at)[0])[1]


def _reason(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if any(char.isalnum() for char in words) else ""


# --- annotations ---------------------------------------------------------------------------------


def _annotations(roots: Sequence[Node]) -> Iterator[Suppression]:
    right: set[int] = set()
    for root in roots:
        for node in _walk(root):
            value = node.at("metadata", "annotations", ANNOTATION)
            if node.raw.id == "mapping" and value.exists:
                right.add(id(value.raw))
                yield from _read_annotation(node, value)
    for root in roots:
        for node in _walk(root):
            if node.raw.id != "mapping":
                continue
            for key, value in node.raw.value:
                if key.id == "scalar" and key.value == ANNOTATION and id(value) not in right:
                    ref = Node(node.source, key).ref
                    yield Suppression(IN_OBJECT, ref, fault=_NO_METADATA)


def _read_annotation(owner: Node, value: Node) -> Iterator[Suppression]:
    """Read the value of an annotation: one wish a line."""
    whole = owner.at("metadata", "annotations").key_ref(ANNOTATION)
    if not value.is_scalar or not isinstance(value.scalar(), str):
        yield Suppression(IN_OBJECT, whole, fault=_NO_STRING)
        return
    content = value.content()
    at = 0
    for line in content.text.splitlines(keepends=True):
        wish = _LINE.match(line.rstrip())
        if wish is not None:
            rules = tuple(
                content.part(at + word.start(), at + word.end())
                for word in _WORD.finditer(line, *wish.span(1))
            )
            begin, end = owner.ref.start, owner.ref.end
            yield Suppression(IN_OBJECT, whole, rules, _reason(wish[2]), begin, end)
        elif line.strip():
            yield Suppression(IN_OBJECT, whole, fault=_NO_STRING)
        at += len(line)


def _walk(root: Node) -> Iterator[Node]:
    """Yield every node beneath a document once, however many aliases name it."""
    stack: list[Any] = [root.raw]
    seen: set[int] = set()
    while stack:
        raw = stack.pop()
        if raw is None or id(raw) in seen:
            continue
        seen.add(id(raw))
        yield Node(root.source, raw)
        if raw.id == "mapping":
            stack.extend(part for pair in raw.value for part in pair)
        elif raw.id == "sequence":
            stack.extend(raw.value)
