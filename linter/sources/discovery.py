"""Discovery: which files of the given paths may hold manifests.

Inside a git work tree git says which files count (tracked, or untracked and not ignored);
elsewhere the directory is walked. In both cases every real file is found once, under a name
that is no symbolic link where there is one, and no link leads out of the given directories.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from linter.sources.candidates import (
    Candidate,
    Discovery,
    PathError,
    Skipped,
    SkipReason,
    has_manifest_suffix,
    manifests_among,
    printable,
)
from linter.sources.entries import (
    Find,
    Folder,
    Kind,
    broken_link,
    folder,
    kind_of,
    kind_of_entry,
    kinds_in,
)
from linter.sources.finds import Finds
from linter.sources.worktree import (
    ListingError,
    States,
    in_worktree,
    list_plain,
    list_worktree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Candidate", "Discovery", "PathError", "SkipReason", "Skipped", "discover"]

_LONGEST_PATH = 4096
"""PATH_MAX: nothing with a longer name can be opened, so a forged index costs no time there."""

_NEVER_ENTERED = frozenset({"", ".", "..", ".git"})
"""Names that git refuses to track, but that a forged index may hold."""


def discover(paths: Sequence[str], states: States | None = None) -> Discovery:
    """List the manifests in ``paths``: files as they are, directories by their contents.

    ``states`` are what git says of directories, where it is asked for elsewhere as well.

    Raises ``PathError`` for a path that does not exist or cannot be reached. Everything else
    that cannot be read is in ``Discovery.skipped``.
    """
    search = _Search(states or States())
    for path in paths:
        search.give(path)
    return search.run()


class _Search:
    """One run of discovery. Real paths of directories are kept with a trailing separator."""

    def __init__(self, states: States) -> None:
        self._states = states
        try:
            self._cwd = os.path.join(os.getcwd(), "")
        except OSError:  # the current directory was removed: names stay as they were given
            self._cwd = ""
        self._roots: set[Folder] = set()
        self._files = Finds()
        self._links: list[Find] = []
        self._visited: set[str] = set()
        self._skipped: set[Skipped] = set()
        self._notes: set[str] = set()

    def give(self, path: str) -> None:
        """Take in a path of the user; raise ``PathError`` if it cannot be used."""
        try:
            mode = os.stat(path).st_mode
        except ValueError:
            raise PathError(f"{printable(path)!r} cannot be the name of a file") from None
        except OSError as error:
            # A link that leads nowhere does exist; one among many must not end the whole run.
            if not os.path.islink(path):
                raise PathError(
                    f"cannot use {printable(path)!r} ({error.strerror}): "
                    "name a file or a directory that exists and that you may read"
                ) from error
            self._skip(_bare(path), broken_link(error), error.strerror)
            return
        real = os.path.realpath(path)
        name = self._shown(path, real)
        rank = int(os.path.abspath(path) != real)
        if stat.S_ISDIR(mode):
            self._roots.add(folder(name, path, real, rank))
        elif stat.S_ISREG(mode):
            self._files.add(real, Find(rank, name, path))
        else:
            self._skip(name, SkipReason.NOT_REGULAR)

    def run(self) -> Discovery:
        """Search all directories given, then settle the links met on the way."""
        for root in sorted(self._roots, key=lambda root: (root.rank, root)):
            self._search(root)
        while self._links:
            batch = sorted(self._links)
            self._links = []
            for link in batch:
                self._settle(link)
        return Discovery(
            self._files.candidates(),
            tuple(sorted(self._skipped, key=lambda skip: (skip.name, skip.reason, skip.detail))),
            tuple(sorted(self._notes)),
        )

    def _search(self, root: Folder) -> None:
        """Search a directory the user named, by git's listing where there is a work tree."""
        if not in_worktree(_bare(root.real)):
            self._walk(root)
            return
        waiting = self._search_repository(root)
        while waiting:
            nested = waiting.pop()
            if os.path.lexists(nested.path + ".git"):
                waiting += self._search_repository(nested)
            else:  # a submodule that is no repository (yet), or a directory in a file's place
                self._walk(nested)

    def _search_repository(self, root: Folder) -> list[Folder]:
        """Take the files that git lists in ``root``; return the repositories nested in it."""
        plain: Sequence[str]
        try:
            real = _bare(root.real)
            plain, names = list_plain(real, self._states) or ((), list_worktree(real))
        except ListingError as error:
            self._note(root, f"git did not list it ({error}), so ignored files are read too")
            self._walk(root)
            return []
        # A directory that was named is wanted, even where git ignores all of it.
        if not (plain or names) and root in self._roots and self._walk(root):
            self._note(root, "git ignores every file in it; they are read because it was named")
        return self._take_listing(root, names, plain)

    def _take_listing(
        self, root: Folder, names: Iterable[str], plain: Iterable[str] = ()
    ) -> list[Folder]:
        """Take the files of a listing; return the entries of it that are directories.

        ``plain`` are names of plain files, if what leads to them are directories; ``names`` may be
        those of anything.
        """
        folders: dict[str, Folder | None] = {"": root}
        self._visited.add(root.real)
        by_parent: dict[str, dict[str, None]] = {}
        for name in manifests_among(plain):
            parent, _, leaf = name.rpartition("/")
            by_parent.setdefault(parent, {})[sys.intern(leaf)] = None  # many are called the same
        for parent, leaves in by_parent.items():
            if parent not in folders:
                self._enter(parent, folders)
            place = folders[parent]
            if place is not None:
                self._files.add_all(place, leaves)
        nested: dict[Folder, None] = {}
        kinds: dict[str, dict[str, Kind]] = {}
        for name in names:
            parent, _, leaf = name.rstrip("/").rpartition("/")
            if parent not in folders:
                self._enter(parent, folders)
            place = folders[parent]
            if place is None or leaf in _NEVER_ENTERED:
                continue
            if parent not in kinds:
                kinds[parent] = kinds_in(place.path)
            kind = kinds[parent].get(leaf) or kind_of(place.path + leaf)
            if kind is Kind.DIRECTORY:
                nested[place.below(leaf)] = None
            elif kind is not None:
                self._take(place, leaf, kind)
        return list(nested)

    def _enter(self, relative: str, folders: dict[str, Folder | None]) -> None:
        """Put ``relative`` and its parents into ``folders``; ``None`` is what is no directory.

        Git lists ``a/b`` from its index even where ``a`` has become a link to elsewhere, so no
        directory is entered before it was seen to be one.
        """
        if len(relative) > _LONGEST_PATH:
            folders[relative] = None
            return
        unknown = []
        while relative not in folders:
            unknown.append(relative)
            relative = relative.rpartition("/")[0]
        place = folders[relative]
        for relative in reversed(unknown):
            leaf = relative.rpartition("/")[2]
            if place is not None:
                plain = leaf not in _NEVER_ENTERED and kind_of(place.path + leaf) is Kind.DIRECTORY
                place = place.below(leaf) if plain else None
            if place is not None:
                self._visited.add(place.real)
            folders[relative] = place

    def _walk(self, root: Folder) -> int:
        """Take all files below ``root`` that are not in a visited directory; return how many."""
        before = len(self._files)
        stack = [root]
        while stack:
            place = stack.pop()
            if place.real in self._visited:
                continue
            self._visited.add(place.real)
            try:
                with os.scandir(place.path) as entries:
                    for entry in entries:
                        if entry.name == ".git":
                            continue
                        kind = kind_of_entry(entry)
                        if kind is Kind.DIRECTORY:
                            stack.append(place.below(entry.name))
                        else:
                            self._take(place, entry.name, kind)
            except OSError as error:
                self._skip(_bare(place.name) or ".", SkipReason.UNREADABLE, error.strerror)
        return len(self._files) - before

    def _take(self, place: Folder, leaf: str, kind: Kind) -> None:
        """Take one entry that is not a directory; links wait until all files are known."""
        if kind is Kind.LINK:
            self._links.append(place.find(leaf))
        elif has_manifest_suffix(leaf):
            if kind is Kind.FILE:
                self._files.add(place.real + leaf, place.find(leaf))
            else:
                self._skip(place.name + leaf, SkipReason.NOT_REGULAR)

    def _settle(self, link: Find) -> None:
        """Follow a link, unless what it leads to is outside or known under its own name.

        A dangling link is counted whatever its name: it may have led to a directory.
        """
        try:
            # stat comes first: the system follows 40 links, realpath recurses without a bound.
            mode = os.stat(link.path).st_mode
            real = os.path.realpath(link.path, strict=True)
        except OSError as error:
            self._skip(link.name, broken_link(error), error.strerror)
            return
        directory = stat.S_ISDIR(mode)
        if real in self._files or not (directory or has_manifest_suffix(link.name)):
            return
        if not self._inside_roots(os.path.join(real, "")):
            self._skip(link.name, SkipReason.OUTSIDE_TREE)
        elif directory:
            self._walk(folder(link.name, link.path, real, rank=2))
        elif stat.S_ISREG(mode):
            self._files.add(real, link._replace(rank=2))
        else:
            self._skip(link.name, SkipReason.NOT_REGULAR)

    def _inside_roots(self, real: str) -> bool:
        """Say whether a real path is in a given directory, and not in git's own store."""
        return any(
            real.startswith(root.real) and ".git" not in real[len(root.real) :].split(os.sep)
            for root in self._roots
        )

    def _shown(self, path: str, real: str) -> str:
        """Return the name for a given path, relative to the current directory if inside it."""
        lexical = os.path.abspath(path)
        # ``link/..`` is not what it looks like: only a spelling that leads to the file is used.
        if lexical != real and os.path.realpath(lexical) != real:
            lexical = real
        for spelling in (lexical, real):
            if self._cwd and os.path.join(spelling, "").startswith(self._cwd):
                return _posix(spelling[len(self._cwd) :]) or "."
        return _posix(_bare(path))

    def _skip(self, name: str, reason: SkipReason, detail: str | None = None) -> None:
        self._skipped.add(Skipped(printable(name), reason, detail or ""))

    def _note(self, place: Folder, words: str) -> None:
        self._notes.add(printable(f"{_bare(place.name) or '.'}: {words}"))


def _bare(path: str) -> str:
    """Return ``path`` without its trailing slashes; the root directory keeps its only one."""
    return path.rstrip("/" + os.sep) or path[:1]


def _posix(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")
