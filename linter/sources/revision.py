"""The files of a commit, read from git's objects: nothing is checked out.

Only ``git rev-parse``, ``ls-tree``, ``ls-files`` and ``cat-file`` are run, which run no hook and no
filter. Formats: git-ls-tree(1) with ``-z -l`` and git-cat-file(1) with ``--batch``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.candidates import (
    Candidate,
    Candidates,
    Discovery,
    PathError,
    Skipped,
    SkipReason,
    has_manifest_suffix,
    printable,
)
from linter.sources.git_command import GitError, run_git
from linter.sources.reading import MAX_FILE_BYTES, too_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_REGULAR = frozenset({"100644", "100755", "100664"})
_LINK, _SUBMODULE = "120000", "160000"
_NEVER_TRACKED = frozenset({"", ".", "..", ".git"})
_MOST_LINKS = 40
"""As many as Linux follows."""

_LONGEST_TARGET = 4096
_BATCH_BYTES = 32 * 1024 * 1024
_OBJECT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class RevisionError(Exception):
    """A revision cannot be read; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, link or submodule of a commit."""

    mode: str
    oid: str


@dataclass(frozen=True, slots=True)
class Place:
    """A directory of a work tree.

    Attributes:
        given: As it was given.
        real: Its real path.
        below: What the paths of its files in the repository begin with: ``a/b/``, or nothing.

    """

    given: str
    real: str
    below: str


class Revision:
    """A directory as it is in a commit. Build it with :func:`open_revision`.

    Attributes:
        name: The revision as it was given, printable.
        commit: The object name of the commit.

    """

    def __init__(self, name: str, commit: str, place: Place, entries: Mapping[str, Entry]) -> None:
        self.name = name
        self.commit = commit
        self._top = place.real
        self._below = place.below
        self._given = place.given
        self._entries = entries
        self._objects: dict[str, str] = {}
        """The object of each candidate by its path, in order."""
        self._sizes: dict[str, int] = {}
        self._ready: dict[str, bytes] = {}
        self._expected: frozenset[str] | None = None
        self._folders: frozenset[str] | None = None

    def discover(self, shown: str) -> Discovery:
        """List the manifests, as :func:`linter.sources.discovery.discover` does on the disk.

        Args:
            shown: The directory as people are shown it, with ``/`` at its end or empty.

        """
        found: list[Candidate] = []
        skipped: list[Skipped] = []
        for path in sorted(self._entries):
            entry = self._entries[path]
            if not path.startswith(self._below):
                continue
            relative = path[len(self._below) :]
            name = printable(shown + relative)
            if entry.mode == _SUBMODULE:
                skipped.append(Skipped(name, SkipReason.SUBMODULE, f"at {entry.oid[:12]}"))
                continue
            if entry.mode == _LINK:
                answer = self._followed(path, name)
                if isinstance(answer, Skipped):
                    skipped.append(answer)
                if not isinstance(answer, Entry):
                    continue
                entry = answer
            if not has_manifest_suffix(path):
                continue
            at = os.path.join(self._given, *relative.split("/"))
            self._objects[at] = entry.oid
            found.append(Candidate(at, name))
        candidates = Candidates(found)
        self._objects = {one.path: self._objects[one.path] for one in candidates}
        return Discovery(candidates, tuple(skipped))

    def read(self, candidate: Candidate) -> bytes | Skipped:
        """Return the bytes of a candidate of :meth:`discover`."""
        oid = self._objects[candidate.path]
        if oid not in self._ready:
            self._ready = self._fetched(self._next(candidate.path))
        if self._sizes[oid] > MAX_FILE_BYTES:
            return too_large(candidate)
        data = self._ready.get(oid)
        if data is None:
            detail = f"object {oid[:12]} is not in this clone"
            return Skipped(candidate.name, SkipReason.UNREADABLE, detail)
        return data

    @property
    def ids(self) -> Mapping[str, str]:
        """The objects of the candidates of :meth:`discover`, by their paths."""
        return self._objects

    def expect(self, paths: Iterable[str]) -> None:
        """Take notice that of all candidates only those of some paths are likely to be read."""
        self._expected = frozenset(paths)

    @property
    def submodules(self) -> frozenset[str]:
        """The submodules, relative to the directory."""
        return frozenset(
            path[len(self._below) :]
            for path, entry in self._entries.items()
            if entry.mode == _SUBMODULE and path.startswith(self._below)
        )

    def _next(self, path: str) -> list[str]:
        """Return the objects of a candidate and of those expected after it, as fit in memory."""
        wanted: dict[str, None] = {}
        met = False
        for candidate, oid in self._objects.items():
            met |= candidate == path
            expected = self._expected is None or candidate in self._expected
            if met and (expected or candidate == path):
                wanted[oid] = None
        self._measure(wanted)
        listed: list[str] = []
        total = 0
        for oid in wanted:
            size = self._sizes[oid]
            if size > MAX_FILE_BYTES:
                continue
            total += size
            if listed and total > _BATCH_BYTES:
                break
            listed.append(oid)
        return listed

    def _measure(self, oids: Iterable[str]) -> None:
        """Ask for the sizes of objects in bytes; those that the clone lacks have none."""
        unknown = [oid for oid in oids if oid not in self._sizes]
        if not unknown:
            return
        self._sizes |= dict.fromkeys(unknown, 0)
        answer = self._asked_of(unknown, "--batch-check=%(objectname) %(objectsize)")
        for line in answer.decode("ascii", "replace").splitlines():
            oid, _, size = line.partition(" ")
            if size.isdigit():
                self._sizes[oid] = int(size)

    def _fetched(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of objects; those that the clone lacks are left out."""
        return dict(_contents(self._asked_of(oids, "--batch")))

    def _asked_of(self, oids: Iterable[str], what: str) -> bytes:
        asked = "".join(f"{oid}\n" for oid in oids).encode()
        try:
            return run_git(self._top, ("cat-file", what), asked)
        except GitError as error:
            raise RevisionError(f"cannot read {self.name}: {error}") from error

    def _followed(self, path: str, name: str) -> Entry | Skipped | None:
        """Return the file that a link leads to.

        None where it leads to a directory, or to a file that is found under its own name.
        """
        at = path
        for _ in range(_MOST_LINKS):
            entry = self._entries.get(at)
            if entry is None:
                if at not in self._every_folder():
                    return Skipped(name, SkipReason.DANGLING_LINK)
                return None if self._inside(at + "/") else Skipped(name, SkipReason.OUTSIDE_TREE)
            if entry.mode == _SUBMODULE:
                return Skipped(name, SkipReason.OUTSIDE_TREE, "into a submodule")
            if entry.mode != _LINK:
                if not has_manifest_suffix(path):
                    return None
                if not self._inside(at):
                    return Skipped(name, SkipReason.OUTSIDE_TREE)
                return None if has_manifest_suffix(at) else entry
            target = self._target(entry)
            if target is None or target.startswith("/"):
                return Skipped(name, SkipReason.OUTSIDE_TREE)
            at = os.path.normpath(os.path.join(os.path.dirname(at), target))
            at = "" if at == "." else at
            if at == ".." or at.startswith("../"):
                return Skipped(name, SkipReason.OUTSIDE_TREE)
        return Skipped(name, SkipReason.LOOP)

    def _inside(self, path: str) -> bool:
        return path.startswith(self._below)

    def _every_folder(self) -> frozenset[str]:
        """Return the directories of the commit, the top one as an empty text."""
        if self._folders is None:
            folders = {""}
            for path in self._entries:
                above = path.rpartition("/")[0]
                while above not in folders:
                    folders.add(above)
                    above = above.rpartition("/")[0]
            self._folders = frozenset(folders)
        return self._folders

    def _target(self, entry: Entry) -> str | None:
        self._measure([entry.oid])
        if self._sizes[entry.oid] > _LONGEST_TARGET:
            return None
        data = self._fetched([entry.oid]).get(entry.oid)
        return os.fsdecode(data) if data else None


