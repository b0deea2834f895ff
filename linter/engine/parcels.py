"""Parcels: verdicts as JSON, to be kept from one run to the next.

A record is a list that begins with the number of its class; the places that it names are a table
of texts and spans in them. Texts of files are not kept: they are read again, and the parcel is
worth nothing where one of them is not what it was. A text within a file, such as a payload, is kept
with where the spans that are named stand in the text around it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from linter.engine.findings import Applicability, Finding, Fix, Severity
from linter.engine.loading import text_of
from linter.engine.outcome import ClusterOutcome, PoolOutcome, RuleFailure, SkippedFile
from linter.engine.sharing import Reading
from linter.engine.suppressions import Suppression
from linter.engine.verdict import Verdict
from linter.records import dataclass
from linter.sources.candidates import Candidate, Skipped
from linter.sources.text import Embedded, File, Label, NewFile, Ref, Replacement, Source

if TYPE_CHECKING:
    from linter.engine.loading import Reader

_CLASSES: tuple[Any, ...] = (
    Verdict, ClusterOutcome, PoolOutcome, Finding, Fix, Label, SkippedFile, RuleFailure,
    Reading, NewFile, Suppression,
)  # fmt: skip
_NUMBERS = {kind: number for number, kind in enumerate(_CLASSES)}
_REF, _TUPLE, _SEVERITY, _APPLICABILITY, _REPLACEMENT, _FILE = "r", "t", "s", "a", "e", "f"


class StaleParcelError(Exception):
    """A parcel that does not fit the files, or is none."""


class Packer:
    """Packs records; what it has packed shares one table of texts."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, Source]] = {}
        self._texts: list[list[Any]] = []

    def packed(self, value: Any) -> Any:
        """Return a record, or a part of it, as JSON can hold it.

        Raises:
            TypeError: It holds something that nobody has thought of.

        """
        kind = type(value)
        if value is None or kind in {str, int, bool}:
            return value
        if kind is tuple:
            return [_TUPLE, *map(self.packed, value)]
        if kind in _NUMBERS:
            fields = (getattr(value, name) for name in kind.__record_fields__)
            return [_NUMBERS[kind], *map(self.packed, fields)]
        if kind is Ref:
            return [_REF, *self._place(value)]
        if kind is File:
            return [_FILE, self._number(value)]
        if kind is Severity:
            return [_SEVERITY, value.value]
        if kind is Applicability:
            return [_APPLICABILITY, value.value]
        if kind is Replacement and (edit := value.edit()) is not None:
            return [_REPLACEMENT, self._number(edit.file), edit.start, edit.end, edit.new]
        raise TypeError(f"{kind.__name__} cannot be kept")

    @property
    def texts(self) -> list[list[Any]]:
        """The table of texts: of files their names, of others what is in them and around them."""
        return self._texts

    def _place(self, ref: Ref) -> tuple[int, int, int]:
        number = self._number(ref.source)
        if isinstance(ref.source, Embedded):
            spans = self._texts[number][3]
            around = ref.source.mapping.to_parent(ref.start, ref.end)
            if [ref.start, ref.end, *around] not in spans:
                spans.append([ref.start, ref.end, *around])
                self._place(Ref(ref.source.parent, *around))
        return number, ref.start, ref.end

    def _number(self, source: Source) -> int:
        known = self._known.get(id(source))
        if known is not None:
            return known[0]
        if isinstance(source, Embedded):
            entry: list[Any] = [self._number(source.parent), source.title, source.text, []]
        elif isinstance(source, File):
            entry = [source.name, source.path, digest_of(source)]
        else:
            raise TypeError(f"{type(source).__name__} cannot be kept")
        number = len(self._texts)
        self._known[id(source)] = (number, source)
        self._texts.append(entry)
        return number


class Unpacker:
    """Unpacks what a packer has packed.

    Args:
        texts: The packer's table.
        read: Returns the bytes of a file, or why there are none.

    """

    def __init__(self, texts: list[list[Any]], read: Reader) -> None:
        self._texts = texts
        self._read = read
        self._sources: dict[int, Source] = {}

    @property
    def files(self) -> dict[str, File]:
        """The files that were asked for so far, by the paths that open them."""
        return {one.path: one for one in self._sources.values() if isinstance(one, File)}

    def _source(self, number: int) -> Source:
        """Return a text, which is read or put together when it is first asked for."""
        source = self._sources.get(number)
        if source is None:
            entry = self._texts[number]
            if type(entry[0]) is int:
                parent, title, text, spans = entry
                places = {(start, end): (begin, stop) for start, end, begin, stop in spans}
                source = Embedded(text, self._source(parent), Kept(places), title)
            else:
                name, path, digest = entry
                source = _file(name, path, digest, self._read)
            self._sources[number] = source
        return source

    def unpacked(self, value: Any) -> Any:
        """Return what was packed.

        Raises:
            StaleParcelError: A file that it names is not what it was, or it names nothing.

        """
        if type(value) is not list:
            return value
        kind, parts = value[0], value[1:]
        if kind == _TUPLE:
            return tuple(map(self.unpacked, parts))
        if type(kind) is int:
            return _CLASSES[kind](*map(self.unpacked, parts))
        if kind == _REF:
            return Ref(self._source(parts[0]), parts[1], parts[2])
        if kind == _FILE:
            return self._source(parts[0])
        if kind == _SEVERITY:
            return Severity(parts[0])
        if kind == _APPLICABILITY:
            return Applicability(parts[0])
        if kind == _REPLACEMENT:
            return Replacement(Ref(self._source(parts[0]), parts[1], parts[2]), parts[3])
        raise StaleParcelError(f"no part is called {kind!r}")


@dataclass(frozen=True, slots=True)
class Kept:
    """How some spans of an embedded text lie in the text around it."""

    places: dict[tuple[int, int], tuple[int, int]]

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        """Look up a span, or the smallest one around it that is known."""
        known = self.places.get((start, end))
        if known is None:
            around = [span for span in self.places if span[0] <= start and end <= span[1]]
            known = self.places[min(around, key=lambda span: span[1] - span[0])]
        return known

    def rewrite(self, start: int, end: int, new: str) -> None:
        """Refuse: repairs are kept as changes of the file."""


def digest_of(file: File) -> str:
    """Return what stands for the text of a file."""
    spelled = f"{file.encoding} {file.bom} {file.text}".encode("utf-8", "surrogatepass")
    return blake2b(spelled, digest_size=16).hexdigest()


def _file(name: str, path: str, digest: str, read: Reader) -> File:
    candidate = Candidate(path, name)
    data = read(candidate)
    if not isinstance(data, Skipped):
        file, _ = text_of(candidate, data)
        if digest_of(file) == digest:
            return file
    raise StaleParcelError(f"{name} is not what it was")
