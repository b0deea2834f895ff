"""Sketches: clusters as far as it matters for what they get.

A sketch can be kept from one run to the next. Of a cluster that states the same as before, nothing
else need be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from linter.gitops.documents import BESIDE, DESCRIBING
from linter.gitops.managed_cluster import Labelling, imported_clusters, installed_clusters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.gitops.documents import Document, Outline, Repository
    from linter.gitops.managed_cluster import ManagedCluster

_SHAPES = DESCRIBING | BESIDE


class Sketch(NamedTuple):
    """A cluster, as far as it matters for what it gets.

    Attributes:
        name: Its name.
        kind: The kind of the object that describes it.
        labels: Its labels.
        namespace: The namespace of what describes it.
        config_maps: The names of the ConfigMaps that it is installed with.
        folders: The directories whose manifests it is installed with, as they are given.

    """

    name: str
    kind: str
    labels: Labelling
    namespace: str = ""
    config_maps: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        """Whether the repository installs it, and does not only give it labels."""
        return self.kind != "ManagedCluster"

    @property
    def uses(self) -> bool:
        """Whether it is installed with more than what describes it."""
        return bool(self.folders or self.config_maps)


def only_clusters(documents: Iterable[Document | Outline]) -> bool:
    """Say whether the objects of a file are clusters and nothing else that is ever looked at."""
    return all(document.shape in _SHAPES for document in documents)


def sketches_in(repository: Repository) -> list[Sketch]:
    """Return the clusters of a repository, each as often as it is described."""
    return [sketch_of(c) for c in (*installed_clusters(repository), *imported_clusters(repository))]


def sketch_of(cluster: ManagedCluster) -> Sketch:
    """Return a cluster as it is described by one object."""
    return Sketch(
        cluster.name,
        cluster.kind,
        cluster.labelling,
        cluster.namespace,
        cluster.extra_config_maps,
        cluster.extra_folders,
    )


def joint_labels(several: Sequence[Sketch]) -> Labelling | None:
    """Return the labels of a cluster, given all its objects; None where it is not clear."""
    if len(several) == 1:
        return several[0].labels
    installed = [one for one in several if one.installed]
    others = [one for one in several if not one.installed]
    if len(installed) > 1 or len(others) > 1:
        return None
    return installed[0].labels.joined(others[0].labels)


def packed(sketch: Sketch, unknown: dict[frozenset[str], int]) -> list[object]:
    """Return a sketch as JSON can hold it; sets of unknown labels, which are few, are numbered."""
    labels = sketch.labels
    number = unknown.setdefault(labels.unknown, len(unknown))
    return [
        sketch.name, sketch.kind, labels.values, number, labels.complete,
        sketch.namespace, sketch.config_maps, sketch.folders,
    ]  # fmt: skip


def unpacked(kept: list[Any], unknown: list[frozenset[str]]) -> Sketch:
    """Return a sketch that was packed; ``unknown`` are the sets of unknown labels, by number."""
    name, kind, values, number, complete, namespace, config_maps, folders = kept
    labels = Labelling(values, unknown[number], complete)
    return Sketch(name, kind, labels, namespace, tuple(config_maps), tuple(folders))