def open_revision(directory: str, revision: str) -> Revision:
    """Open a directory as it is in a commit.

    Args:
        directory: A directory of a work tree.
        revision: What git takes for a commit: a branch, a tag, ``HEAD~1``, an object name.

    Raises:
        PathError: There is no such directory.
        RevisionError: It is in no repository, or git does not know the commit.

    """
    shown = printable(revision)
    if not os.path.isdir(directory):
        raise PathError(f"cannot use {printable(directory)!r}: name a directory that exists")
    real = os.path.realpath(directory)
    top = _asked(real, ("rev-parse", "--show-toplevel"))
    if top is None:
        raise RevisionError(
            f"{printable(directory)!r} is in no git work tree, so there is no {shown!r}; "
            "compare two directories instead: wplint plan OLD NEW"
        )
    commit = _commit(real, revision, shown)
    try:
        listed = run_git(real, ("ls-tree", "-r", "-z", "--full-tree", commit))
    except GitError as error:
        raise RevisionError(f"cannot list the files of {shown!r}: {error}") from error
    below = os.path.relpath(real, os.path.realpath(top)).replace(os.sep, "/") + "/"
    below = "" if below == "./" else below
    place = Place(directory, real, below)
    return Revision(shown, commit, place, dict(_entries(listed)))


