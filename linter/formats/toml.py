"""TOML 1.0 with the span of every key and value, for CRI-O's configuration drop-ins.

The standard library's ``tomllib`` decides whether a text is valid and what a value with escapes,
a number or a date is worth; the scanner below finds where things stand. It accepts a little more
than TOML does, so it is never the one to call a text wrong, and it runs first because its bounds
keep ``tomllib`` from deep recursion and from its quadratic handling of very long dotted keys.

CRI-O reads these files with BurntSushi/toml, which matches the keys of *known* settings without
regard to case (`Table.find`), but not the names of workloads and runtimes (`Table.get`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from linter.records import dataclass, field
from linter.regexes import regex

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    Plain: TypeAlias = str | int | float | bool | dt.date | dt.time

MAX_LENGTH = 2**20
"""Longest text that is read, in code points; a whole MachineConfig is limited to 1.5 MiB."""
MAX_DEPTH = 64
"""Most levels of tables and arrays, parts of dotted keys included."""

# Every repeated group begins with a character that nothing before it can take: linear time.
_BLANK = regex(r"[ \t\r\n]*(?:#[^\n]*[ \t\r\n]*)*")
_SPACE = regex(r"[ \t]*")
_LINE_END = regex(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_BASIC = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_LITERAL = r"'[^'\n]*'"
_EQUALS = regex(r"=[ \t]*")
_HEADER = regex(r"\[\[?")
_HEADER_ENDS = (regex(r"\]"), regex(r"\]\]"))
_FIRST_BREAK = regex(r"\r?\n")
_KEY = regex(rf"[A-Za-z0-9_-]+|{_BASIC}|{_LITERAL}")
_STRING = regex(
    r'"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'(?!'')[^']*)*'{3,5}"
    rf"|{_BASIC}|{_LITERAL}"
)
_BARE_VALUE = regex(r"(?:\d{4}-\d\d-\d\d (?=\d\d:))?[^\s,\[\]{}#=\"']+")
_BOOLEANS = {"true": True, "false": False}
_SMALL_INTEGER = regex(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_POSITION = regex(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


class TomlError(ValueError):
    """The text is not TOML, or beyond the bounds above; `start` and `end` are offsets into it."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean, date or time.

    `start` and `end` include the quotes of a string, `inner_start` and `inner_end` do not (nor
    the line break that a multi-line string drops at its beginning); for other values they are the
    same. `inner_is_literal` says that the text between the quotes is the value, without escapes,
    so that an offset in the value is an offset from `inner_start`.
    """

    value: Plain
    start: int
    end: int
    inner_start: int
    inner_end: int
    inner_is_literal: bool


@dataclass(frozen=True, slots=True)
class Array:
    """An array with its brackets, or an array of tables with the span of its first header."""

    items: tuple[Value, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value; `key_start` and `key_end` bound this part of a dotted key."""

    key: str
    key_start: int
    key_end: int
    value: Value


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its entries in the order in which their keys first appear.

    `start` and `end` bound the braces of an inline table, the header ``[a.b]`` of a table, or,
    if it has no header of its own, the header or dotted key in which it is first named. The root
    spans the text.
    """

    entries: tuple[Entry, ...]
    start: int
    end: int

    def get(self, *path: str) -> Value | None:
        """Return the value at a path of keys, or None; no way leads through arrays."""
        return self._follow(path, any_case=False)

    def find(self, *path: str) -> Value | None:
        """Return the value at a path, matching each key exactly or else regardless of case.

        Of several keys that differ in case only, and none exactly, the first one is taken.
        """
        return self._follow(path, any_case=True)

    def plain(self) -> dict[str, object]:
        """Return what ``tomllib.loads`` returns for this table."""
        return {entry.key: _plain(entry.value) for entry in self.entries}

    def _follow(self, path: tuple[str, ...], *, any_case: bool) -> Value | None:
        value: Value = self
        for key in path:
            entries = value.entries if isinstance(value, Table) else ()
            found = next((entry for entry in entries if entry.key == key), None)
            if found is None and any_case:
                folded = key.casefold()
                found = next((entry for entry in entries if entry.key.casefold() == folded), None)
            if found is None:
                return None
            value = found.value
        return value


Value: TypeAlias = Table | Array | Scalar


def _plain(value: Value) -> object:
    if isinstance(value, Table):
        return value.plain()
    if isinstance(value, Array):
        return [_plain(item) for item in value.items]
    return value.value


def parse(text: str) -> Table:
    """Parse a TOML document into its root table; raises `TomlError`.

    A byte order mark at the beginning is skipped, as BurntSushi/toml does.
    """
    if len(text) > MAX_LENGTH:
        raise TomlError(f"the text is longer than {MAX_LENGTH} characters", 0, len(text))
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    try:
        root = _Scanner(text).document()
    except _UnscannableError as error:
        _verify(text, error)
        raise TomlError(error.message, error.start, error.end) from None
    _verify(text, None)
    return _frozen(root)


class _UnscannableError(TomlError):
    """The scanner cannot go on because of the syntax, so tomllib will have a better message."""


def _verify(text: str, unscannable: TomlError | None) -> None:
    """Let tomllib judge the text; raise its complaint as a `TomlError`."""
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _located(text, str(error), unscannable) from None
    except RecursionError:
        raise TomlError("tables and arrays are nested too deeply", 0, len(text)) from None
    except ValueError as error:  # an integer with more digits than Python converts
        start, end = (unscannable.start, unscannable.end) if unscannable else (0, len(text))
        raise TomlError(f"a value cannot be read: {error}", start, end) from None


def _located(text: str, complaint: str, unscannable: TomlError | None) -> TomlError:
    """Turn tomllib's line and column into offsets."""
    position = _POSITION.search(complaint)
    if not position:
        return TomlError(complaint, 0, len(text))
    message = complaint[: position.start()]
    if not position[1]:
        return TomlError(f"{message} at the end of the text", len(text), len(text))
    start = 0
    for _ in range(int(position[1]) - 1):
        start = text.find("\n", start) + 1
    line = text[start:].partition("\n")[0].rstrip()
    if message.startswith(("Cannot ", "Duplicate ")):
        # A redefinition: the column is where the statement ends, the scanner may know the key.
        if unscannable:
            return TomlError(message, unscannable.start, unscannable.end)
        return TomlError(message, start + len(line) - len(line.lstrip()), start + len(line))
    point = min(start + int(position[2]) - 1, len(text))
    return TomlError(message, point, max(point, min(point + 1, start + len(line))))


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a dotted key."""

    key: str
    start: int
    end: int


@dataclass(slots=True)
class _OpenTable:
    """A table that later lines may still extend; a list in it is an array of tables."""

    start: int
    end: int
    entries: dict[str, tuple[_Part, _OpenTable | list[_OpenTable] | Value]] = field(
        default_factory=dict
    )


def _frozen(table: _OpenTable) -> Table:
    """Close a table and all below it; the depth is bounded by the scanner."""
    entries = []
    for part, draft in table.entries.values():
        value: Value
        if isinstance(draft, _OpenTable):
            value = _frozen(draft)
        elif isinstance(draft, list):
            value = Array(tuple(_frozen(item) for item in draft), draft[0].start, draft[0].end)
        else:
            value = draft
        entries.append(Entry(part.key, part.start, part.end, value))
    return Table(tuple(entries), table.start, table.end)


class _Scanner:
    """One pass over a document; `position` is where it reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def document(self) -> _OpenTable:
        root = current = _OpenTable(0, len(self.text))
        depth = 0
        self._take(_BLANK)
        while self.position < len(self.text):
            if self._at("["):
                current, depth = self._header(root)
            else:
                self._key_value(current, depth)
            self._take(_LINE_END)
            self._take(_BLANK)
        return root

    def _header(self, root: _OpenTable) -> tuple[_OpenTable, int]:
        """Read ``[a.b]`` or ``[[a.b]]``; return the table it opens and its depth."""
        start = self.position
        many = self._take(_HEADER) == "[["
        parts = self._dotted_key(0)
        self._take(_HEADER_ENDS[many])
        parent = self._descend(root, parts[:-1], start, self.position)
        last = parts[-1]
        table = _OpenTable(start, self.position)
        _, present = parent.entries.get(last.key, (last, None))
        if many and isinstance(present, list):
            present.append(table)
        elif many and present is None:
            parent.entries[last.key] = last, [table]
        elif not many and (present is None or isinstance(present, _OpenTable)):
            # A table that only its sub-tables have named so far is now at its own header.
            table.entries = present.entries if present else table.entries
            parent.entries[last.key] = last, table
        else:
            raise self._twice(last)
        return table, len(parts)

    def _key_value(self, table: _OpenTable, depth: int) -> None:
        parts = self._dotted_key(depth)
        self._take(_EQUALS)
        value = self._value(depth + len(parts))
        table = self._descend(table, parts[:-1], parts[0].start, parts[-1].end)
        if parts[-1].key in table.entries:
            raise self._twice(parts[-1])
        table.entries[parts[-1].key] = parts[-1], value

    def _descend(self, table: _OpenTable, parts: list[_Part], start: int, end: int) -> _OpenTable:
        """Go down to the table that the parts name; tables made on the way get the span given."""
        for part in parts:
            _, below = table.entries.setdefault(part.key, (part, _OpenTable(start, end)))
            if isinstance(below, list):
                below = below[-1]
            if not isinstance(below, _OpenTable):
                raise self._twice(part)
            table = below
        return table

    def _dotted_key(self, depth: int) -> list[_Part]:
        """Read the parts of a key and the blanks around it."""
        parts: list[_Part] = []
        while True:
            self._take(_SPACE)
            start = self.position
            token = self._take(_KEY)
            key = self._string(token, start)[0] if token[0] in "\"'" else token
            parts.append(_Part(key, start, self.position))
            self._limit(depth + len(parts))
            self._take(_SPACE)
            if not self._at("."):
                return parts
            self.position += 1

    def _value(self, depth: int) -> Value:
        self._limit(depth)
        start = self.position
        if self._at("["):
            items: list[Value] = []
            self._enclosed("]", lambda: items.append(self._value(depth + 1)))
            return Array(tuple(items), start, self.position)
        if self._at("{"):
            table = _OpenTable(start, start)
            self._enclosed("}", lambda: self._key_value(table, depth))
            table.end = self.position
            return _frozen(table)
        if self._at('"') or self._at("'"):
            value, inner_start, inner_end = self._string(self._take(_STRING), start)
            literal = self.text[inner_start:inner_end] == value
            return Scalar(value, start, self.position, inner_start, inner_end, literal)
        plain = self._evaluate(self._take(_BARE_VALUE), start)
        return Scalar(plain, start, self.position, start, self.position, inner_is_literal=False)

    def _enclosed(self, closing: str, read: Callable[[], None]) -> None:
        """Read what stands in brackets, separated by commas."""
        self.position += 1
        self._take(_BLANK)
        while not self._at(closing):
            read()
            self._take(_BLANK)
            if not self._at(","):
                break
            self.position += 1
            self._take(_BLANK)
        if not self._at(closing):
            raise self._lost()
        self.position += 1

    def _string(self, token: str, start: int) -> tuple[str, int, int]:
        """Return the value of a quoted token and where its inner text begins and ends."""
        quotes = 3 if token[:3] in ('"""', "'''") else 1
        begin = start + quotes
        end = start + len(token) - quotes
        if quotes == 3 and (dropped := _FIRST_BREAK.match(self.text, begin)):
            begin = dropped.end()
        if token[0] == '"' and "\\" in token:
            return str(self._evaluate(token, start)), begin, end
        return self.text[begin:end].replace("\r\n", "\n"), begin, end

    def _evaluate(self, token: str, start: int) -> Plain:
        """Let tomllib say what a token is worth."""
        if token in _BOOLEANS:
            return _BOOLEANS[token]
        if _SMALL_INTEGER.fullmatch(token):
            return int(token)
        import tomllib

        try:
            value: Plain = tomllib.loads(f"x={token}")["x"]
        except ValueError:
            raise _UnscannableError("the value is not TOML", start, self.position) from None
        return value

    def _at(self, expected: str) -> bool:
        return self.text.startswith(expected, self.position)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if not match:
            raise self._lost()
        self.position = match.end()
        return match[0]

    def _limit(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            message = f"tables and arrays are nested more than {MAX_DEPTH} deep"
            raise TomlError(message, self.position, self._lost().end)

    def _lost(self) -> _UnscannableError:
        end = min(self.position + 1, len(self.text))
        return _UnscannableError("the text is not understood here", self.position, end)

    def _twice(self, part: _Part) -> _UnscannableError:
        return _UnscannableError(f"{part.key!r} is defined twice", part.start, part.end)
