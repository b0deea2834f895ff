"""The journal of a repair: what is going to be written, noted before it is.

It stands in the directory that is repaired for as long as files are being written. If one is there
when a run begins, an earlier run was interrupted; each of its files is then either old or new, and
the journal's digests tell which. It is locked while its run lives.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.candidates import Candidate, Skipped, printable
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = ".wplint-fix.journal"
_NEW_NAME = NAME + ".new"
_VERSION = 1
_LARGEST = 64 * 2**20
_MOST_NAMED = 20
_TEMPORARY = regex(r"\.wplint-[0-9a-f]{16}\.tmp\Z")
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class BusyError(Exception):
    """Another repair of the same directory is running; the message is one line."""


class Entry(NamedTuple):
    """A file to write: its path, that of its new text until then, and its bytes before, after.

    ``before`` is None for a file that is new. ``after`` is None for one that goes; its old text
    then stands under the second path until all is done.
    """

    path: str
    temporary: str
    before: bytes | None
    after: bytes | None


def temporary_name() -> str:
    """Return a new name for a file that is going to replace another; no manifest has such a one."""
    return f".wplint-{os.urandom(8).hex()}.tmp"


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of the running repair."""

    path: str
    handle: int

    @classmethod
    def begin(cls, root: str, entries: Sequence[Entry]) -> Journal:
        """Note what is going to be written, on the disk.

        Raises:
            BusyError: There is a journal already.
            OSError: It cannot be written.

        """
        folder = os.path.realpath(root)
        path, new = os.path.join(folder, NAME), os.path.join(folder, _NEW_NAME)
        handle = _create(new)
        try:
            _claim(handle, path)
            data = _written(folder, entries)
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
            os.rename(new, path)
        except BaseException:
            os.close(handle)
            with suppress(OSError):
                os.unlink(new)
            raise
        return cls(path, handle)

    def end(self) -> None:
        """Take the journal away: everything is written, or nothing."""
        with suppress(OSError):
            os.unlink(self.path)
        os.close(self.handle)


def recover(root: str) -> tuple[str, ...]:
    """Say what an interrupted repair of a directory did, and tidy up after it.

    Returns:
        Sentences for people; none where no repair was interrupted.

    Raises:
        BusyError: A repair of it is running.

    """
    folder = os.path.realpath(root)
    path = os.path.join(folder, NAME)
    try:
        handle = os.open(path, _OPEN)
    except OSError:
        return ()
    try:
        if not _lock(handle):
            raise BusyError(f"another repair of {printable(root)} is running")
        entries = _entries(handle, folder)
    finally:
        os.close(handle)
    with suppress(OSError):
        os.unlink(path)
    if entries is None:
        return (f"the journal of an interrupted repair in {printable(root)} cannot be read",)
    return _told(entries)


def _create(path: str) -> int:
    """Create the file of a journal, in place of one that an interrupted run left."""
    with suppress(FileExistsError):
        return os.open(path, _CREATE, 0o600)
    handle = os.open(path, _OPEN)
    try:
        if not _lock(handle):
            raise BusyError("another repair of the same directory is running")
        os.unlink(path)
    finally:
        os.close(handle)
    return os.open(path, _CREATE, 0o600)


def _claim(handle: int, path: str) -> None:
    if not _lock(handle) or os.path.lexists(path):
        raise BusyError("another repair of the same directory is running")


def _lock(handle: int) -> bool:
    """Lock a file for as long as it is open; say whether that could be done."""
    try:
        import fcntl
    except ImportError:  # a system without locks: two repairs at once are not noticed there
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _written(folder: str, entries: Sequence[Entry]) -> bytes:
    listed = [
        {
            "path": os.path.relpath(entry.path, folder),
            "temporary": os.path.basename(entry.temporary),
            "before": _digest(entry.before),
            "after": _digest(entry.after),
        }
        for entry in entries
    ]
    return json.dumps({"version": _VERSION, "files": listed}, indent=1).encode("ascii")


def _digest(data: bytes | None) -> str:
    """Return the digest of a file's bytes; it is empty where there is no file."""
    if data is None:
        return ""
    return hashlib.sha256(data).hexdigest()


class _Noted(NamedTuple):
    """A file of an interrupted repair."""

    name: str
    path: str
    temporary: str
    before: str
    after: str


def _entries(handle: int, folder: str) -> list[_Noted] | None:
    """Read a journal; None where it is none. Whoever wrote it is not trusted."""
    with os.fdopen(os.dup(handle), "rb") as file:
        data = file.read(_LARGEST + 1)
    try:
        noted = json.loads(data) if len(data) <= _LARGEST else None
    except (ValueError, RecursionError):
        return None
    listed = noted.get("files") if isinstance(noted, dict) else None
    if not isinstance(listed, list):
        return None
    entries: list[_Noted] = []
    for item in listed:
        values = [
            item.get(key) if isinstance(item, dict) else None
            for key in ("path", "temporary", "before", "after")
        ]
        if not all(isinstance(value, str) and "\0" not in value for value in values):
            return None
        name, temporary, before, after = (str(value) for value in values)
        path = os.path.join(folder, name)
        beside = os.path.join(os.path.dirname(path), temporary)
        entries.append(_Noted(name, path, beside, before, after))
    return entries


def _told(entries: Sequence[_Noted]) -> tuple[str, ...]:
    """Find out which files were written, remove what was not, and say so."""
    states: dict[str, list[str]] = {"written": [], "not written": [], "changed since": []}
    for entry in entries:
        states[_state(entry)].append(printable(entry.name))
        if _TEMPORARY.match(os.path.basename(entry.temporary)):
            with suppress(OSError):
                os.unlink(entry.temporary)
    done = len(states["written"])
    told = [f"an earlier repair was interrupted: {done} of its {len(entries)} files were written"]
    for words, names in states.items():
        if names:
            more = len(names) - _MOST_NAMED
            rest = f" and {more} more" if more > 0 else ""
            told.append(f"{words}: {', '.join(sorted(names)[:_MOST_NAMED])}{rest}")
    return tuple(told)


def _state(entry: _Noted) -> str:
    data = read(Candidate(entry.path, entry.name))
    if isinstance(data, Skipped):
        if os.path.lexists(entry.path) or (entry.before and entry.after):
            return "changed since"
        return "written" if entry.before else "not written"
    digest = _digest(data)
    if digest == entry.after:
        return "written"
    return "not written" if digest == entry.before else "changed since"