def submodules_of_index(directory: str) -> frozenset[str]:
    """Return the submodules below a directory of a work tree, relative to it.

    Raises:
        RevisionError: Git does not list them.

    """
    try:
        listed = run_git(os.path.realpath(directory), ("ls-files", "--stage", "-z"))
    except GitError as error:
        raise RevisionError(f"cannot list {printable(directory)!r}: {error}") from error
    rows = (row.partition("\t") for row in os.fsdecode(listed).split("\0"))
    return frozenset(path for head, _, path in rows if head.startswith(_SUBMODULE))


def _commit(directory: str, revision: str, shown: str) -> str:
    """Return the object name of the commit that a revision names."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise RevisionError(f"{shown!r} is no revision; name a branch, a tag or a commit")
    found = _asked(
        directory, ("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    )
    if found is not None and _OBJECT.fullmatch(found):
        return found
    if _asked(directory, ("rev-parse", "--is-shallow-repository")) == "true":
        raise RevisionError(
            f"git knows no commit {shown!r}, and this clone is shallow: fetch its history first "
            "(git fetch --unshallow; fetch-depth: 0 in GitHub's checkout, GIT_DEPTH: 0 in GitLab)"
        )
    raise RevisionError(
        f"git knows no commit {shown!r}; git log and git branch -a list what it has"
    )


def _asked(directory: str, arguments: tuple[str, ...]) -> str | None:
    """Return what git answers on one line; None where it does not know."""
    try:
        return os.fsdecode(run_git(directory, arguments)).rstrip("\n")
    except GitError:
        return None


def _entries(listed: bytes) -> Iterator[tuple[str, Entry]]:
    """Yield what ``git ls-tree -z`` lists: mode, type, object, a tab and the path."""
    for row in os.fsdecode(listed).split("\0"):
        head, tab, path = row.partition("\t")
        fields = head.split()
        if not tab or len(fields) != 3 or not _NEVER_TRACKED.isdisjoint(path.split("/")):
            continue
        mode, _, oid = fields
        if mode in _REGULAR or mode in {_LINK, _SUBMODULE}:
            yield path, Entry(mode, oid)


def _contents(answer: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what ``git cat-file --batch`` prints: object, type, size, and so many bytes."""
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        fields = answer[at:end].decode("ascii", "replace").split()
        at = end + 1
        if len(fields) == 3 and fields[2].isdigit():
            size = int(fields[2])
            yield fields[0], answer[at : at + size]
            at += size + 1
