"""Patches of kustomizations: objects that do not reach the hub as they are written.

A kustomization may patch what it takes from other directories. Which values result is not worked
out here, so the objects that may be patched are left out instead of being judged by halves.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.gitops.documents import CLUSTERS, GENERATORS
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Repository
    from linter.sources.yaml_tree import Node

_KINDS = frozenset({kind for _, kind in GENERATORS | CLUSTERS} | {"ConfigMap", "ManagedCluster"})
_TAKEN = frozenset({"resources", "bases", "components", "generators"})


class Patches:
    """Which files are patched on their way, and which kustomizations make generators."""

    def __init__(self, repository: Repository) -> None:
        self._kinds: dict[str, set[str]] = {}
        for document in repository.documents:
            kinds = self._kinds.setdefault(os.path.basename(document.path), set())
            kinds.add(document.shape[1])
        self._below: dict[str, list[tuple[str, str]]] = {}
        starts: list[str] = []
        self._generators: list[str] = []
        for path, root in repository.kustomizations:
            folder = os.path.dirname(path)
            entries = [(entry.key, entry.path) for entry in repository.entries(root, folder)]
            self._below.setdefault(folder, []).extend(entries)
            self._generators += [entry for key, entry in entries if key == "generators"]
            if any(self._concerns(patch) for patch in _patches(root)):
                starts += [entry for key, entry in entries if key in _TAKEN]
        self.patched = self._reached(starts)
        """The files whose objects a patch may change."""
        self.generating = self._reached(self._generators)
        """The files and directories that some kustomization takes as generators."""

    def _reached(self, starts: Iterable[str]) -> set[str]:
        """Return all paths that kustomizations take, beginning with some."""
        reached: set[str] = set()
        stack = list(starts)
        while stack:
            path = stack.pop()
            if path not in reached:
                reached.add(path)
                stack += [entry for key, entry in self._below.get(path, ()) if key in _TAKEN]
        return reached

    def _concerns(self, patch: Node) -> bool:
        """Say whether a patch may be one of clusters, policies or their values."""
        if patch.is_scalar:
            return self._names_kind(str(patch.raw.value))
        kind = known(patch.at("target", "kind").text())
        if kind is not None:
            return kind in _KINDS
        if patch.at("target").exists:
            return True
        path, text = known(patch.at("path").text()), patch.at("patch")
        if path is not None:
            return self._names_kind(path)
        return text.is_scalar and self._names_kind(str(text.raw.value))

    def _names_kind(self, text: str) -> bool:
        """Say whether a patch, or the file that it is in, names one of the kinds."""
        if "\n" in text or ":" in text:
            return any(kind in text for kind in _KINDS)
        return not _KINDS.isdisjoint(self._kinds.get(os.path.basename(text), ()))


def _patches(root: Node) -> Iterator[Node]:
    for key in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        yield from root.at(key).elements()
