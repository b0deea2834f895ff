"""Entries: what stands in a directory, seen without following a link."""

from __future__ import annotations

import errno
import os
import stat
from enum import Enum, auto
from typing import NamedTuple

from linter.sources.candidates import SkipReason


class Kind(Enum):
    """What an entry is by itself; a link is a link, wherever it leads."""

    FILE = auto()
    DIRECTORY = auto()
    LINK = auto()
    OTHER = auto()


class Folder(NamedTuple):
    """A directory in three spellings, each ready to have the name of an entry put behind it."""

    name: str
    """As people are shown it: with ``/``, and empty for the current directory."""

    path: str
    real: str

    rank: int
    """0: reached without a link, 1: the given path is or crosses one, 2: a link in the tree."""

    def below(self, leaf: str) -> Folder:
        """Return the folder that stands in this one under the name ``leaf``."""
        tail = leaf + os.sep
        return Folder(f"{self.name}{leaf}/", self.path + tail, self.real + tail, self.rank)

    def find(self, leaf: str) -> Find:
        """Return the file or link that stands in this folder under the name ``leaf``."""
        path = self.path + leaf
        return Find(self.rank, path if self.name == self.path else self.name + leaf, path)


class Find(NamedTuple):
    """A file or link found. Of several ways to one real file the smallest is kept."""

    rank: int
    name: str
    path: str


def folder(name: str, path: str, real: str, rank: int) -> Folder:
    """Return the folder for three spellings of one directory, ``.`` being a possible name."""
    shown = "" if name == "." else name.rstrip("/") + "/"
    return Folder(shown, os.path.join(path, ""), os.path.join(real, ""), rank)


def kind_of(path: str) -> Kind | None:
    """Return what ``path`` itself is, ``None`` if there is nothing or it cannot be seen."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISLNK(mode):
        return Kind.LINK
    return Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.OTHER


def kind_of_entry(entry: os.DirEntry[str]) -> Kind:
    """Return what a scanned entry is, as a rule without asking the system again."""
    if entry.is_symlink():
        return Kind.LINK
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    return Kind.DIRECTORY if entry.is_dir(follow_symlinks=False) else Kind.OTHER


def kinds_in(path: str) -> dict[str, Kind]:
    """Return what the entries of a directory are; nothing where it cannot be listed."""
    try:
        with os.scandir(path) as entries:
            return {entry.name: kind_of_entry(entry) for entry in entries}
    except OSError:
        return {}


def broken_link(error: OSError) -> SkipReason:
    """Return why a link could not be followed to its end."""
    if error.errno == errno.ELOOP:
        return SkipReason.LOOP
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return SkipReason.DANGLING_LINK
    return SkipReason.UNREADABLE
