"""Guards: which files a repair may write."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from linter.fix.outcome import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence


def real_path(path: str, roots: Sequence[str]) -> str:
    """Return the path of the file that a name leads to, if it may be written.

    Args:
        path: The name under which it was read; links are followed.
        roots: The real directories that files may be changed in.

    Raises:
        RefusedError: It lies outside of them, is read-only, or has a second name.

    """
    try:
        real = os.path.realpath(path, strict=True)
        status = os.stat(real)
    except OSError as error:
        raise RefusedError(f"the file cannot be reached ({error.strerror})") from error
    if not any(real.startswith(os.path.join(root, "")) for root in roots):
        raise RefusedError("the name is a link that leads out of the directories given")
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError("it is no regular file")
    if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(
        real, os.W_OK
    ):
        raise RefusedError("the file is read-only")
    if not os.access(os.path.dirname(real), os.W_OK | os.X_OK):
        raise RefusedError("the file's directory is read-only")
    if status.st_nlink > 1:
        raise RefusedError("the file has a second name (a hard link) that would keep the old text")
    return real


def roots_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the real directories that the paths given by the user allow changes in."""
    folders = (path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths)
    return tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))
