"""Clusters: from SiteConfigs, ClusterInstances and ManagedClusters, with their labels."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from linter.facts.installation import read_agent_cluster_install
from linter.facts.site_config import NodeCpuset, read_installations, read_node_cpusets
from linter.gitops.documents import HIVE, IMPORTED, INSTANCE, SITE, Outline
from linter.records import dataclass, replace
from linter.sources.fields import Invalid, Value, is_template, known
from linter.sources.scopes import INSTALLER_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.facts.installation import Installation
    from linter.gitops.bystander import Bystander
    from linter.gitops.documents import Document, Place, Repository, Shape
    from linter.gitops.patterns import Template
    from linter.gitops.shelf import Shelf
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node


_SET_LATER = frozenset(
    {
        "cloud",
        "clusterID",
        "name",
        "openshiftVersion",
        "openshiftVersion-major",
        "openshiftVersion-major-minor",
        "vendor",
    }
)
"""Labels that the hub puts on every cluster once it is imported."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """Labels by key, the keys of those whose values are unknown, and whether these are all."""

    values: dict[str, str]
    unknown: frozenset[str] = frozenset()
    complete: bool = True

    def joined(self, other: Labelling) -> Labelling:
        """Return the labels that two objects give one cluster; where they differ, none is known."""
        differ = {k for k, v in other.values.items() if self.values.get(k, v) != v}
        values = {k: v for k, v in {**self.values, **other.values}.items() if k not in differ}
        unknown = (self.unknown | other.unknown | differ).difference(values)
        return Labelling(values, unknown, self.complete and other.complete)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an object states of a cluster, besides its labels.

    Attributes:
        root: The object.
        identity: What people call it.
        installations: What is said of the installation.
        cpusets: The ``cpuset`` of the nodes.
        search_paths: Where the cluster lists directories that replace the generator's own; None if
            it does not.

    """

    root: Node
    identity: str
    installations: tuple[Installation, ...] = ()
    cpusets: tuple[NodeCpuset, ...] = ()
    search_paths: Ref | None = None


@dataclass(frozen=True, slots=True)
class ManagedCluster:
    """A cluster and the labels that policies find it by.

    Attributes:
        name: Its name.
        place: The file that describes it.
        kind: The kind of the object that does.
        labels: Its labels.
        unknown: The keys of labels whose values are not known.
        complete: Whether these are all the labels that the repository gives it.
        namespace: The namespace of what describes it.
        extra_config_maps: The ConfigMaps that it is installed with, by name.
        extra_folders: The directories whose manifests it is installed with.
        statement: What else is stated of it; None where that is on a shelf.
        shelf: Where that is read again.
        number: Which of the clusters in its file it is, from 0.
        template: What stands for all that its file states but names and labels; None where its file
            was not recognised.

    """

    name: str
    place: Place
    kind: str
    labels: dict[str, str]
    unknown: frozenset[str] = frozenset()
    complete: bool = True
    namespace: str = ""
    extra_config_maps: tuple[str, ...] = ()
    extra_folders: tuple[str, ...] = ()
    statement: Statement | None = None
    shelf: Shelf | None = None
    number: int = 0
    template: Template | None = None

    @property
    def labelling(self) -> Labelling:
        """Its labels."""
        return Labelling(self.labels, self.unknown, self.complete)

    def stated(self) -> Statement | None:
        """Return what else is stated of it; None where its file is not what it was."""
        if self.shelf is None:
            return self.statement
        return self.shelf.statement(self)


def read_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the clusters of a repository; of one name there may be several."""
    return _with_managed_clusters(installed_clusters(repository), imported_clusters(repository))


_KINDS = ("SiteConfig", "ClusterInstance", "AgentClusterInstall", "ManagedCluster")


def in_order(clusters: Iterable[ManagedCluster | Bystander]) -> list[ManagedCluster | Bystander]:
    """Return clusters as they are listed: by the kind of what describes them, then by file."""
    return sorted(clusters, key=_order)


def _order(cluster: ManagedCluster | Bystander) -> tuple[int, str, str]:
    if isinstance(cluster, ManagedCluster):
        return (_KINDS.index(cluster.kind), cluster.place.shown, cluster.place.opened)
    return (_KINDS.index(cluster.sketch.kind), cluster.scope.path, cluster.opened)


def installed_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the clusters that the repository installs, with the labels that it does so with."""
    listed = [*_described(repository, *SITE), *_described(repository, *INSTANCE)]
    for document in repository.of(HIVE, "AgentClusterInstall"):
        if os.path.basename(document.folder) not in INSTALLER_FOLDERS:
            listed += _remembered(repository, document)
    return listed


