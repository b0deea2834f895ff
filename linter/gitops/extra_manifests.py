"""Extra manifests: what a cluster is installed with, beside what policies bring later.

A ClusterInstance (stolostron/siteconfig ``extraManifestsRefs``) and an AgentClusterInstall
(openshift/assisted-service ``manifestsConfigMapRefs``) name ConfigMaps, each of whose entries is a
manifest; a kustomization may make such a ConfigMap of files. A SiteConfig names directories.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from linter.facts.embedded_files import documents_of
from linter.facts.manifests import manifests_in
from linter.facts.scope import Facts, add_manifest
from linter.gitops.policy import is_relevant
from linter.gitops.sketches import sketch_of
from linter.records import replace
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from linter.facts.site_config import NodeCpuset
    from linter.gitops.documents import Document, Repository
    from linter.gitops.managed_cluster import ManagedCluster, Statement
    from linter.gitops.sketches import Sketch
    from linter.sources.yaml_tree import Node

WORKLOAD = "workload"
"""The directory of the MachineConfig that the ``cpuset`` of a SiteConfig is put into."""

_MOST_FOLDERS = 20

_Name: TypeAlias = "tuple[str, str] | str"
"""Namespace and name of a ConfigMap, or a directory."""


class ExtraManifests:
    """Finds the manifests that clusters are installed with; what several share is read once.

    Args:
        repository: Everything that was read.
        clusters: The clusters that will be asked for.

    """

    def __init__(self, repository: Repository, clusters: Iterable[ManagedCluster] = ()) -> None:
        self._repository = repository
        self._users: Counter[Hashable] = Counter()
        for cluster in clusters:
            if cluster.extra_config_maps or cluster.extra_folders:
                self._users.update(_named(cluster.place.folder, sketch_of(cluster)))
        self._maps: dict[tuple[str, str], list[Document]] = {}
        for document in repository.of("", "ConfigMap"):
            key = (document.manifest.namespace, document.manifest.name)
            self._maps.setdefault(key, []).append(document)
        self.generated: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        """The files of ConfigMaps that kustomizations make, by namespace and name."""
        for path, root in repository.kustomizations:
            self._add_generators(root, os.path.dirname(path))
        self._folders: dict[str, list[str]] = {}
        for path in repository.by_path:
            self._folders.setdefault(path.rpartition(os.sep)[0], []).append(path)
        self._read: dict[Hashable, Facts] = {}
        self.used: set[str] = set()
        """The files that some cluster is installed with."""
        self.used_maps: set[int] = set()
        """The ConfigMaps, by their id, that some cluster is installed with."""

    def _add_generators(self, root: Node, folder: str) -> None:
        for entry in root.at("configMapGenerator").elements():
            name = known(entry.at("name").text())
            namespace = known(entry.at("namespace").text()) or known(root.at("namespace").text())
            paths = [known(element.text()) for element in entry.at("files").elements()]
            files = tuple(
                os.path.normpath(os.path.join(folder, path.rpartition("=")[2]))
                for path in paths
                if path is not None and "\0" not in path
            )
            if name is not None:
                self.generated.setdefault((namespace or "", name), []).append(files)

    def of_cluster(self, cluster: ManagedCluster) -> tuple[list[Facts], bool]:
        """Return the facts of the manifests that a cluster is installed with.

        With them comes whether some of these are its own, and no other cluster's.
        """
        found: list[Facts] = []
        own = False
        for name, part in self._parts(cluster.place.path, sketch_of(cluster)):
            shared = self._users[name] > 1
            known_as = tuple(part) if isinstance(part, list) else id(part)
            facts = self._read.get(known_as)
            if facts is None:
                facts = self._of_files(part) if isinstance(part, list) else of_config_map(part)
            if shared:
                self._read[known_as] = facts
            own |= facts.relevant > 0 and not shared
            found.append(facts)
        return found, own

    def use(self, path: str, sketch: Sketch) -> None:
        """Note what a cluster is installed with; ``path`` is the file that describes it."""
        for _ in self._parts(path, sketch) if sketch.uses else ():
            continue

    def _parts(self, path: str, sketch: Sketch) -> Iterator[tuple[_Name, Document | list[str]]]:
        """Yield the ConfigMaps and lists of files that a cluster is installed with; note them."""
        for name in _named(os.path.dirname(path), sketch):
            if isinstance(name, str):
                yield name, self._noted(sorted(self._folders.get(name, ())))
                continue
            maps = self._maps.get(name, [])
            beside = [d for d in maps if d.path == path]
            maps = beside if len(beside) == 1 else maps
            generated = self.generated.get(name, [])
            if len(maps) == 1 and not generated:
                self.used_maps.add(id(maps[0]))
                yield name, maps[0]
            elif len(generated) == 1 and not maps:
                yield name, self._noted(generated[0])

    def _noted(self, paths: Iterable[str]) -> list[str]:
        """Return those of some files that hold anything, and note that they are used."""
        found = [path for path in paths if any(self._repository.shapes_in(path))]
        self.used.update(found)
        return found

    def cpusets_of(self, cluster: ManagedCluster, statement: Statement) -> list[NodeCpuset]:
        """Return the ``cpuset`` of each node, with whether anything is made of it."""
        listed = statement.search_paths
        if listed is None or self.takes_cpusets(cluster):
            return list(statement.cpusets)
        return [replace(cpuset, unused_in=listed) for cpuset in statement.cpusets]

    def takes_cpusets(self, cluster: ManagedCluster) -> bool:
        """Say whether the generator may make something of the ``cpuset`` of nodes.

        It puts it into the MachineConfig of a directory ``workload/`` in one of the search paths. A
        path of which nothing is known here may have one.
        """
        for folder in cluster.extra_folders:
            path = os.path.normpath(os.path.join(cluster.place.folder, folder))
            if path not in self._folders or os.path.join(path, WORKLOAD) in self._folders:
                return True
        return not cluster.extra_folders

    def _of_files(self, paths: Iterable[str]) -> Facts:
        facts = Facts()
        for path in paths:
            if path in self._repository.outlined:
                continue  # it holds nothing that clusters are installed with
            for document in self._repository.by_path[path]:
                if is_relevant(document.root):
                    add_manifest(facts, document.manifest)
        return facts


def of_config_map(document: Document) -> Facts:
    """Return the facts of the manifests in a ConfigMap."""
    facts = Facts()
    for _, value in document.root.at("data").pairs():
        _add(facts, documents_of(value))
    return facts


def _named(folder: str, sketch: Sketch) -> Iterator[_Name]:
    """Yield the names of ConfigMaps, and the directories, that a cluster is installed with.

    Args:
        folder: The directory of the file that describes it.
        sketch: The cluster.

    """
    for name in sketch.config_maps:
        yield sketch.namespace, name
    for name in sketch.folders[:_MOST_FOLDERS]:
        yield os.path.normpath(os.path.join(folder, name))


def _add(facts: Facts, roots: Iterable[Node]) -> None:
    for root in roots:
        for manifest in manifests_in(root):
            if is_relevant(manifest.root):
                add_manifest(facts, manifest)
