"""Finds: the files that were found, each real one once, whichever ways lead to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.sources.candidates import Candidate, Candidates, Directory, printable

if TYPE_CHECKING:
    from linter.sources.entries import Find, Folder


class Finds:
    """Files by their real paths, with the smallest find of each.

    A large tree is found directory by directory, so that little need be done for each of its files;
    what leads to single files is kept beside that.
    """

    def __init__(self) -> None:
        self._single: dict[str, Find] = {}
        self._folders: dict[str, tuple[Folder, dict[str, None]]] = {}
        """Directories by their real paths, each with the names of files in it."""

    def __len__(self) -> int:
        """Return how many finds there are; of a file there may be two."""
        return len(self._single) + sum(len(leaves) for _, leaves in self._folders.values())

    def __contains__(self, real: str) -> bool:
        """Say whether a file was found, by its real path."""
        return real in self._single or self._in_folder(real) is not None

    def add(self, real: str, find: Find) -> None:
        """Take in what leads to a file."""
        known = self._single.get(real)
        if known is None or find < known:
            self._single[real] = find

    def add_all(self, place: Folder, leaves: dict[str, None]) -> None:
        """Take in files of a directory by their names."""
        if place.real not in self._folders:
            self._folders[place.real] = (place, leaves)
            return
        for leaf in leaves:  # the directory was reached before, under the same name or another one
            self.add(place.real + leaf, place.find(leaf))

    def candidates(self) -> Candidates:
        """Return all files."""
        single: list[Candidate] = []
        beaten: set[str] = set()
        for real, find in self._single.items():
            other = self._in_folder(real)
            if other is None or find < other:
                beaten.add(real)
                single.append(Candidate(find.path, printable(find.name)))
        return Candidates(
            single,
            (
                Directory(
                    place.path,
                    place.name,
                    [leaf for leaf in leaves if place.real + leaf not in beaten]
                    if beaten
                    else leaves,
                )
                for place, leaves in self._folders.values()
            ),
        )

    def _in_folder(self, real: str) -> Find | None:
        """Return what leads to a file from its directory, if all of that was found."""
        folder, _, leaf = real.rpartition(os.sep)
        place, leaves = self._folders.get(folder + os.sep, (None, ()))
        return place.find(leaf) if place is not None and leaf in leaves else None
