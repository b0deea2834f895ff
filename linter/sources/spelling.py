"""Where the characters of a YAML scalar's value stand in the text of its document.

The value of a scalar is not what stands in the file: escapes are replaced, lines are folded,
indentation and carriage returns are dropped. :func:`scalar_mapping` reads the scalar once more by
the rules of libyaml (``src/scanner.c``), noting which characters each part of the value came from,
and trusts the result only where it is the value that libyaml returned.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.records import dataclass, field
from linter.regexes import regex
from linter.sources.text import Opaque, Slice

if TYPE_CHECKING:
    import re

    from linter.sources.text import Mapping

_BREAK = regex("\r\n|[\r\n\x85\u2028\u2029]")
_GAP = regex("[ \t\r\n\x85\u2028\u2029]*")
_NOT_BLANK = regex("[^ \r\n\x85\u2028\u2029]")
_SPACES = regex(" *")

_SIMPLE_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "'": "'", "/": "/", "\\": "\\", "N": "\x85",
    "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}

_DOUBLE = regex("\\\\(?:\r\n|[\\s\\S])|\r\n|[\r\n\x85\u2028\u2029]")
_SINGLE = regex("''|\r\n|[\r\n\x85\u2028\u2029]")

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,-+._/=%")
"""Characters that every style of scalar spells as themselves."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """An embedded text whose characters are spelled otherwise in the parent (escapes, folding).

    The text is cut into pieces. Piece ``i`` begins at the text's offset ``at[i]`` and stands at
    the parent's ``starts[i]`` to ``ends[i]``: character by character where both are of one length,
    else as a whole. ``begin`` is where an empty text stands.
    """

    at: list[int] = field(repr=False)
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)
    value: str = field(repr=False)
    begin: int
    margin: str = ""

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        """Look up the characters; an empty span lies before the character that follows it."""
        if start >= len(self.value):
            last = self.ends[-1] if self.ends else self.begin
            return last, last
        first = self._place(start)[0]
        return first, first if end <= start else self._place(min(end, len(self.value)) - 1)[1]

    def _place(self, offset: int) -> tuple[int, int]:
        piece = bisect_right(self.at, offset) - 1
        begin, start, end = self.at[piece], self.starts[piece], self.ends[piece]
        after = self.at[piece + 1] if piece + 1 < len(self.at) else len(self.value)
        if after - begin != end - start:
            return start, end
        return start + offset - begin, start + offset - begin + 1

    def rewrite(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        """Replace the spelled characters where the new ones need no spelling of their own."""
        if self.margin and (new or start < end):
            return self._rewrite_block(start, end, new)
        if not _SAFE.issuperset(new):
            return None
        if not new and start < end and not self._stays_joined(start, end):
            return None
        first, last = self.to_parent(start, end)
        return first, last, new

    def _rewrite_block(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        """Replace characters of a literal block: within a line, or whole lines of it."""
        value = self.value
        if not all(char.isprintable() or char == "\n" for char in new):
            return None
        if not self._stays_block(value[:start] + new + value[end:], start):
            return None
        if not new and value[end - 1] == "\n" and (start == 0 or value[start - 1] == "\n"):
            if start > 0:  # lines go with the break before them: the one behind may be the last
                start, end = start - 1, end - 1
        elif new[:1] == "\n" and start == end and value[start : start + 1] in {"", "\n"}:
            if not all(line.strip(" ") for line in new[1:].split("\n")):
                return None
        elif "\n" in new:
            return None
        else:
            line = value[value.rfind("\n", 0, start) + 1 : start] + new
            if not (line + value[end:].partition("\n")[0]).strip(" "):
                return None
        first, last = self.to_parent(start, end)
        return first, last, new.replace("\n", self.margin)

    def _stays_block(self, after: str, start: int) -> bool:
        """Say whether the indentation and the end of a block mean the same for another value.

        The first line decides how far a block is indented; line breaks at the end may not count.
        """
        value = self.value
        lead, now = len(value) - len(value.lstrip(" \n")), len(after) - len(after.lstrip(" \n"))
        breaks = len(value) - len(value.rstrip("\n"))
        return (
            after[:now] == value[:lead]
            and lead < len(value)
            and now < len(after)
            and breaks == len(after) - len(after.rstrip("\n"))
            and (start < len(value) or breaks == 0)
        )

    def _stays_joined(self, start: int, end: int) -> bool:
        """Say whether a deletion leaves no blank at a line's end and no line empty."""
        return (
            start > 0
            and end < len(self.value)
            and not self.value[start - 1].isspace()
            and not self.value[end].isspace()
        )


def scalar_mapping(text: str, start: int, end: int, value: str, style: str | None) -> Mapping:
    """Return how a scalar's value lies in the text of its document.

    Args:
        text: The text of the document.
        start: Where the scalar begins, quotes and block header included.
        end: Where it ends.
        value: The value the YAML parser found.
        style: PyYAML's style character: None or "" plain, ``'``, ``"``, ``|`` or ``>``.

    """
    if style in {"|", ">"}:
        header = _BREAK.search(text, start, end)
        reading = _Reading(text, header.end() if header else end)
        margin = _read_block(reading, end, value, folded=style == ">")
        if style == "|" and header is not None:
            margin = header.group() + margin if margin else ""
            return reading.mapping(value, margin) or Opaque(start, end)
    else:
        inner_start, inner_end = (start + 1, end - 1) if style else (start, end)
        if inner_end - inner_start == len(value) and text.startswith(value, inner_start):
            return Slice(inner_start)
        reading = _Reading(text, inner_start)
        _read_flow(reading, inner_end, {'"': _DOUBLE, "'": _SINGLE}.get(style or "", _BREAK))
    return reading.mapping(value) or Opaque(start, end)


