"""Files of clusters that are read together: with one of them, all files of its clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linter.gitops.sketches import Sketch


class Together:
    """Says which of some files are to be read.

    Args:
        files: The files, each with the clusters that it describes.

    Attributes:
        by_name: The files of each cluster, with what each says of it.
        kept: The files that are to be read.

    """

    def __init__(self, files: Mapping[str, Iterable[Sketch]]) -> None:
        self.by_name: dict[str, list[tuple[str, Sketch]]] = {}
        self._names: dict[str, list[str]] = {}
        for path, sketches in files.items():
            self._names[path] = [sketch.name for sketch in sketches]
            for sketch in sketches:
                self.by_name.setdefault(sketch.name, []).append((path, sketch))
        self.kept: set[str] = set()

    def keep(self, name: str) -> list[str]:
        """Have the files of a cluster read; return those that were not to be read until now."""
        added: list[str] = []
        waiting = [name]
        while waiting:
            for path, _ in self.by_name.get(waiting.pop(), ()):
                if path not in self.kept:
                    self.kept.add(path)
                    added.append(path)
                    waiting += self._names[path]
        return added
