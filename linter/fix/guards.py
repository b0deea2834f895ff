"""Guards: which files a repair may write."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from linter.fix.outcome import RefusedError
from linter.gitops.documents import GENERATORS
from linter.sources.candidates import KUSTOMIZATIONS, Candidate, Skipped
from linter.sources.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.sources.text import File, NewFile


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


def check_new(new: NewFile, folders: Sequence[str]) -> None:
    """Refuse to write a new file where it could do harm or would be passed over.

    Args:
        new: The file.
        folders: The real directories that were given by the user.

    Raises:
        RefusedError: It lies outside of them, or something is in its way.

    """
    folder = os.path.dirname(new.path) or "."
    try:
        real = os.path.join(os.path.realpath(folder, strict=True), "")
        listed = os.listdir(folder)
    except OSError as error:
        raise RefusedError(f"the directory cannot be reached ({error.strerror})") from error
    if not any(real.startswith(os.path.join(root, "")) for root in folders):
        raise RefusedError(f"{new.name} would be new: name its directory, not files of it")
    if os.path.lexists(new.path) or new.name != os.path.basename(new.path):
        raise RefusedError(f"there is a file {new.name} already")
    if any(name in listed for name in KUSTOMIZATIONS):
        raise RefusedError(
            f"the kustomization of the directory would pass over a new file {new.name}"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RefusedError("the directory is read-only")


class Builders:
    """The kustomizations and policy generators of directories, each read once."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = [os.path.join(root, "") for root in roots]
        self._known: dict[str, list[tuple[str, bytes]]] = {}

    def check_removed(self, file: File) -> None:
        """Refuse to take a file away that something else names.

        Raises:
            RefusedError: It is reached by a link, or a kustomization or generator beside or above
                it names it, which would then not be built any more.

        """
        if os.path.islink(file.path):
            raise RefusedError("nothing would be left of the file, and its name is a link")
        folder, own = os.path.split(os.path.realpath(file.path))
        named = re.compile(rb"(?<![\w.-])" + re.escape(os.fsencode(own)) + rb"(?![\w-]|\.\w)")
        while any(os.path.join(folder, "").startswith(root) for root in self._roots):
            for name, data in self._of(folder):
                if name != own and named.search(data):
                    raise RefusedError(f"nothing would be left of the file, and {name} names it")
            folder = os.path.dirname(folder)

    def _of(self, folder: str) -> list[tuple[str, bytes]]:
        if folder not in self._known:
            self._known[folder] = list(_builders(folder))
        return self._known[folder]


def _builders(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of what builds manifests from the files of a directory."""
    try:
        listed = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
    except OSError:
        return
    for name in listed:
        data = read(Candidate(os.path.join(folder, name), name))
        if isinstance(data, Skipped):
            continue
        if name in KUSTOMIZATIONS or any(kind.encode() in data for _, kind in GENERATORS):
            yield name, data


def roots_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the real directories that the paths given by the user allow changes in."""
    folders = (path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths)
    return tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders))


def folders_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the real directories that the user gave, without those of single files."""
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths if os.path.isdir(path)))
