"""The two sides of a comparison: where their files come from, and which of them are the same."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from linter.records import dataclass, field, replace
from linter.sources.candidates import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from linter.engine.loading import Reader
    from linter.sources.candidates import Candidate, Discovery


def _nothing(paths: Iterable[str]) -> None:
    """Take no notice of what will be read."""


@dataclass(frozen=True, slots=True)
class StateSource:
    """Where the files of a state come from.

    Attributes:
        words: What people call the state, such as ``HEAD~1`` or ``the work tree``.
        root: The directory that is compared.
        found: The files beneath it.
        read: Returns the bytes of one of them, or why there are none.
        prefix: What stands before the names of files that the other state has otherwise.
        ids: The ids of the contents of files by path, as far as git knows them.
        expect: Is told which files alone will be read from now on.

    """

    words: str
    root: str
    found: Discovery
    read: Reader
    prefix: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    expect: Callable[[Iterable[str]], None] = _nothing


class Side:
    """A state with its files by their place in the directory that is compared.

    Attributes:
        source: Where they come from.
        files: The files by their place.
        ids: The id of the contents of each file that can be read, by its place.

    """

    def __init__(self, source: StateSource, id_length: int) -> None:
        self.source = source
        self._above = os.path.join(source.root, "")
        self._absolute = os.path.join(os.path.abspath(source.root), "")
        self.files = {self.place(one.path): one for one in source.found.candidates}
        self.ids: dict[str, str] = {}
        for place, candidate in self.files.items():
            oid = source.ids.get(candidate.path)
            if oid is None:
                data = source.read(candidate)
                oid = None if isinstance(data, Skipped) else blob_id(data, id_length)
            if oid is not None:
                self.ids[place] = oid

    def place(self, path: str) -> str:
        """Return the place of a file, given the path that opens it."""
        if path.startswith(self._above):
            return path[len(self._above) :]
        return os.path.relpath(path, self.source.root)

    def inside(self, path: str) -> str:
        """Return the place of what has an absolute path."""
        if path.startswith(self._absolute):
            return path[len(self._absolute) :]
        return os.path.relpath(path, self._absolute)


def sides(old: StateSource, new: StateSource) -> tuple[Side, Side]:
    """Return both sides of a comparison.

    Contents have ids of one kind in both, and what is the same in both is read of the new one only.
    """
    length = next((len(oid) for one in (old, new) for oid in one.ids.values()), _SHA1)
    before, after = Side(old, length), Side(new, length)
    places = {before.files[place].path: place for place in before.ids.keys() & after.ids.keys()}
    same = {
        path: after.files[place]
        for path, place in places.items()
        if before.ids[place] == after.ids[place]
    }

    def read(candidate: Candidate) -> bytes | Skipped:
        other = same.get(candidate.path)
        return old.read(candidate) if other is None else new.read(other)

    old.expect(one.path for one in old.found.candidates if one.path not in same)
    before.source = replace(old, read=read)
    return before, after


_SHA1 = 40


def blob_id(data: bytes, length: int) -> str:
    """Return the id that git gives to the contents of a file.

    Args:
        data: The contents.
        length: How many digits ids have: those of SHA-1, or of SHA-256.

    """
    head = b"blob %d\0" % len(data)
    if length == _SHA1:
        return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()
    return hashlib.sha256(head + data).hexdigest()
