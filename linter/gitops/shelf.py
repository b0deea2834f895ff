"""The shelf: clusters are put there once their labels are read, and taken off to be judged.

A fleet has thousands of files that describe clusters and hold nothing else. Which policies a
cluster meets, its labels tell, and whatever else is stated of it matters to nobody but itself. So
such a file is dropped once they are read, and read again only if no cluster that was judged is like
one of its own. Most files are never composed at all (:mod:`linter.gitops.patterns`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import group_of, objects_in, read_manifest
from linter.facts.operators import read_addon_manifest
from linter.gitops.documents import BESIDE, DESCRIBING, Outline, Place
from linter.gitops.managed_cluster import clusters_in, statements_in
from linter.gitops.patterns import pattern_of, template_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linter.gitops.documents import Shape
    from linter.gitops.managed_cluster import ManagedCluster, Statement
    from linter.gitops.patterns import Template
    from linter.sources.yaml_tree import Node

_MOST_PATTERNS = 500
"""So many are told apart; a fleet has fewer by far, and each takes as much memory as a cluster."""


class Shelf:
    """Reads again what files state of clusters; of the last one that is held.

    Args:
        read: Returns the documents of a file, given what opens it; none where the file is not what
            it was.

    """

    def __init__(self, read: Callable[[str], Iterable[Node]]) -> None:
        self.read = read
        self._last = ""
        self._statements: list[Statement] = []
        self._templates: dict[bytes, Template | None] = {}

    def recognised(self, place: Place, data: bytes) -> list[Outline]:
        """Return what is kept of the documents of a file if others are like it.

        Nothing is where the file has to be composed.

        Args:
            place: The file.
            data: Its bytes.

        """
        from hashlib import blake2b  # OpenSSL comes with it

        pattern = pattern_of(data)
        if pattern is None:
            return []
        looks = blake2b(pattern.text, digest_size=16).digest()
        if looks not in self._templates and len(self._templates) < _MOST_PATTERNS:
            self._templates[looks] = template_of(pattern, place, self)
        template = self._templates.get(looks)
        return template.drawn(place, pattern.words, self) if template is not None else []

    def outlines(self, path: str, roots: Iterable[Node]) -> list[Outline]:
        """Return what is kept of the documents of a file, by its absolute path.

        Nothing is where it may not be put on the shelf, since there is more in it.
        """
        outlines: list[Outline] = []
        number = 0
        for root in roots:
            objects = list(_objects(root))
            if not objects:
                return []
            file = root.ref.file
            place = Place(path, file.name, file.path)
            for node, shape in objects:
                clusters: tuple[ManagedCluster, ...] = ()
                if shape in DESCRIBING:
                    clusters = tuple(clusters_in(node, shape, place, self, number))
                elif not _is_beside(node, shape):
                    return []
                outlines.append(Outline(place, shape, clusters))
                number += len(clusters)
        return outlines if number else []

    def statement(self, cluster: ManagedCluster) -> Statement | None:
        """Return what is stated of a cluster; None where its file is not what it was."""
        opened = cluster.place.opened
        if opened != self._last:
            self._statements.clear()  # before others are read
            self._statements.extend(_statements(self.read(opened)))
            self._last = opened
        listed = self._statements
        return listed[cluster.number] if cluster.number < len(listed) else None


def _objects(root: Node) -> Iterator[tuple[Node, Shape]]:
    for node, kind in objects_in(root):
        yield node, (group_of(node), kind)


def _is_beside(root: Node, shape: Shape) -> bool:
    """Say whether an object says nothing of the cluster that is described beside it."""
    return shape in BESIDE and read_addon_manifest(read_manifest(root, shape[1])) is None


def _statements(roots: Iterable[Node]) -> Iterator[Statement]:
    for root in roots:
        for node, shape in _objects(root):
            if shape in DESCRIBING:
                yield from statements_in(node, shape)
