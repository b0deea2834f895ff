"""Listings: what stands beneath some directories, as bytes that change when any of it does.

Two listings that are the same bytes mean that every file is what it was, and two that differ in one
place tell which files are not. In a git work tree git makes the listing: it knows the contents of
all files that are as they were checked out, by the ids of their blobs, so a fresh clone of the same
commit has the same listing. Elsewhere, and of files that git does not know, it is the size, the
times and the number of each file.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from linter.records import dataclass
from linter.sources.candidates import has_manifest_suffix
from linter.sources.entries import Kind, kind_of_entry
from linter.sources.worktree import ListingError, States, are_plain_files, in_worktree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

YOUNG = 2_000_000_000
"""Nanoseconds: a file that was written so lately may be written again within the same tick."""

MOST_CHANGED = 200
"""How many files may differ until everything is looked at anew."""

_BLOCK = 2**16
"""How many bytes are compared at a time: what fits into the processor's own memory."""

_AROUND = 2
"""How many entries around a difference are looked at: those of one file stand together."""


class Changes(NamedTuple):
    """What differs between two listings.

    ``touched`` are the paths of files that came, went or are not what they were, and ``moved``
    tells whether some of them came or went.
    """

    touched: frozenset[str]
    moved: bool


class NoListingError(Exception):
    """What stands there cannot be told by a listing alone."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands beneath some directories.

    ``texts`` have, for each directory, an entry for every file, each with a tab, the path relative
    to the directory, and a zero byte at its end. ``states`` are the size, times and number of each
    file for which no entry can stand, by path. ``young`` are the files that may be written again
    without a change of theirs.
    """

    texts: dict[str, bytes]
    states: dict[str, list[int]]
    young: frozenset[str] = frozenset()

    @property
    def lasts(self) -> bool:
        """Whether a change of anything will be seen: all are plain files, and none is young."""
        return not self.young and self.is_plain

    @property
    def is_plain(self) -> bool:
        """Whether everything that it stands for is a plain file."""
        return all(
            are_plain_files(text)
            for directory, text in self.texts.items()
            if in_worktree(os.path.realpath(directory))
        )

    def changes_since(self, old: Listing) -> Changes | None:
        """Return which files are not what they were.

        None where too many are not, or what stands there now is no file.
        """
        touched = {
            path
            for path in self.states.keys() | old.states.keys()
            if self.states.get(path) != old.states.get(path)
        }
        moved = any(self._has(path) != old._has(path) for path in touched)
        touched |= self.young
        if self.texts.keys() != old.texts.keys():
            return None
        for directory, text in self.texts.items():
            if text == old.texts[directory]:
                continue
            parts = _differing(text, old.texts[directory])
            # Of a listing that lasts all entries were plain files, so that the others still are.
            if in_worktree(os.path.realpath(directory)) and not are_plain_files(parts[0]):
                return None
            mine, others = map(_entries, parts)
            moved |= mine.keys() != others.keys()
            names = (n for n in mine.keys() | others.keys() if mine.get(n) != others.get(n))
            touched.update(os.path.join(directory, name) for name in names)
            if len(touched) > MOST_CHANGED:
                return None
        return Changes(frozenset(touched), moved)

    def _has(self, path: str) -> bool:
        """Say whether a file is there that may have a state of its own."""
        if path in self.states:
            return bool(self.states[path])
        for directory, text in self.texts.items():
            above = os.path.join(directory, "")
            if path.startswith(above) and os.fsencode(f"\t{path[len(above) :]}\0") in text:
                return True
        return False


def listing_of(directories: Sequence[str], states: States | None = None) -> Listing:
    """List what stands beneath some directories.

    Args:
        directories: They.
        states: What git says of them, where it is asked for elsewhere as well.

    Raises:
        NoListingError: Something there is no plain file or directory, or cannot be seen. In a git
            work tree :attr:`Listing.is_plain` tells more.

    """
    return begin_listing(directories, states)()


