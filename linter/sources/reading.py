"""Reading: a candidate's bytes from the disk, and the text in them."""

from __future__ import annotations

import codecs
import errno
import os
import stat

from linter.records import dataclass
from linter.sources.candidates import Candidate, Skipped, SkipReason

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Far above real manifests (the largest one seen has 1.2 MB), far below what memory bears."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO that nobody writes to is opened at once
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)

_AT_ONCE = 16 * 1024
"""Bytes: most manifests are smaller."""

_CHUNK_BYTES = 1024 * 1024

_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""The byte order marks a YAML stream may begin with (YAML 1.2.2, section 5.2)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, without its byte order mark; ``encoding`` is a Python codec name."""

    text: str
    encoding: str
    bom: bool

    def encode(self, text: str) -> bytes:
        """Return the bytes of a file that holds ``text`` the way this one holds its own."""
        return ("\ufeff" + text if self.bom else text).encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Why bytes are not text: the first wrong byte, from 0, and its line, from 1."""

    message: str
    offset: int
    line: int


def read_no_link(candidate: Candidate) -> bytes | Skipped:
    """Return the bytes of a file as :func:`read` does, unless it is a link."""
    return _read(candidate, _OPEN_FLAGS | _NO_LINK)


def read(candidate: Candidate) -> bytes | Skipped:
    """Return the bytes of a file, at most ``MAX_FILE_BYTES`` of them, or why there are none.

    That it is a regular file was seen when it was found. It is looked at once more only where it
    does not read like a small one, since that takes a quarter of the time of reading one.
    """
    return _read(candidate, _OPEN_FLAGS)


def _read(candidate: Candidate, flags: int) -> bytes | Skipped:
    try:
        handle = os.open(candidate.path, flags)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            return Skipped(candidate.name, SkipReason.NOT_REGULAR)
        return _unreadable(candidate, error)
    try:
        data = os.read(handle, _AT_ONCE)
        more = os.read(handle, _AT_ONCE) if data else b""
        if data and not more:
            return data
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return Skipped(candidate.name, SkipReason.NOT_REGULAR)
        if status.st_size > MAX_FILE_BYTES:
            return too_large(candidate)
        data = _read_on(handle, data + more)
    except OSError as error:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return Skipped(candidate.name, SkipReason.NOT_REGULAR)
        return _unreadable(candidate, error)
    finally:
        os.close(handle)
    return data if len(data) <= MAX_FILE_BYTES else too_large(candidate)


def decode(data: bytes) -> Decoded | Undecodable:
    """Return the text of UTF-8, or of UTF-16 that begins with its byte order mark.

    Control characters and further byte order marks are left for the YAML parser to judge.
    """
    if data.startswith(_UTF32_MARKS):
        return Undecodable("The file is UTF-32, which no Kubernetes tool reads.", 0, 1)
    encoding, skip = "utf-8", 0
    for mark, marked_encoding in _MARKS.items():
        if data.startswith(mark):
            encoding, skip = marked_encoding, len(mark)
    if not skip and b"\0" in data[:2]:
        return Undecodable("The file looks like UTF-16, but has no byte order mark.", 0, 1)
    try:
        return Decoded(data[skip:].decode(encoding), encoding, bool(skip))
    except UnicodeDecodeError as error:
        offset = skip + error.start
        line = 1 + data[skip:offset].decode(encoding).count("\n")
        name = "UTF-8" if encoding == "utf-8" else "UTF-16"
        return Undecodable(f"The file is not {name}: {error.reason}.", offset, line)


def _read_on(handle: int, data: bytes) -> bytes:
    """Read to the end, or to just above the limit; ``data`` is what was read so far."""
    chunks = [data]
    total = len(data)
    while chunks[-1] and total <= MAX_FILE_BYTES:
        chunks.append(os.read(handle, _CHUNK_BYTES))
        total += len(chunks[-1])
    return b"".join(chunks)


def too_large(candidate: Candidate) -> Skipped:
    """Return what stands for a file with more than ``MAX_FILE_BYTES``."""
    limit = f"the limit is {MAX_FILE_BYTES // (1024 * 1024)} MiB"
    return Skipped(candidate.name, SkipReason.TOO_LARGE, limit)


def _unreadable(candidate: Candidate, error: OSError) -> Skipped:
    return Skipped(candidate.name, SkipReason.UNREADABLE, error.strerror or "")
