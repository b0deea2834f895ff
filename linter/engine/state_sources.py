"""The two states that are compared: directories on the disk, the work tree of git, its commits."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.side import StateSource
from linter.sources.candidates import (
    Candidates,
    Discovery,
    PathError,
    Skipped,
    SkipReason,
    printable,
)
from linter.sources.discovery import discover
from linter.sources.reading import read
from linter.sources.revision import open_revision, submodules_of_index
from linter.sources.worktree import ListingError, ids_in, list_states, submodules_in

if TYPE_CHECKING:
    from linter.sources.revision import Revision

WORK_TREE = "worktree"
"""What stands for the files on the disk where a revision is asked for."""


def directories(old: str, new: str) -> tuple[StateSource, StateSource]:
    """Return the states of two directories.

    Raises:
        PathError: One of them is none.

    """
    return _directory(old), _directory(new)


def revisions(path: str, old: str, new: str) -> tuple[StateSource, StateSource]:
    """Return the states of a directory in two commits, or in a commit and on the disk.

    Args:
        path: A directory of a git work tree.
        old: The commit before.
        new: The commit afterwards, or :data:`WORK_TREE`.

    Raises:
        PathError: There is no such directory.
        RevisionError: Git does not know a commit, or cannot read it.

    """
    before = open_revision(path, old)
    shown = _shown(path)
    if new == WORK_TREE:
        after = _work_tree(path, before, shown)
    else:
        one = open_revision(path, new)
        after = _commit(one, path, shown)
    return _commit(before, path, shown, f"{before.name}:"), after


def _commit(one: Revision, path: str, shown: str, prefix: str = "") -> StateSource:
    found = one.discover(shown)
    return StateSource(one.name, path, found, one.read, prefix, one.ids, one.expect)


def _directory(path: str) -> StateSource:
    if not os.path.isdir(path):
        raise PathError(f"cannot use {printable(path)!r}: name a directory that exists")
    return StateSource(printable(path), path, discover([path]), read)


def _work_tree(path: str, before: Revision, shown: str) -> StateSource:
    """Return the files on the disk; submodules are left out, as they are of commits."""
    found = discover([path])
    submodules, ids = _known_to_git(path)
    nested = {f"{shown}{printable(name)}/" for name in before.submodules | submodules}
    kept = [one for one in found.candidates if not one.name.startswith(tuple(nested))]
    skipped = [
        Skipped(name.rstrip("/"), SkipReason.SUBMODULE, "in the work tree")
        for name in sorted(nested)
    ]
    listed = Discovery(Candidates(kept), (*found.skipped, *skipped), found.notes)
    return StateSource("the work tree", path, listed, read, ids=ids)


def _known_to_git(path: str) -> tuple[frozenset[str], dict[str, str]]:
    """Return the submodules below a directory, and the blobs of unchanged files by their paths.

    Raises:
        RevisionError: Git does not list them.

    """
    real = os.path.realpath(path)
    try:
        listing, unknown = list_states(real)
    except ListingError:
        return submodules_of_index(path), {}
    ids = ids_in(listing)
    for name in unknown:
        ids.pop(name, None)
    return submodules_in(listing), {os.path.join(path, name): oid for name, oid in ids.items()}


def _shown(path: str) -> str:
    """Return a directory as people are shown it, with a slash at its end; empty for the current."""
    here, there = os.path.realpath("."), os.path.realpath(path)
    if there == here:
        return ""
    if there.startswith(os.path.join(here, "")):
        return os.path.relpath(there, here).replace(os.sep, "/") + "/"
    return path.rstrip("/") + "/"
