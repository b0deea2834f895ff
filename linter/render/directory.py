"""The directory that manifests are written to: what would change in it, and writing that.

A file takes its place by one rename within the directory, after its text has been flushed to the
disk, so that a reader sees the old file or the new one. Nothing outside the directory is touched:
names are single components, and links are refused.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EXCLUSIVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_MODE = 0o666  # as far as the umask allows, like any other new file


class DirectoryError(Exception):
    """Files cannot be written; the message is one line."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that should hold other bytes than it does; ``before`` is None for a new one.

    ``edited`` says that all but an addition stays as it is.
    """

    path: str
    before: bytes | None
    after: bytes
    edited: bool = False

    @property
    def overwrites(self) -> bool:
        """Whether another content would be lost."""
        return self.before is not None and not self.edited


def changes_in(folder: str, texts: Mapping[str, str]) -> list[FileChange]:
    """Return what would change if the texts were written to files of these names, by name.

    Raises:
        DirectoryError: A name is none of a file in the directory, or what stands there is no file
            of the directory itself.

    """
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise DirectoryError(f"{folder} is no directory")
    changes = []
    for name in sorted(texts):
        if name in {"", ".", ".."} or "/" in name or os.sep in name or "\0" in name:
            raise DirectoryError(f"'{name}' is not the name of a file")
        path, after = os.path.join(folder, name), texts[name].encode()
        before = _content(path)
        if before != after:
            changes.append(FileChange(path, before, after))
    return changes


def write(changes: Sequence[FileChange]) -> None:
    """Write the files: all new texts to the disk first, then each into its place.

    Raises:
        DirectoryError: A file cannot be written. What the message does not name is as it was.

    """
    waiting: list[tuple[str, str]] = []
    done: list[str] = []
    try:
        for change in changes:
            os.makedirs(os.path.dirname(change.path) or ".", exist_ok=True)
            temporary = _temporary(change.path)
            waiting.append((temporary, change.path))
            _write(temporary, change)
        for temporary, path in waiting:
            os.replace(temporary, path)
            done.append(path)
    except OSError as error:
        written = f"; written before that: {', '.join(done)}" if done else "; nothing was written"
        at = error.filename2 or error.filename or ""
        raise DirectoryError(f"cannot write {at} ({error.strerror}){written}") from error
    finally:
        for temporary, _ in waiting[len(done) :]:
            with suppress(OSError):
                os.unlink(temporary)
    _flush({os.path.dirname(path) or "." for path in done})


def _content(path: str) -> bytes | None:
    """Return the bytes of a file, or None where there is none."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            what = "a link" if stat.S_ISLNK(status.st_mode) else "not a regular file"
            raise DirectoryError(f"{path} is {what}; remove it, nothing is written through it")
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DirectoryError(f"cannot read {path} ({error.strerror})") from error


def _temporary(path: str) -> str:
    """Return a new name beside a file; no reader of manifests takes it for one."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:100]}.{os.urandom(8).hex()}.tmp")


def _write(temporary: str, change: FileChange) -> None:
    mode = _MODE if change.before is None else stat.S_IMODE(os.stat(change.path).st_mode)
    handle = os.open(temporary, _EXCLUSIVE, mode)
    with open(handle, "wb") as file:
        if change.before is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(change.after)
        file.flush()
        os.fsync(file.fileno())


def _flush(folders: Iterable[str]) -> None:
    """Make renames last; not every file system can."""
    for folder in sorted(folders):
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
