"""Extra manifests: what a cluster is installed with, beside what policies bring later.

A ClusterInstance (stolostron/siteconfig ``extraManifestsRefs``) and an AgentClusterInstall
(openshift/assisted-service ``manifestsConfigMapRefs``) name ConfigMaps, each of whose entries is a
manifest; a kustomization may make such a ConfigMap of files. A SiteConfig names directories.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.facts.embedded_files import documents_of
from linter.facts.manifests import manifests_in
from linter.facts.scope import Facts, add_manifest
from linter.gitops.policy import is_relevant
from linter.gitops.sketches import sketch_of
from linter.records import replace
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.facts.site_config import NodeCpuset
    from linter.gitops.documents import Document, Repository
    from linter.gitops.managed_cluster import ManagedCluster, Statement
    from linter.gitops.sketches import Sketch
    from linter.sources.yaml_tree import Node

WORKLOAD = "workload"
"""The directory of the MachineConfig that the ``cpuset`` of a SiteConfig is put into."""

_MOST_FOLDERS = 20


class ExtraManifests:
    """Finds the manifests that clusters are installed with; each ConfigMap is read once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
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
        self._read: dict[int, Facts] = {}
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

    def of_cluster(self, cluster: ManagedCluster) -> list[Facts]:
        """Return the facts of the manifests that a cluster is installed with."""
        sketch = sketch_of(cluster)
        return [
            self._of_files(part) if isinstance(part, list) else self.of_config_map(part)
            for part in self._parts(cluster.place.path, sketch)
        ]

    def use(self, path: str, sketch: Sketch) -> None:
        """Note what a cluster is installed with; ``path`` is the file that describes it."""
        for _ in self._parts(path, sketch) if sketch.uses else ():
            continue

    def _parts(self, path: str, sketch: Sketch) -> Iterator[Document | list[str]]:
        """Yield the ConfigMaps and lists of files that a cluster is installed with; note them."""
        for name in sketch.config_maps:
            maps = self._maps.get((sketch.namespace, name), [])
            beside = [d for d in maps if d.path == path]
            maps = beside if len(beside) == 1 else maps
            generated = self.generated.get((sketch.namespace, name), [])
            if len(maps) == 1 and not generated:
                self.used_maps.add(id(maps[0]))
                yield maps[0]
            elif len(generated) == 1 and not maps:
                yield self._noted(generated[0])
        folder = os.path.dirname(path)
        for name in sketch.folders[:_MOST_FOLDERS]:
            below = os.path.normpath(os.path.join(folder, name))
            yield self._noted(sorted(self._folders.get(below, ())))

    def _noted(self, paths: Iterable[str]) -> list[str]:
        """Return those of some files that hold anything, and note that they are used."""
        found = [path for path in paths if any(self._repository.shapes_in(path))]
        self.used.update(found)
        return found

    def cpusets_of(self, cluster: ManagedCluster, statement: Statement) -> list[NodeCpuset]:
        """Return the ``cpuset`` of each node, with whether anything is made of it.

        The generator puts it into the MachineConfig of a directory ``workload/`` in one of the
        search paths. A path of which nothing is known here may have one.
        """
        listed = statement.search_paths
        if listed is None or not cluster.extra_folders:
            return list(statement.cpusets)
        for folder in cluster.extra_folders:
            path = os.path.normpath(os.path.join(cluster.place.folder, folder))
            if path not in self._folders or os.path.join(path, WORKLOAD) in self._folders:
                return list(statement.cpusets)
        return [replace(cpuset, unused_in=listed) for cpuset in statement.cpusets]

    def of_config_map(self, document: Document) -> Facts:
        """Return the facts of the manifests in a ConfigMap."""
        if id(document) not in self._read:
            facts = Facts()
            for _, value in document.root.at("data").pairs():
                _add(facts, documents_of(value))
            self._read[id(document)] = facts
        return self._read[id(document)]

    def _of_files(self, paths: Iterable[str]) -> Facts:
        facts = Facts()
        for path in paths:
            if path in self._repository.outlined:
                continue  # it holds nothing that clusters are installed with
            for document in self._repository.by_path[path]:
                if is_relevant(document.root):
                    add_manifest(facts, document.manifest)
        return facts


def _add(facts: Facts, roots: Iterable[Node]) -> None:
    for root in roots:
        for manifest in manifests_in(root):
            if is_relevant(manifest.root):
                add_manifest(facts, manifest)
