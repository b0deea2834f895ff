"""The files of a git work tree, as git itself lists them: only ``git ls-files`` is run."""

from __future__ import annotations

import os

from linter.sources.git_command import GitError, run_git


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