class _Reading:
    """A scalar as far as it has been read: the pieces of its value and their places."""

    def __init__(self, text: str, begin: int) -> None:
        self.text = text
        self.begin = begin
        self.words: list[str] = []
        self.at: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.length = 0

    def add(self, word: str, start: int, end: int) -> None:
        """Append a piece of the value that the characters of a span stand for."""
        if word:
            self.words.append(word)
            self.at.append(self.length)
            self.starts.append(start)
            self.ends.append(end)
            self.length += len(word)

    def copy(self, start: int, end: int) -> None:
        """Append characters that stand for themselves."""
        self.add(self.text[start:end], start, end)

    def mapping(self, value: str, margin: str = "") -> Spelled | None:
        """Return the mapping, or None where something else was read than libyaml's value."""
        if self.length != len(value) or "".join(self.words) != value:
            return None
        return Spelled(self.at, self.starts, self.ends, value, self.begin, margin)


def _normal(line_break: str) -> str:
    """Return what a line break reads as: all but LS and PS are line feeds."""
    return line_break if line_break in {"\u2028", "\u2029"} else "\n"


def _read_flow(reading: _Reading, end: int, tokens: re.Pattern[str]) -> None:
    """Read a plain or quoted scalar; ``tokens`` finds what does not stand for itself."""
    text, at = reading.text, reading.begin
    while token := tokens.search(text, at, end):
        begin, after, spelled = token.start(), token.end(), token.group()
        if spelled[0] == "\\" and not _BREAK.match(spelled, 1):
            code = spelled[1]
            after += _HEX_ESCAPES.get(code, 0)
            reading.copy(at, begin)
            reading.add(_unescaped(text, begin, min(after, end)), begin, after)
        elif spelled == "''":
            reading.copy(at, begin)
            reading.add("'", begin, after)
        else:
            if spelled[0] != "\\":
                while begin > at and text[begin - 1] in " \t":
                    begin -= 1
            reading.copy(at, begin)
            gap = _GAP.match(text, token.start() + (spelled[0] == "\\"), end)
            after = gap.end() if gap else after
            breaks = [_normal(b) for b in _BREAK.findall(text, token.start(), after)]
            reading.add(_folded(breaks, escaped=spelled[0] == "\\"), begin, after)
        at = after
    reading.copy(at, end)


def _unescaped(text: str, start: int, end: int) -> str:
    code = text[start + 1]
    if code in _HEX_ESCAPES:
        try:
            return chr(int(text[start + 2 : end], 16))
        except (ValueError, OverflowError):
            return ""
    return _SIMPLE_ESCAPES.get(code, "")


def _folded(breaks: list[str], *, escaped: bool) -> str:
    """Return what line breaks between two parts of a flow scalar read as."""
    if escaped:
        return "".join(breaks[1:])
    if breaks[0] != "\n":
        return "".join(breaks)
    return "".join(breaks[1:]) or " "


def _read_block(reading: _Reading, end: int, value: str, *, folded: bool) -> str:
    """Read a literal or folded block scalar whose first line begins where the reading does.

    The answer is its indentation.
    """
    text = reading.text
    indent = _block_indent(text, reading.begin, end, value)
    at, breaks = _leading_breaks(text, reading.begin, end, indent)
    line_break: tuple[str, int, int] | None = None
    blank_before = False
    while at < end:
        content = at
        blank = text[content] in " \t"
        if line_break is not None:
            if folded and line_break[0] == "\n" and not blank_before and not blank:
                if not breaks:
                    reading.add(" ", line_break[1], content)
            else:
                reading.add(*line_break)
        for piece in breaks:
            reading.add(*piece)
        blank_before = blank
        found = _BREAK.search(text, content, end)
        reading.copy(content, found.start() if found else end)
        if found is None:
            return " " * indent
        at, breaks = _leading_breaks(text, found.start(), end, indent)
        line_break = breaks.pop(0)
    for piece in ([line_break] if line_break is not None else []) + breaks:
        if reading.length < len(value):
            reading.add(*piece)
    return " " * indent


def _leading_breaks(
    text: str, at: int, end: int, indent: int
) -> tuple[int, list[tuple[str, int, int]]]:
    """Skip blank lines and an indentation; return where content begins, and the breaks.

    A break reaches to the next one or to the content: who removes it joins two lines.
    """
    breaks: list[tuple[str, int, int]] = []
    while at < end:
        spaces = _SPACES.match(text, at, min(end, at + indent))
        at = spaces.end() if spaces else at
        found = _BREAK.match(text, at, end)
        if found is None:
            break
        breaks.append((_normal(found.group()), at, found.end()))
        at = found.end()
    ends = [start for _, start, _ in breaks[1:]] + [at]
    return at, [(read, start, end) for (read, start, _), end in zip(breaks, ends, strict=False)]


def _block_indent(text: str, at: int, end: int, value: str) -> int:
    """Return how far a block is indented: what its first word lost on the way to the value."""
    written, read = _NOT_BLANK.search(text, at, end), _NOT_BLANK.search(value)
    if written is None or read is None:
        return end - at
    return max(0, _column(text, written.start(), at) - _column(value, read.start(), 0))


def _column(text: str, offset: int, floor: int) -> int:
    """Count the spaces directly before an offset, not beyond ``floor``."""
    at = offset
    while at > floor and text[at - 1] == " ":
        at -= 1
    return offset - at
