"""The files of a git work tree, as git itself lists them: only ``git ls-files`` is run."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, Self

from linter.regexes import regex
from linter.sources.git_command import GitError, begin_git, run_git

if TYPE_CHECKING:
    from collections.abc import Callable


class ListingError(Exception):
    """Git did not list the directory; the message says why, in one line."""


def worktree_of(directory: str) -> str | None:
    """Return the root of the work tree that holds ``directory`` (a real, absolute path), or None.

    It is the nearest directory, from this one upwards, that holds ``.git``.
    """
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def in_worktree(directory: str) -> bool:
    """Say whether ``directory`` (a real, absolute path) is in a work tree."""
    return worktree_of(directory) is not None


def list_worktree(directory: str) -> list[str]:
    """Return the tracked and the untracked, not ignored files below ``directory``.

    ``directory`` is an absolute path, so that it can never be read as an option. The names are
    relative to it, with ``/`` and in no promised order; names that are not UTF-8 hold
    surrogates, as everywhere in Python. A submodule and an untracked repository are one entry
    each (the latter ends in ``/``), and entries that are gone from the disk are still listed.

    Raises ``ListingError`` where git is absent, refuses or does not answer.
    """
    try:
        listed = run_git(
            directory, ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        )
    except GitError as error:
        raise ListingError(str(error)) from error
    return [name for name in os.fsdecode(listed).split("\0") if name]


_LARGE_INDEX = 1_000_000
"""Bytes: some ten thousand files. Below that, seeing them costs less than asking git once more."""

_PLAIN = regex("H 100(?:644|755) [0-9a-f]+ 0\t([^\0]*)\0")


def list_index(directory: str) -> bytes:
    """Return the names of the files below ``directory`` that git's index has.

    Behind each is a zero byte. Nothing is said of what stands there.
    """
    try:
        return run_git(directory, ("ls-files", "-z"))
    except GitError:
        return b""


def has_large_index(directory: str) -> bool:
    """Say whether a directory is in a work tree of so many files that git is to be asked ahead."""
    root = worktree_of(directory)
    try:
        return root is not None and (
            os.stat(os.path.join(root, ".git", "index")).st_size >= _LARGE_INDEX
        )
    except OSError:
        return False


def list_plain(directory: str, states: States) -> tuple[list[str], list[str]] | None:
    """Return what :func:`list_worktree` does: files that git has just seen to be so, and the rest.

    None where git is not asked, because there is little to see or it would run a program. What git
    saw are plain files, unless a directory on the way to one is a link.
    """
    if not has_large_index(directory):
        return None
    try:
        listing, unknown = states.of(directory)
    except ListingError:
        return None
    text, changed = os.fsdecode(listing), set(unknown)
    named = _PLAIN.findall(text)
    plain = [name for name in named if name not in changed] if changed else named
    others: list[str] = []
    if len(named) < listing.count(b"\0"):
        others = _PLAIN.sub("", text).split("\0")[:-1]
    return plain, sorted(changed.union(entry.partition("\t")[2] for entry in others))


def list_states(directory: str) -> tuple[bytes, list[str]]:
    """Return what git knows of the files below ``directory``, and the names it does not vouch for.

    The first is what ``git ls-files`` prints of tracked files: a tag, the mode, the id of the blob,
    a tab, the name relative to ``directory``, and a zero byte. The second are files that were
    changed since they were checked out, and untracked ones.

    Raises ``ListingError`` where git is absent, refuses or does not answer, and where asking would
    run a program that the repository names.
    """
    return begin_states(directory)()


def begin_states(directory: str, *, sure: bool = True) -> Callable[[], tuple[bytes, list[str]]]:
    """Let git look, and return what waits for it and does what :func:`list_states` does.

    Args:
        directory: The directory.
        sure: Whether git is to look at each tracked file. If not, all of them count as what they
            were when they were checked out, which then has to be made sure of otherwise.

    """
    try:
        settings = run_git(directory, ("config", "--local", "--includes", "--list", "--name-only"))
        if b"\nfilter." in b"\n" + settings:
            raise ListingError("the repository has filters of its own")
        options = ["-z", "-v", "--stage", "--others", "--exclude-standard"]
        if sure:
            options.append("--modified")
        answer = begin_git(directory, ("ls-files", *options))
    except GitError as error:
        raise ListingError(str(error)) from error

    def states() -> tuple[bytes, list[str]]:
        try:
            return _states_in(answer())
        except GitError as error:
            raise ListingError(str(error)) from error

    return states


class States:
    """What :func:`list_states` returns of some directories, of each of which git is asked once.

    In a ``with`` statement git is waited for at its end, whatever happens meanwhile.

    Args:
        kept: Whether an answer is kept until then, or given away when it is first asked for: that
            of a large tree is large as well.

    """

    def __init__(self, *, kept: bool = True) -> None:
        self._kept = kept
        self._begun: dict[str, Callable[[], tuple[bytes, list[str]]]] = {}
        self._known: dict[str, tuple[bytes, list[str]] | ListingError] = {}

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(self, *about: object) -> None:
        """Wait for all that was begun, and forget what is known."""
        for directory in tuple(self._begun):
            self._wait(directory)
        self._known.clear()

    def begin(self, directory: str, *, sure: bool = True) -> None:
        """Let git look at what is below a directory, as ``begin_states`` does, unless it did."""
        if directory in self._begun or directory in self._known:
            return
        try:
            self._begun[directory] = begin_states(directory, sure=sure)
        except ListingError as error:
            self._known[directory] = error

    def of(self, directory: str) -> tuple[bytes, list[str]]:
        """Return what git says of a directory; raise ``ListingError`` as ``list_states`` does."""
        self.begin(directory)
        self._wait(directory)
        known = self._known[directory] if self._kept else self._known.pop(directory)
        if isinstance(known, ListingError):
            raise known
        return known

    def _wait(self, directory: str) -> None:
        begun = self._begun.pop(directory, None)
        if begun is not None:
            try:
                self._known[directory] = begun()
            except ListingError as error:
                self._known[directory] = error


def _states_in(listing: bytes) -> tuple[bytes, list[str]]:
    """Divide what git prints: other files come first."""
    at = 0
    while listing.startswith(b"? ", at):
        at = listing.index(b"\0", at) + 1
    unknown = [os.fsdecode(entry[2:]) for entry in listing[:at].split(b"\0")[:-1]]
    listing = listing[at:] if at else listing
    at = 0 if listing.startswith(b"C ") else listing.find(b"\0C ") + 1 or len(listing)
    while at < len(listing):  # to take all entries apart would take as long as everything else
        end = listing.index(b"\0", at)
        unknown.append(os.fsdecode(listing[at:end].partition(b"\t")[2]))
        at = listing.find(b"\0C ", end) + 1 or len(listing)
    return listing, unknown


def ids_in(listing: bytes) -> dict[str, str]:
    """Return the blobs of the plain files in what :func:`list_states` returns, by their names.

    Those that git must not look at, or that are in the middle of a merge, are left out.
    """
    found: dict[str, str] = {}
    for entry in os.fsdecode(listing).split("\0"):
        head, _, name = entry.partition("\t")
        fields = head.split(" ")
        if len(fields) == 4 and fields[0] == "H" and fields[1][:3] == "100" and fields[3] == "0":
            found[name] = fields[2]
    return found


def submodules_in(listing: bytes) -> frozenset[str]:
    """Return the names of the submodules in what :func:`list_states` returns."""
    entries = os.fsdecode(listing).split("\0")
    return frozenset(e.partition("\t")[2] for e in entries if e[1:].startswith(" 160000 "))


def are_plain_files(listing: bytes) -> bool:
    """Say whether all that git lists are plain files, and none is one that it must not look at."""
    plain = sum(listing.count(b"\0%c 100%d " % kind) for kind in product(b"HC", (644, 755)))
    return plain + listing.startswith((b"H 100", b"C 100")) == listing.count(b"\0")
