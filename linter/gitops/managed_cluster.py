"""Clusters: from SiteConfigs, ClusterInstances and ManagedClusters, with their labels."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from linter.facts.installation import read_agent_cluster_install
from linter.facts.site_config import NodeCpuset, read_installations, read_node_cpusets
from linter.gitops.documents import CLUSTER, HIVE, RAN, SITECONFIG
from linter.records import dataclass, replace
from linter.sources.fields import Invalid, Value, is_template, known
from linter.sources.scopes import INSTALLER_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.facts.installation import Installation
    from linter.gitops.bystander import Bystander
    from linter.gitops.documents import Document, Repository
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
class ManagedCluster:
    """A cluster and the labels that policies find it by.

    Attributes:
        name: Its name.
        document: The object that describes it.
        labels: Its labels.
        unknown: The keys of labels whose values are not known.
        complete: Whether these are all the labels that the repository gives it.
        installations: What is said of its installation.
        cpusets: The ``cpuset`` of its nodes.
        namespace: The namespace of what describes it.
        extra_config_maps: The ConfigMaps that it is installed with, by name.
        extra_folders: The directories whose manifests it is installed with.
        search_paths: Where it lists those that replace the generator's own; None if it does not.

    """

    name: str
    document: Document
    labels: dict[str, str]
    unknown: frozenset[str] = frozenset()
    complete: bool = True
    installations: tuple[Installation, ...] = ()
    cpusets: tuple[NodeCpuset, ...] = ()
    namespace: str = ""
    extra_config_maps: tuple[str, ...] = ()
    extra_folders: tuple[str, ...] = ()
    search_paths: Ref | None = None

    @property
    def labelling(self) -> Labelling:
        """Its labels."""
        return Labelling(self.labels, self.unknown, self.complete)


def read_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the clusters of a repository; of one name there may be several."""
    return _with_managed_clusters(installed_clusters(repository), imported_clusters(repository))


_KINDS = ("SiteConfig", "ClusterInstance", "AgentClusterInstall", "ManagedCluster")


def in_order(clusters: Iterable[ManagedCluster | Bystander]) -> list[ManagedCluster | Bystander]:
    """Return clusters as they are listed: by the kind of what describes them, then by file."""
    return sorted(clusters, key=_order)


def _order(cluster: ManagedCluster | Bystander) -> tuple[int, str, str]:
    if isinstance(cluster, ManagedCluster):
        manifest = cluster.document.manifest
        file = manifest.ref.file
        return (_KINDS.index(manifest.kind), file.name, file.path)
    return (_KINDS.index(cluster.sketch.kind), cluster.scope.path, cluster.opened)


def installed_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the clusters that the repository installs, with the labels that it does so with."""
    documents = [*repository.of(RAN, "SiteConfig"), *repository.of(SITECONFIG, "ClusterInstance")]
    documents += [
        document
        for document in repository.of(HIVE, "AgentClusterInstall")
        if os.path.basename(document.folder) not in INSTALLER_FOLDERS
    ]
    return [
        cluster
        for document in documents
        for cluster in repository.memory.once(
            "clusters", document.root, document.path, partial(_clusters_in, document)
        )
    ]


def _clusters_in(document: Document) -> tuple[ManagedCluster, ...]:
    """Return the clusters that one object describes."""
    if document.shape == (HIVE, "AgentClusterInstall"):
        return tuple(_read_agent_cluster_install(document))
    spec = document.root.at("spec")
    if document.shape == (SITECONFIG, "ClusterInstance"):
        return tuple(_read(document, spec, spec, spec.at("extraLabels", "ManagedCluster")))
    return tuple(
        cluster
        for entry in spec.at("clusters").elements()
        for cluster in _read(
            document, entry, spec, entry.at("clusterLabels"),
            entry.at("extraLabels", "ManagedCluster"),
        )
    )  # fmt: skip


def imported_clusters(repository: Repository) -> list[ManagedCluster]:
    """Return the ManagedCluster objects, each as a cluster of which no more is known."""
    clusters: list[ManagedCluster] = []
    for document in repository.of(CLUSTER, "ManagedCluster"):
        if name := document.manifest.name:
            labels = _labels(document.root.at("metadata", "labels"))
            unknown = (labels.unknown | _SET_LATER).difference(labels.values)
            clusters.append(ManagedCluster(name, document, labels.values, unknown, labels.complete))
    return clusters


def _read(document: Document, entry: Node, spec: Node, *labels: Node) -> Iterator[ManagedCluster]:
    name = known(entry.at("clusterName").text())
    if name is None:
        return
    values: dict[str, str] = {}
    unknown = _SET_LATER
    complete = True
    for node in labels:
        some = _labels(node)
        values |= some.values
        unknown |= some.unknown
        complete &= some.complete
    yield ManagedCluster(
        name,
        document,
        values,
        unknown.difference(values),
        complete,
        tuple(read_installations(document.manifest.kind, name, entry, spec)),
        tuple(read_node_cpusets(entry)) if document.manifest.kind == "SiteConfig" else (),
        document.manifest.namespace,
        _names(entry.at("extraManifestsRefs")),
        _folders(entry),
        paths.ref if (paths := entry.at("extraManifests", "searchPaths")).is_sequence else None,
    )


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
    yield ManagedCluster(
        name,
        document,
        {},
        installations=(read_agent_cluster_install(document.manifest),),
        namespace=document.manifest.namespace,
        extra_config_maps=(*refs, single) if single is not None else refs,
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
            values[key] = text.value
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
