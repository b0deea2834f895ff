"""Candidates: the files of a run before they are opened, and what was left out and why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, overload

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SUFFIXES = (".yaml", ".yml", ".json")
"""Endings of manifests, compared without regard to case."""

KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml"})
"""Names of files that say which others belong together."""


class SkipReason(StrEnum):
    """Why something that may be a manifest was not read."""

    DANGLING_LINK = "dangling link"
    LOOP = "link loop"
    OUTSIDE_TREE = "link out of the tree"
    NOT_REGULAR = "not a regular file"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    SUBMODULE = "a submodule, not read"


class Candidate(NamedTuple):
    """A file to read.

    ``path`` opens it and is unique within a ``Discovery``. ``name`` is what people are shown:
    printable, with ``/``, relative to the current directory where the file is inside it. Two
    unprintable paths may share a name, so a file is never looked up by it.
    """

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, link or directory that was left out; ``detail`` is the system's word on it."""

    name: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """Files of one directory.

    Attributes:
        path: The directory as it is opened, with a separator behind it.
        name: As people are shown it, with ``/`` behind it; empty for the current directory.
        leaves: The names of the files.

    """

    path: str
    name: str
    leaves: Collection[str]

    def candidate(self, leaf: str) -> Candidate:
        """Return one of its files."""
        path = self.path + leaf
        return Candidate(path, printable(path if self.name == self.path else self.name + leaf))


_NOWHERE = Directory("", "", ())
_by_name = attrgetter("name", "path")


class Candidates(Sequence[Candidate]):
    """The files that were found, by name.

    Those of a large tree are known by directory, and made one by one only for who asks for all.

    Args:
        single: Files.
        directories: Directories, each with further files. None of them may be named twice.

    """

    def __init__(
        self, single: Iterable[Candidate] = (), directories: Iterable[Directory] = ()
    ) -> None:
        self._single = {candidate.path: candidate for candidate in single}
        self._directories = {directory.path: directory for directory in directories}
        self._all: tuple[Candidate, ...] | None = None

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._single) + sum(len(one.leaves) for one in self._directories.values())

    def __iter__(self) -> Iterator[Candidate]:
        """Yield all files, by name."""
        return iter(self._listed())

    @overload
    def __getitem__(self, index: int) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Candidate]: ...
    def __getitem__(self, index: int | slice) -> Candidate | Sequence[Candidate]:
        """Return a file, or several."""
        return self._listed()[index]

    def __eq__(self, other: object) -> bool:
        """Say whether these are the same files."""
        return isinstance(other, Candidates) and self._listed() == other._listed()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return the files as they are made."""
        return f"Candidates({list(self)!r})"

    def named(self, paths: Iterable[str]) -> dict[str, Candidate]:
        """Return those of some files that are among these, by what opens them."""
        return {candidate.path: candidate for candidate in self.among(paths)}

    def among(self, paths: Iterable[str]) -> list[Candidate]:
        """Return those of some files, by what opens them, that are among these, in their order."""
        found: list[Candidate] = []
        last, directory = None, _NOWHERE
        for path in paths:
            at = path.rfind(os.sep) + 1
            folder = path[:at]
            if folder != last:  # as a rule many of one directory follow each other
                last, directory = folder, self._directories.get(folder, _NOWHERE)
            leaf = path[at:]
            if leaf in directory.leaves:
                found.append(directory.candidate(leaf))
            elif path in self._single:
                found.append(self._single[path])
        return found

    def beyond(self, paths: Iterable[str]) -> list[Candidate]:
        """Return the files that are not among some, by what opens them.

        Args:
            paths: The others; it takes the least memory where those of a directory follow each
                other.

        """
        single = dict(self._single)
        parts: dict[str, set[str]] = {}
        """Of directories of which some files were named, and others not yet, which these are."""
        left = dict(self._directories)
        last, leaves, seen = None, _NOWHERE.leaves, set[str]()
        for path in paths:
            at = path.rfind(os.sep) + 1
            folder = path[:at]
            if folder != last:
                last = folder
                leaves = left.get(folder, _NOWHERE).leaves
                seen = parts.setdefault(folder, set()) if leaves else set()
            leaf = path[at:]
            if leaf in leaves:
                seen.add(leaf)
                if len(seen) == len(leaves):
                    del left[folder], parts[folder]
                    leaves = ()
            elif path in single:
                del single[path]
        found = [*single.values()]
        for path, one in left.items():
            seen = parts.get(path, set())
            found += [one.candidate(leaf) for leaf in one.leaves if leaf not in seen]
        return sorted(found, key=_by_name)

    def directories(self) -> Iterator[Directory]:
        """Yield the directories that the files stand in, each with all of them."""
        single: dict[str, list[Candidate]] = {}
        for candidate in self._single.values():
            path = candidate.path
            single.setdefault(path[: path.rfind(os.sep) + 1], []).append(candidate)
        for path, directory in self._directories.items():
            more = [os.path.basename(candidate.path) for candidate in single.pop(path, ())]
            leaves = {*directory.leaves, *more} if more else directory.leaves
            yield Directory(path, printable(directory.name), leaves)
        for path, listed in single.items():
            name = os.path.dirname(min(candidate.name for candidate in listed))
            leaves = [os.path.basename(candidate.path) for candidate in listed]
            yield Directory(path, os.path.join(name, ""), leaves)

    def _listed(self) -> tuple[Candidate, ...]:
        if self._all is None:
            found = [*self._single.values()]
            for directory in self._directories.values():
                found += map(directory.candidate, directory.leaves)
            found.sort(key=_by_name)
            self._all = tuple(found)
        return self._all


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, each part sorted; ``notes`` say where git's word was not taken.

    ``clusters`` are the paths of files whose cluster is known beforehand, each with its directory.
    """

    candidates: Candidates
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    clusters: tuple[tuple[str, str], ...] = ()


class PathError(Exception):
    """A path given by the user cannot be used; the message is one line that says what to do."""


def has_manifest_suffix(name: str) -> bool:
    """Say whether a file name ends like a manifest."""
    return name.endswith(SUFFIXES) or name[-5:].lower().endswith(SUFFIXES)


def manifests_among(names: Iterable[str]) -> list[str]:
    """Return those of some file names that end like a manifest."""
    return [name for name in names if name.endswith(SUFFIXES) or has_manifest_suffix(name)]


def printable(text: str) -> str:
    """Return ``text`` with U+FFFD in place of every character that is not printable.

    A file name may hold line breaks, terminal escapes and bytes that are no UTF-8 (surrogates
    in Python), none of which may reach a report.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def shown(path: str) -> str:
    """Return a path as people are shown it: relative to the current directory if it lies there."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # the current directory was removed
        return printable(path)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return printable(path if outside else relative).replace(os.sep, "/")
