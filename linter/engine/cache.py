"""The cache: what a run found out, kept in files of the user's for the next one.

Nothing here is ever an error: a cache that cannot be read or written is one that is not there.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST = 64 * 2**20
"""Bytes of one file; what would take more is not kept."""

ROOM = 256 * 2**20
"""Bytes of all files together; the ones that were not used for longest make room."""

_ENDING = ".cache"
_UNFINISHED = ".unfinished"
_FORGOTTEN = 3600
"""Seconds after which nobody is still writing an unfinished file."""


def usual_folder() -> str:
    """Return where the cache is by the XDG Base Directory Specification."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        home = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "wplint")


class Cache:
    """The files of a folder, each by a key."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def read(self, key: str) -> bytes | None:
        """Return what was written under a key."""
        try:
            with open(self._path(key), "rb") as stream:
                data = stream.read(LARGEST + 1)
            os.utime(self._path(key))
        except (OSError, ValueError):  # a name with a zero byte is no name
            return None
        return data if len(data) <= LARGEST else None

    def write(self, key: str, parts: Sequence[bytes]) -> None:
        """Write something under a key: all of it, or nothing."""
        size = sum(map(len, parts))
        if size > LARGEST:
            return
        unfinished = f"{self._path(key)}.{os.getpid()}-{time.monotonic_ns()}{_UNFINISHED}"
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            self._make_room(size)
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except (OSError, ValueError):
            return
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(parts)
            os.replace(unfinished, self._path(key))
        except OSError:
            _remove(unfinished)

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, key + _ENDING)

    def _make_room(self, wanted: int) -> None:
        """Remove the files that were not used for longest until there is room."""
        files: list[tuple[float, int, str]] = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith((_ENDING, _UNFINISHED)):
                    status = entry.stat(follow_symlinks=False)
                    files.append((status.st_mtime, status.st_size, entry.path))
        taken = wanted + sum(size for _, size, _ in files)
        for used, size, path in sorted(files):
            left = path.endswith(_UNFINISHED)
            if (left and used < time.time() - _FORGOTTEN) or (taken > ROOM and not left):
                _remove(path)
                taken -= size


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except OSError:  # somebody else was faster, or it may not be removed: it is only a cache
        return


def program_digest() -> str:
    """Return what stands for this program: it changes whenever a file of its code does."""
    from hashlib import blake2b

    from linter.trees import tree

    digest = blake2b(digest_size=16)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in (package, tree("rules"), tree("schemas")):
        for line in sorted(_states(folder)):
            digest.update(line)
    return digest.hexdigest()


def _states(folder: str) -> Iterable[bytes]:
    stack = [folder]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":  # which changes with the first run
                        stack.append(entry.path)
                elif not entry.name.endswith((".pyc", ".md")):
                    status = entry.stat()
                    yield os.fsencode(f"{entry.path} {status.st_size} {status.st_mtime_ns}\n")
