"""systemd unit files, drop-ins and ``system.conf`` (systemd, ``src/shared/conf-parser.c``).

A physical line that ends in a backslash goes on in the next one, the backslash standing for a
space; comment lines between them are skipped and do not end the value. Repeated keys are all
kept: what repeating means (the last wins, a list grows, an empty value resets) depends on the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_BREAK = regex(r"\r\n|\n\r|[\n\r\0]")
_WHITE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Assignment:
    """``key=value`` in a section; offsets count code points of the file's text.

    `section` is empty before the first section header (systemd ignores such assignments).
    `value` is the logical value without surrounding white space, continuation lines joined.
    `start` and `end` bound it in the text; an empty value stands right after the equals sign.
    `is_literal` says that text[start:end] is the value. `line` counts from 1 and is the line of
    the key.
    """

    section: str
    key: str
    value: str
    start: int
    end: int
    key_start: int
    key_end: int
    line: int
    is_literal: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that systemd does not understand; if `fatal`, it gives up the whole file there."""

    message: str
    start: int
    end: int
    line: int
    fatal: bool


@dataclass(frozen=True, slots=True)
class UnitFile:
    """All assignments of a file in their order, and the lines that are none."""

    assignments: tuple[Assignment, ...]
    problems: tuple[Problem, ...]

    def find(self, section: str, key: str) -> tuple[Assignment, ...]:
        """Return every assignment of a key in a section, in order; names are case-sensitive."""
        return tuple(a for a in self.assignments if a.section == section and a.key == key)


@dataclass(frozen=True, slots=True)
class _LogicalLine:
    """A line with its continuations: the joined text, and where its parts stand in the file."""

    text: str
    parts: tuple[tuple[int, int], ...]  # (offset in the joined text, offset in the file)
    number: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the joined text to the file."""
        first = self._locate(start)
        return first, self._locate(end - 1) + 1 if end > start else first

    def _locate(self, offset: int) -> int:
        low, high = 0, len(self.parts)
        while high - low > 1:
            middle = (low + high) // 2
            if self.parts[middle][0] <= offset:
                low = middle
            else:
                high = middle
        return self.parts[low][1] + offset - self.parts[low][0]


def parse(text: str) -> UnitFile:
    """Read a unit file; every text is accepted, what is not understood becomes a problem."""
    assignments: list[Assignment] = []
    problems: list[Problem] = []
    section = ""
    for line in _logical_lines(text):
        begin, end = _stripped(line.text, 0, len(line.text))
        if begin == end:
            continue
        if line.text[begin] == "[":
            if line.text[end - 1] == "]":
                section = line.text[begin + 1 : end - 1]
            else:
                section = ""
                problems.append(
                    _problem(line, begin, end, "the section header has no ]", fatal=True)
                )
            continue
        equals = line.text.find("=", begin, end)
        if equals < 0:
            problems.append(_problem(line, begin, end, "the line has no =", fatal=False))
        elif equals == begin:
            problems.append(_problem(line, begin, end, "no key stands before the =", fatal=False))
        else:
            assignments.append(_assignment(text, line, section, (begin, equals, end)))
    return UnitFile(tuple(assignments), tuple(problems))


def _assignment(
    text: str, line: _LogicalLine, section: str, bounds: tuple[int, int, int]
) -> Assignment:
    begin, equals, end = bounds
    key_begin, key_stop = _stripped(line.text, begin, equals)
    value_begin, value_stop = _stripped(line.text, equals + 1, end)
    value = line.text[value_begin:value_stop]
    start, stop = line.span(value_begin, value_stop)
    key_start, key_end = line.span(key_begin, key_stop)
    return Assignment(
        section=section,
        key=line.text[key_begin:key_stop],
        value=value,
        start=start,
        end=stop,
        key_start=key_start,
        key_end=key_end,
        line=line.number,
        is_literal=text[start:stop] == value,
    )


def _problem(line: _LogicalLine, begin: int, end: int, message: str, *, fatal: bool) -> Problem:
    start, stop = line.span(begin, end)
    return Problem(message, start, stop, line.number, fatal)


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    """Return the bounds without white space; both are `begin` if nothing is left."""
    content = text[begin:end].lstrip(_WHITE)
    if not content:
        return begin, begin
    begin = end - len(content)
    return begin, begin + len(content.rstrip(_WHITE))


def _logical_lines(text: str) -> Iterator[_LogicalLine]:
    """Join continuation lines and leave out comments and a byte order mark."""
    pieces: list[str] = []
    parts: list[tuple[int, int]] = []
    length = 0
    first = 0
    for number, start, end in _physical_lines(text):
        content = text[start:end]
        if content.lstrip(_WHITE)[:1] in ("#", ";"):
            continue
        if not pieces:
            first = number
        parts.append((length, start))
        trailing = len(content) - len(content.rstrip("\\"))
        if trailing % 2:
            content = content[:-1] + " "
        pieces.append(content)
        length += len(content)
        if not trailing % 2:
            yield _LogicalLine("".join(pieces), tuple(parts), first)
            pieces, parts, length = [], [], 0
    if pieces:
        yield _LogicalLine("".join(pieces), tuple(parts), first)


def _physical_lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield number, start and end of every line, without its line break."""
    number = 1
    start = 1 if text.startswith("\ufeff") else 0
    for match in _LINE_BREAK.finditer(text):
        yield number, start, match.start()
        number += 1
        start = match.end()
    yield number, start, len(text)