def begin_listing(
    directories: Sequence[str], states: States | None = None
) -> Callable[[], Listing]:
    """Let git look, and return what waits for it and does what :func:`listing_of` does.

    It must be called, and raises NoListingError as that does.
    """
    asked = states or States()
    reals = {one: real for one in directories if in_worktree(real := os.path.realpath(one))}
    for real in reals.values():
        asked.begin(real)

    def listing() -> Listing:
        answers: dict[str, tuple[bytes, list[str]]] = {}
        refusals: list[ListingError] = []
        for directory, real in reals.items():  # each must be waited for
            try:
                answers[directory] = asked.of(real)
            except ListingError as error:
                refusals.append(error)
        if refusals:
            raise NoListingError(str(refusals[0]))
        return _listing(directories, answers)

    return listing


def _listing(directories: Sequence[str], answers: dict[str, tuple[bytes, list[str]]]) -> Listing:
    texts: dict[str, bytes] = {}
    states: dict[str, list[int]] = {}
    young: set[str] = set()
    for directory in directories:
        if directory in answers:
            texts[directory], unknown = answers[directory]
            for path in (os.path.join(directory, name) for name in unknown):
                states[path] = _state(path, young)
        else:
            texts[directory] = b"".join(_walked(directory, young))
    return Listing(texts, states, frozenset(young))


def _walked(directory: str, young: set[str]) -> Iterator[bytes]:
    """Yield an entry for each manifest of a directory that is in no work tree."""
    found: list[tuple[str, list[int]]] = []
    stack = [directory]
    while stack:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    kind = kind_of_entry(entry)
                    if kind is Kind.DIRECTORY:
                        if entry.name != ".git":
                            stack.append(entry.path)
                    elif kind is Kind.LINK:
                        raise NoListingError(f"{entry.path} is a link")
                    elif has_manifest_suffix(entry.name):
                        status = entry.stat(follow_symlinks=False)
                        found.append((entry.path, _numbers(entry.path, status, young)))
        except OSError as error:
            raise NoListingError(str(error)) from error
    above = len(os.path.join(directory, ""))
    for path, numbers in sorted(found):
        yield os.fsencode(f"{' '.join(map(str, numbers))}\t{path[above:]}\0")


def _state(path: str, young: set[str]) -> list[int]:
    """Return what stands for a file that git does not vouch for; nothing for one that is gone."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise NoListingError(str(error)) from error
    return _numbers(path, status, young)


def _numbers(path: str, status: os.stat_result, young: set[str]) -> list[int]:
    if not stat.S_ISREG(status.st_mode):
        raise NoListingError("no plain file")
    if max(status.st_mtime_ns, status.st_ctime_ns) > time.time_ns() - YOUNG:
        young.add(path)
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _differing(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """Return the entries of each of two texts in which they differ, and a few around them."""
    head = _before(one, _common_start(one, other))
    most = min(len(one), len(other)) - head
    tail = _common_end(one, other, most)
    # Of what is alike at the end, whole entries are left out, but for the first few of them.
    at = len(one) - tail
    for _ in range(_AROUND + 1):
        at = one.find(b"\0", at) + 1 or len(one)
    tail = len(one) - at
    return one[head : len(one) - tail], other[head : len(other) - tail]


def _before(text: bytes, at: int) -> int:
    """Return where an entry begins that lies a few entries before an offset."""
    for _ in range(_AROUND + 1):
        at = text.rfind(b"\0", 0, max(at - 1, 0)) + 1
    return at


def _common_start(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts begin alike: by blocks, then by halving one of them."""
    low, size = 0, min(len(one), len(other))
    while low < size and one[low : low + _BLOCK] == other[low : low + _BLOCK]:
        low = min(low + _BLOCK, size)
    high = min(low + _BLOCK, size)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: bytes, other: bytes, most: int) -> int:
    """Return how many bytes two texts end alike, but no more than ``most``."""

    def alike(start: int, end: int) -> bool:
        mine = one[len(one) - end : len(one) - start]
        return mine == other[len(other) - end : len(other) - start]

    low = 0
    while low < most and alike(low, min(low + _BLOCK, most)):
        low = min(low + _BLOCK, most)
    high = min(low + _BLOCK, most)
    while low < high:
        middle = (low + high + 1) // 2
        if alike(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _entries(text: bytes) -> dict[str, list[bytes]]:
    """Return the entries of a text by path; a changed file has two, and others none of its own."""
    found: dict[str, list[bytes]] = {}
    for entry in text.split(b"\0")[:-1]:
        path = os.fsdecode(entry.partition(b"\t")[2])
        found.setdefault(path, []).append(entry)
    return found
