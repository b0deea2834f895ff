"""The transaction that writes a repair: every file or none, and each file wholly old or new.

First the new texts are written beside the files, under names of their own, and flushed to the disk;
then each takes its file's place by one rename. A file that goes is renamed too, and deleted once
all is done. The journal names all of it before it begins, so that after an interruption the next
run can say what was done.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from linter.fix.guards import real_path
from linter.fix.journal import BusyError, Entry, Journal, temporary_name
from linter.fix.outcome import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.fix.outcome import Change

_NEW_MODE = 0o666
"""As far as the umask allows, like any other new file."""

_EXCLUSIVE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class TransactionError(Exception):
    """Nothing was written, or what was written was taken back; the message says why."""


class _Step(NamedTuple):
    name: str
    real: str
    temporary: str
    before: bytes | None
    after: bytes | None


def commit(changes: Sequence[Change], root: str, roots: Sequence[str]) -> None:
    """Write changed files, all of them or none.

    Args:
        changes: The files, with the bytes that they must hold now and those to write.
        root: The directory for the journal.
        roots: The real directories in which files may be changed.

    Raises:
        TransactionError: A file has changed since it was read, or cannot be written.
        BusyError: Another repair of the same directory is running.

    """
    steps = [_step(change, roots) for change in changes]
    _check(steps)
    try:
        journal = Journal.begin(
            root, [Entry(s.real, s.temporary, s.before, s.after) for s in steps]
        )
    except BusyError:
        raise
    except OSError as error:
        message = f"the journal cannot be written in {root} ({error.strerror})"
        raise TransactionError(f"{message}; nothing was written") from error
    try:
        _write(steps)
    finally:
        journal.end()


def _step(change: Change, roots: Sequence[str]) -> _Step:
    try:
        real = _new_path(change.path) if change.before is None else real_path(change.path, roots)
    except RefusedError as refused:
        raise TransactionError(f"{change.name}: {refused}; nothing was written") from refused
    temporary = os.path.join(os.path.dirname(real), temporary_name())
    return _Step(change.name, real, temporary, change.before, change.after)


def _new_path(path: str) -> str:
    """Return where a new file is written: its directory may be reached by a link, it may not."""
    return os.path.join(os.path.realpath(os.path.dirname(path) or "."), os.path.basename(path))


def _check(steps: Sequence[_Step]) -> None:
    """Refuse to write over a file that does not hold any more what was read."""
    for step in steps:
        if step.before is None:
            if os.path.lexists(step.real):
                raise TransactionError(f"there is a file {step.name} now; nothing was written")
            continue
        try:
            with open(step.real, "rb") as file:
                same = file.read(len(step.before) + 1) == step.before
        except OSError as error:
            words = f"{step.name} cannot be read any more ({error.strerror})"
            raise TransactionError(f"{words}; nothing was written") from error
        if not same:
            raise TransactionError(
                f"{step.name} has changed on the disk since it was read; nothing was written, "
                "run the repair again"
            )


def _write(steps: Sequence[_Step]) -> None:
    prepared: list[_Step] = []
    replaced: list[_Step] = []
    failed = steps[0]
    try:
        for step in steps:
            failed = step
            if step.after is None:
                continue
            prepared.append(step)
            _prepare(step.temporary, step.real if step.before is not None else None, step.after)
        _check(steps)
        for step in steps:
            failed = step
            _put_in_place(step)
            replaced.append(step)
    except (OSError, TransactionError, KeyboardInterrupt) as error:
        taken_back = _take_back(replaced)
        _remove(step.temporary for step in prepared)
        if isinstance(error, OSError):
            words = f"{failed.name} cannot be written ({error.strerror})"
            raise TransactionError(f"{words}; {taken_back}") from error
        raise
    _remove(step.temporary for step in steps if step.after is None)
    for folder in sorted({os.path.dirname(step.real) for step in steps}):
        _flush_directory(folder)


def _put_in_place(step: _Step) -> None:
    """Give a file its new text by one rename; a new one takes nobody's place."""
    if step.after is None:
        os.rename(step.real, step.temporary)
        return
    if step.before is None:
        with suppress(PermissionError, NotImplementedError):  # a file system without links
            os.link(step.temporary, step.real)
            os.unlink(step.temporary)
            return
    os.replace(step.temporary, step.real)


def _take_back(steps: Sequence[_Step]) -> str:
    """Give files their old text again; say what came of it."""
    lost: list[str] = []
    for step in reversed(steps):
        try:
            if step.before is None:
                os.unlink(step.real)
                continue
            if step.after is None:
                os.rename(step.temporary, step.real)
                continue
            _prepare(step.temporary, step.real, step.before)
            os.replace(step.temporary, step.real)
        except OSError:
            lost.append(step.name)
    if lost:
        return f"these files have their new text nevertheless: {', '.join(sorted(lost))}"
    return "every file has its old text"


def _prepare(temporary: str, real: str | None, data: bytes) -> None:
    """Write a file beside another, with that one's owner, mode and attributes, or a new one."""
    status = os.stat(real) if real is not None else None
    handle = os.open(temporary, _EXCLUSIVE, 0o600 if status is not None else _NEW_MODE)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if status is not None and real is not None:
            own = os.fstat(handle)
            if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid) and hasattr(os, "fchown"):
                _keep_owner(handle, status)
            _keep_attributes(handle, real)
            os.chmod(temporary, status.st_mode & 0o7777)
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_owner(handle: int, status: os.stat_result) -> None:
    """Give a file its owner and group as far as that is permitted: the group may be, alone."""
    with suppress(PermissionError):
        os.fchown(handle, -1, status.st_gid)
    with suppress(PermissionError):
        os.fchown(handle, status.st_uid, -1)


def _keep_attributes(handle: int, real: str) -> None:
    """Copy extended attributes, such as the label of SELinux, as far as that is permitted."""
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        for name in os.listxattr(real):
            with suppress(OSError):
                os.setxattr(handle, name, os.getxattr(real, name))


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(OSError):
            os.unlink(path)


def _flush_directory(folder: str) -> None:
    """Make renames last; not every file system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