def imported_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the ManagedCluster objects, each as a cluster of which no more is known."""
    return list(_described(repository, *IMPORTED))


def _described(repository: Repository, group: str, kind: str) -> Iterator[ManagedCluster]:
    for one in repository.described(group, kind):
        yield from one.clusters if isinstance(one, Outline) else _remembered(repository, one)


def _remembered(repository: Repository, document: Document) -> tuple[ManagedCluster, ...]:
    return repository.memory.once(
        "clusters", document.root, document.path, partial(_clusters_of, document)
    )


def _clusters_of(document: Document) -> tuple[ManagedCluster, ...]:
    if document.shape == (HIVE, "AgentClusterInstall"):
        return tuple(_read_agent_cluster_install(document))
    return tuple(clusters_in(document.root, document.shape, document.place))


def clusters_in(
    root: Node, shape: Shape, place: Place, shelf: Shelf | None = None, first: int = 0
) -> Iterator[ManagedCluster]:
    """Yield the clusters that an object describes.

    Args:
        root: The object.
        shape: Its API group and kind.
        place: Where it stands.
        shelf: Where to read again what it states of them; if left out, they have it at once.
        first: The number of the first of them.

    """
    stated = statements_in(root, shape) if shelf is None else None
    imported = shape == IMPORTED
    namespace = known(root.at("metadata", "namespace").text()) or ""
    for number, (name, entry, labels) in enumerate(_entries(root, shape), first):
        values, unknown, complete = _joint(labels)
        yield ManagedCluster(
            sys.intern(name),
            place,
            shape[1],
            values,
            unknown,
            complete,
            "" if imported else sys.intern(namespace),
            () if imported else _names(entry.at("extraManifestsRefs")),
            () if imported else _folders(entry),
            next(stated) if stated is not None else None,
            shelf,
            number,
        )


def statements_in(root: Node, shape: Shape) -> Iterator[Statement]:
    """Yield what an object states of each cluster that it describes."""
    name = known(root.at("metadata", "name").text())
    identity = f"{shape[1]}/{name}" if name else shape[1]
    spec = root.at("spec")
    for cluster, entry, _ in _entries(root, shape):
        if shape == IMPORTED:
            yield Statement(root, identity)
            continue
        paths = entry.at("extraManifests", "searchPaths")
        yield Statement(
            root,
            identity,
            tuple(read_installations(shape[1], cluster, entry, spec)),
            tuple(read_node_cpusets(entry)) if shape == SITE else (),
            paths.ref if paths.is_sequence else None,
        )


def _entries(root: Node, shape: Shape) -> Iterator[tuple[str, Node, tuple[Node, ...]]]:
    """Yield the name of each cluster, what describes it, and the mappings of its labels."""
    if shape == IMPORTED:
        metadata = root.at("metadata")
        if name := known(metadata.at("name").text()):
            yield name, root.at("spec"), (metadata.at("labels"),)
        return
    spec = root.at("spec")
    single = shape == INSTANCE
    for entry in (spec,) if single else spec.at("clusters").elements():
        name = known(entry.at("clusterName").text())
        if name is not None:
            more = entry.at("extraLabels", "ManagedCluster")
            yield name, entry, (more,) if single else (entry.at("clusterLabels"), more)


def _joint(mappings: Iterable[Node]) -> tuple[dict[str, str], frozenset[str], bool]:
    """Return labels, those of later mappings before those of earlier ones, as they are kept."""
    values: dict[str, str] = {}
    unknown = _SET_LATER
    complete = True
    for node in mappings:
        some = _labels(node)
        values |= some.values
        if some.unknown:  # else all clusters share one set
            unknown |= some.unknown
        complete &= some.complete
    if not unknown.isdisjoint(values):
        unknown = unknown.difference(values)
    return values, unknown, complete


def _names(refs: Node) -> tuple[str, ...]:
    """Return the names of the ConfigMaps that are referred to."""
    names = (known(element.at("name").text()) for element in refs.elements())
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _folders(entry: Node) -> tuple[str, ...]:
    """Return the directories of a SiteConfig's extra manifests, as they are given."""
    listed = entry.at("extraManifests", "searchPaths")
    paths = [known(element.text()) for element in listed.elements()]
    paths.append(known(entry.at("extraManifestPath").text()))
    return tuple(dict.fromkeys(path for path in paths if path and "\0" not in path))


def _read_agent_cluster_install(document: Document) -> Iterator[ManagedCluster]:
    """Read a cluster that is described by what a SiteConfig would be rendered to."""
    root = document.root
    name = known(root.at("spec", "clusterDeploymentRef", "name").text()) or document.manifest.name
    if not name:
        return
    refs = _names(root.at("spec", "manifestsConfigMapRefs"))
    single = known(root.at("spec", "manifestsConfigMapRef", "name").text())
    manifest = document.manifest
    yield ManagedCluster(
        name,
        document.place,
        manifest.kind,
        {},
        namespace=manifest.namespace,
        extra_config_maps=(*refs, single) if single is not None else refs,
        statement=Statement(root, manifest.identity, (read_agent_cluster_install(manifest),)),
    )


def _labels(node: Node) -> Labelling:
    """Read labels."""
    if node.is_template:
        return Labelling({}, complete=False)
    values: dict[str, str] = {}
    unknown: set[str] = set()
    complete = True
    for key, value in node.items():
        text = value.text()
        if is_template(key):
            complete = False
        elif isinstance(text, Value):
            values[sys.intern(key)] = sys.intern(text.value)
        elif value.is_null:
            values[key] = ""
        elif isinstance(text, Invalid) and value.is_scalar:
            boolean = isinstance(value.scalar(), bool)
            values[key] = str(value.scalar()).lower() if boolean else text.text
        else:
            unknown.add(key)
    return Labelling(values, frozenset(unknown), complete)


def _with_managed_clusters(
    clusters: list[ManagedCluster], imported: list[ManagedCluster]
) -> list[ManagedCluster]:
    """Add the labels of ManagedCluster objects, and the clusters that only these describe."""
    by_name: dict[str, list[int]] = {}
    for index, cluster in enumerate(clusters):
        by_name.setdefault(cluster.name, []).append(index)
    for other in imported:
        if len(by_name.get(other.name, ())) != 1:
            if other.name not in by_name:
                clusters.append(other)
            continue
        at = by_name[other.name][0]
        labels = clusters[at].labelling.joined(other.labelling)
        clusters[at] = replace(
            clusters[at], labels=labels.values, unknown=labels.unknown, complete=labels.complete
        )
    return clusters
