"""Source CRs: the objects that overlays are laid over, found inside the repository."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.gitops.documents import nearest

if TYPE_CHECKING:
    from linter.gitops.documents import Document, Repository

FOLDERS = frozenset({"source-crs", "custom-crs", "reference-crs", "reference"})
"""Directories whose files are material: read through the overlay that uses them."""

_ALWAYS = frozenset({"source-crs", "custom-crs", "reference-crs", "kube-compare-reference"})
"""Those of them that hold nothing else, wherever they stand."""


class SourceCrs:
    """Finds files by the path that a generator gives."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._by_name: dict[str, list[str]] = {}
        self._by_folder: dict[str, list[str]] = {}
        for path in repository.by_path:
            folder, _, name = path.rpartition(os.sep)
            self._by_name.setdefault(name, []).append(path)
            self._by_folder.setdefault(folder, []).append(path)
        self.used: set[str] = set()
        """The files that some generator names."""

    def find(self, name: str, folder: str) -> list[Document] | None:
        """Return the objects of a file, or of a directory's files.

        Args:
            name: The path as the generator gives it.
            folder: The generator's directory.

        Returns:
            None where it is not to be had, or it is not clear which file is meant.

        """
        if not name or os.path.isabs(name) or "\0" in name:
            return None
        beside = os.path.normpath(os.path.join(folder, name))
        if beside in self._by_folder:
            return self._read(sorted(self._by_folder[beside]))
        for place in ("", *sorted(FOLDERS)):
            path = os.path.normpath(os.path.join(folder, place, name))
            if path in self._repository.by_path:
                return self._read([path])
        return self._elsewhere(os.path.normpath(name), folder)

    def _elsewhere(self, name: str, folder: str) -> list[Document] | None:
        """Find a file in a directory of source CRs anywhere in the repository."""
        if name.startswith(".."):
            return None
        tail = os.sep + name
        inside = name.split(os.sep, maxsplit=1)[0] in FOLDERS
        found = [
            path
            for path in self._by_name.get(os.path.basename(name), ())
            if path.endswith(tail) and (inside or os.path.basename(path[: -len(tail)]) in FOLDERS)
        ]
        near = nearest((os.path.dirname(path) for path in found), folder)
        found = [path for path in found if os.path.dirname(path) in near]
        return self._read(found) if len(found) == 1 else None

    def _read(self, paths: list[str]) -> list[Document]:
        self.used.update(paths)
        return [document for path in paths for document in self._repository.by_path[path]]


class Material:
    """The files that are read through what uses them, and are no manifests of their own.

    Args:
        used: The files that are named, by absolute path; source CRs are material wherever they are.

    """

    def __init__(self, used: set[str]) -> None:
        self._used = used
        self._folders = {os.path.dirname(path) for path in used}

    def is_in(self, folder: str) -> bool:
        """Say whether a directory, by its absolute path, holds any."""
        return folder in self._folders or self._is_for_sources(folder)

    def __contains__(self, path: str) -> bool:
        """Say whether a file, by its absolute path, is one of them."""
        return path in self._used or self._is_for_sources(os.path.dirname(path))

    @staticmethod
    def _is_for_sources(folder: str) -> bool:
        return not _ALWAYS.isdisjoint(folder.split(os.sep))
