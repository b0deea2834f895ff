"""Kustomizations: which files of a repository are live.

Every entry of every kustomization counts, so a cycle between them is nothing special. A file that
none of them lists, below a directory that has one, is inactive.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.gitops.documents import GENERATORS, SITE

if TYPE_CHECKING:
    from linter.gitops.documents import Repository
    from linter.gitops.entries import Listed


class Liveness:
    """Which files some kustomization reaches.

    Args:
        repository: Everything that was read.
        generating: What kustomizations take as generators, whole directories included.

    """

    def __init__(
        self, repository: Repository, generating: frozenset[str] | set[str] = frozenset()
    ) -> None:
        self._folders = {os.path.dirname(path) for path, _ in repository.kustomizations}
        self._reached: set[str] = set()
        self.misplaced: list[tuple[Listed, str]] = []
        """Generators that are listed under ``resources``, and their kind."""
        for path, root in repository.kustomizations:
            for entry in repository.entries(root, os.path.dirname(path)):
                self._reached.add(entry.path)
                if os.path.dirname(path) not in generating:
                    self._note(entry, repository)

    def _note(self, entry: Listed, repository: Repository) -> None:
        if entry.key != "resources":
            return
        for shape in repository.shapes_in(entry.path):
            if shape in GENERATORS or shape == SITE:
                self.misplaced.append((entry, shape[1]))
                return

    def is_listed(self, path: str) -> bool:
        """Say whether a file stands beside no kustomization, or beside one that takes it."""
        return path in self._reached or os.path.dirname(path) not in self._folders

    def is_live(self, path: str) -> bool:
        """Say whether a file is applied, as far as the repository tells."""
        if path in self._reached:
            return True
        folder, governed = os.path.dirname(path), False
        while True:
            if folder in self._reached and folder not in self._folders:
                return True
            governed |= folder in self._folders
            above = os.path.dirname(folder)
            if above == folder:
                return not governed
            folder = above
