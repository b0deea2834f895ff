"""The names of files from the root of their repository, by which code hosts know them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.sources.worktree import worktree_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def repository_paths(paths: Iterable[str]) -> dict[str, str]:
    """Return the name of each file from a root, with ``/`` and links resolved.

    The root is that of the work tree which holds the current directory; for a file outside of it,
    that of the file's own work tree; for a file in no work tree, the current directory. A file
    that lies in none of them keeps its absolute path.
    """
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # the current directory was removed
        here = os.sep
    home = worktree_of(here)
    roots: dict[str, str | None] = {}
    names: dict[str, str] = {}
    for path in sorted(set(paths)):
        real = os.path.realpath(path)
        folder = os.path.dirname(real)
        if folder not in roots:
            roots[folder] = _root(folder, home, here)
        root = roots[folder]
        name = real if root is None else os.path.relpath(real, root)
        names[path] = name if os.sep == "/" else name.replace(os.sep, "/")
    return names


def _root(folder: str, home: str | None, here: str) -> str | None:
    if home is not None and _within(folder, home):
        return home
    return worktree_of(folder) or (here if _within(folder, here) else None)


def _within(folder: str, root: str) -> bool:
    """Say whether a directory is another one or lies in it; both are real and absolute."""
    return os.path.join(folder, "").startswith(os.path.join(root, ""))
