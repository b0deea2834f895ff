"""Texts whose characters have a place in a file, and references to those places.

A :class:`File` is text from disk. An :class:`Embedded` text stands inside another one: the value of
a YAML scalar, the payload of a data URL, a TOML file inside that payload. Each embedded text knows
which characters of its parent carry which of its own, so a reference into the innermost text can be
followed out to the characters of the real file, however deep the nesting.

All offsets are code points, half open, without a byte order mark.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import Protocol

from linter.records import dataclass


class Source:
    """A text; its lines are found when somebody first asks for a position."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1, the column in code points."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return one line, counted from 1, without its line break."""
        starts = self._line_starts()
        begin = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[begin:end].rstrip("\r\n")

    def line_span(self, number: int) -> tuple[int, int]:
        """Return the offsets at which a line, counted from 1, begins and ends."""
        begin = self._line_starts()[number - 1]
        return begin, begin + len(self.line(number))

    @property
    def line_count(self) -> int:
        """The number of lines; a text that ends with a line break has an empty last one."""
        return len(self._line_starts())

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts


class File(Source):
    """A file's decoded text.

    Args:
        name: The path shown to people, with forward slashes.
        text: The decoded text without a byte order mark.
        path: Where to open the file; the name where they are the same.
        encoding: The codec the bytes were decoded with.
        bom: Whether the bytes began with a byte order mark.

    """

    __slots__ = ("__weakref__", "bom", "encoding", "name", "path")

    def __init__(
        self, name: str, text: str, path: str = "", encoding: str = "utf-8", *, bom: bool = False
    ) -> None:
        super().__init__(text)
        self.name = name
        self.path = path or name
        self.encoding = encoding
        self.bom = bom

    def __repr__(self) -> str:
        return f"File({self.name!r})"


class Mapping(Protocol):
    """How an embedded text's characters lie in its parent's."""

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        """Return the parent's offsets that carry the embedded text's characters."""

    def rewrite(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        """Return the parent's span to replace, and with what, so that this span reads ``new``.

        None where the text cannot be changed in its present spelling.
        """


class Embedded(Source):
    """A text inside another one.

    Args:
        text: The decoded text.
        parent: The text that it stands in.
        mapping: How its characters lie in the parent's.
        title: What people call it, such as a file's path on the node; empty for a layer that has
            no name of its own.

    """

    __slots__ = ("mapping", "parent", "title")

    def __init__(self, text: str, parent: Source, mapping: Mapping, title: str = "") -> None:
        super().__init__(text)
        self.parent = parent
        self.mapping = mapping
        self.title = title

    def __repr__(self) -> str:
        return f"Embedded({self.title!r} in {self.parent!r})"


@dataclass(frozen=True, slots=True)
class Ref:
    """Where something stands: a span of a source.

    Two references are equal when they name the same characters of the same source object.
    """

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def part(self, start: int, end: int) -> Ref:
        """Return the reference to a part, given by offsets from this one's start."""
        return Ref(self.source, self.start + start, self.start + end)

    def outward(self) -> Ref:
        """Return the same place in the parent source, or itself in a file."""
        if isinstance(self.source, Embedded):
            start, end = self.source.mapping.to_parent(self.start, self.end)
            return Ref(self.source.parent, start, end)
        return self

    def in_file(self) -> Ref:
        """Return the same place as characters of the file."""
        ref = self
        while isinstance(ref.source, Embedded):
            ref = ref.outward()
        return ref

    def in_payload(self) -> Ref | None:
        """Return the same place in the innermost text that has a title, or None."""
        ref = self
        while isinstance(ref.source, Embedded):
            if ref.source.title:
                return ref
            ref = ref.outward()
        return None

    @property
    def file(self) -> File:
        """The file it stands in."""
        source = self.in_file().source
        if not isinstance(source, File):
            raise TypeError("an embedded text without a file")  # pragma: no cover - by construction
        return source

    def order(self) -> tuple[str, int, int, int, int]:
        """Return a key that sorts references by file and position."""
        outer = self.in_file()
        return (self.file.name, outer.start, outer.end, self.start, self.end)

    def label(self, words: str) -> Label:
        """Return a label: this place, and what to say of it."""
        return Label(self, words)


@dataclass(frozen=True, slots=True)
class Label:
    """A place and the words that stand beside it in a report."""

    ref: Ref
    words: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file: the characters of a span become another text."""

    file: File
    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """The wish that a place, perhaps deep in a payload, read otherwise."""

    ref: Ref
    new: str

    def edit(self) -> Edit | None:
        """Return the change of the file that fulfils it, or None where its spelling forbids one."""
        source, start, end, new = self.ref.source, self.ref.start, self.ref.end, self.new
        while isinstance(source, Embedded):
            outer = source.mapping.rewrite(start, end, new)
            if outer is None:
                return None
            start, end, new = outer
            source = source.parent
        if not isinstance(source, File):
            raise TypeError("an embedded text without a file")  # pragma: no cover - by construction
        return Edit(source, start, end, new)


@dataclass(frozen=True, slots=True)
class NewFile:
    """The wish that there were a file beside another one.

    ``name`` is a single component, ``text`` has line feeds; the file ends its lines as its
    neighbour does, and is UTF-8.
    """

    beside: File
    name: str
    text: str

    @property
    def path(self) -> str:
        """Where it is written."""
        return self.beside.path.removesuffix(_last_part(self.beside.path)) + self.name

    @property
    def shown(self) -> str:
        """Its path as people are shown it."""
        return self.beside.name.removesuffix(_last_part(self.beside.name)) + self.name

    @property
    def file(self) -> File:
        """The file as it is before there is one: empty."""
        return File(self.shown, "", self.path)

    @property
    def content(self) -> str:
        """Its text with the line ends that it is to have."""
        return self.text.replace("\n", "\r\n") if "\r\n" in self.beside.text else self.text


def _last_part(path: str) -> str:
    return path.rpartition("/")[2].rpartition(os.sep)[2]


@dataclass(frozen=True, slots=True)
class Slice:
    """An embedded text that stands in its parent character by character."""

    offset: int

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        """Shift by the offset at which the text begins."""
        return self.offset + start, self.offset + end

    def rewrite(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        """Replace the same characters in the parent."""
        return self.offset + start, self.offset + end, new


@dataclass(frozen=True, slots=True)
class Opaque:
    """An embedded text of which only the whole can be pointed at."""

    begin: int
    end: int

    def to_parent(self, start: int, end: int) -> tuple[int, int]:  # noqa: ARG002 - the protocol's
        """Point at the whole."""
        return self.begin, self.end

    def rewrite(self, start: int, end: int, new: str) -> None:
        """Refuse: which characters carry the span is not known."""
