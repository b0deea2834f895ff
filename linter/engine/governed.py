"""Governed clusters: which policies each of them meets, in a form that a later run recognises.

What a cluster states comes from its own files, from the policies that it meets, and from what these
take from elsewhere. Where all of it is as it was, so is the verdict. A file counts here only if it
holds clusters and nothing else that is ever looked at, or policies and nothing else, or is a
kustomization that only lists files. Whatever else changes may reach any cluster.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from linter.gitops.documents import APPS, CLUSTER, GENERATORS, POLICY
from linter.gitops.managed_cluster import Labelling, imported_clusters, installed_clusters
from linter.gitops.policy import kind_by_name
from linter.gitops.sketches import Sketch, joint_labels, packed, sketch_of, unpacked
from linter.gitops.source_crs import FOLDERS
from linter.records import dataclass, field
from linter.sources.candidates import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from linter.gitops.documents import Document, Repository
    from linter.gitops.governance import Governance
    from linter.gitops.repository import GitOps
    from linter.sources.yaml_tree import Node

_PLACED = frozenset({(CLUSTER, "Placement"), (POLICY, "PlacementBinding"), (APPS, "PlacementRule")})
_POLICIES = GENERATORS | {(POLICY, "Policy"), ("", "Namespace")} | _PLACED
_LISTS_ONLY = frozenset(
    [
        "apiVersion",
        "kind",
        "metadata",
        "resources",
        "generators",
        "bases",
        "components",
        "namespace",
    ]
)

Met = tuple[bool, tuple[tuple[str, int, str, bool | None], ...]]
"""Whether a cluster is live, and the policies that it meets: file, number in it, name, answer."""


class Entry(NamedTuple):
    """A cluster in a file: which verdict is its own, None if that is not certain, and what it met.

    A ManagedCluster that only adds labels to a cluster has the verdict of that.
    """

    sketch: Sketch
    number: int | None
    met: Met


@dataclass(frozen=True, slots=True)
class Governed:
    """What governs the clusters of a repository.

    Attributes:
        files: The clusters in each file that holds nothing else, by the path that opens it.
        policies: The files that hold policies and nothing else.
        plain: The kustomizations that only list files.
        maps: The ConfigMaps, in whose order they are, with whether they are live.

    """

    files: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    policies: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    maps: tuple[tuple[str, bool], ...] = ()

    def packed(self) -> object:
        """Return it as JSON can hold it."""
        unknown: dict[frozenset[str], int] = {}
        met: dict[Met, int] = {}
        files = {
            path: [
                [packed(e.sketch, unknown), e.number, met.setdefault(e.met, len(met))]
                for e in entries
            ]
            for path, entries in self.files.items()
        }
        return {
            "files": files,
            "policies": sorted(self.policies),
            "plain": sorted(self.plain),
            "maps": self.maps,
            "met": list(met),
            "unknown": [sorted(keys) for keys in unknown],
        }

    @staticmethod
    def unpacked(kept: Any) -> Governed:
        """Return what was packed."""
        unknown = [frozenset(keys) for keys in kept["unknown"]]
        met: list[Met] = [
            (live, tuple((path, number, name, answer) for path, number, name, answer in policies))
            for live, policies in kept["met"]
        ]
        files = {
            path: tuple(
                Entry(unpacked(sketch, unknown), number, met[at]) for sketch, number, at in entries
            )
            for path, entries in kept["files"].items()
        }
        maps = tuple((path, live) for path, live in kept["maps"])
        return Governed(files, frozenset(kept["policies"]), frozenset(kept["plain"]), maps)


class Acquaintance:
    """Tells which policies a cluster meets, in words that last.

    Args:
        repository: Everything that was read.
        governance: What governs its clusters.

    """

    def __init__(self, repository: Repository, governance: Governance) -> None:
        self._governance = governance
        self._words: dict[int, tuple[str, int, str]] = {}
        times: dict[str, int] = {}
        for policy in governance.policies:
            path = _opened(policy.document)
            number = times[path] = times.get(path, 0) + 1
            self._words[id(policy)] = (path, number, policy.name)
        self._patches = {os.path.basename(path) for path in repository.patch_files()}
        self._misplaced = {
            entry.path
            for path, root in repository.kustomizations
            for entry in repository.entries(root, os.path.dirname(path))
            if entry.key == "resources"
        }

    def met(self, path: str, labels: Labelling) -> tuple[Met, set[int]]:
        """Return what a cluster meets, and the ids of the policies that it certainly gets.

        Args:
            path: The file that describes it, absolute.
            labels: Its labels, those of all its objects.

        """
        met: list[tuple[str, int, str, bool | None]] = []
        gets: set[int] = set()
        for policy, answer in self._governance.meeting.met(path, labels):
            met.append((*self._words[id(policy)], answer))
            if answer and labels.complete:
                gets.add(id(policy))
        return (self._governance.liveness.is_live(path), tuple(met)), gets

    def is_odd(self, path: str, kinds: Iterable[str]) -> bool:
        """Say whether kustomizations do more with a file of clusters than list it as one."""
        if path in self._governance.patched or os.path.basename(path) in self._patches:
            return True
        return path in self._misplaced and "SiteConfig" in kinds


def governed(
    repository: Repository,
    gitops: GitOps,
    aside: Iterable[tuple[str, str, Sketch]],
    numbers: Mapping[tuple[str, str], int | None],
    is_apart: Callable[[str], bool],
) -> Governed:
    """Return what governs the clusters of a repository.

    Args:
        repository: Everything that was read.
        gitops: Its clusters and policies, once they have been joined.
        aside: The files that were not read, as they are opened and absolute, with each cluster that
            one describes.
        numbers: Which verdict is that of a cluster, by the path that opens its file, and its name.
        is_apart: Says whether a file, by that path, holds clusters and nothing else that is looked
            at.

    """
    used, acquaintance = gitops.used, Acquaintance(repository, gitops.governance)
    listed = list(aside)
    apart = {opened for opened, _, _ in listed}
    listed += [
        (cluster.place.opened, cluster.place.path, sketch_of(cluster))
        for cluster in (*installed_clusters(repository), *imported_clusters(repository))
    ]
    by_name: dict[str, list[tuple[str, str, Sketch]]] = {}
    kinds: dict[tuple[str, str], set[str]] = {}
    for opened, path, sketch in listed:
        by_name.setdefault(sketch.name, []).append((opened, path, sketch))
        kinds.setdefault((opened, path), set()).add(sketch.kind)
    mixed = {
        opened
        for (opened, path), several in kinds.items()
        if (opened not in apart and not (is_apart(opened) and _stands_alone(path, used)))
        or acquaintance.is_odd(path, several)
    }
    files: dict[str, list[Entry]] = {}
    for name, several in by_name.items():
        labels = joint_labels([sketch for _, _, sketch in several])
        opened, path, _ = next((one for one in several if one[2].installed), several[0])
        number = numbers.get((opened, name))
        if labels is None or not mixed.isdisjoint(one for one, _, _ in several):
            number = None
        met: Met = (False, ())
        if number is not None and labels is not None:
            met, _ = acquaintance.met(path, labels)
        for one, _, sketch in several:
            files.setdefault(one, []).append(Entry(sketch, number, met))
    return Governed(
        {path: tuple(entries) for path, entries in files.items() if path not in mixed},
        frozenset(_policy_files(repository, used)),
        frozenset(_plain(repository.kustomizations)),
        live_maps(repository, gitops.governance),
    )


def live_maps(repository: Repository, governance: Governance) -> tuple[tuple[str, bool], ...]:
    """Return the files of ConfigMaps, with whether they are live."""
    return tuple(
        (_opened(document), governance.liveness.is_live(document.path))
        for document in repository.of("", "ConfigMap")
    )


def is_of_policies(repository: Repository, path: str) -> bool:
    """Say whether a file, by its absolute path, holds policies and nothing else."""
    documents = repository.by_path.get(path, ())
    return path not in repository.strange and all(one.shape in _POLICIES for one in documents)


def lists_only(root: Node) -> bool:
    """Say whether a kustomization does nothing but list files."""
    return all(key in _LISTS_ONLY for key, _ in root.items())


def _stands_alone(path: str, used: Collection[str]) -> bool:
    """Say whether nobody reads a file for what it is called or where it stands."""
    folder, name = os.path.split(path)
    if path in used or name in KUSTOMIZATIONS or kind_by_name(name) is not None:
        return False
    return FOLDERS.isdisjoint(folder.split(os.sep))


def _policy_files(repository: Repository, used: Collection[str]) -> Iterator[str]:
    for path in {d.path: None for shape in _POLICIES for d in repository.of(*shape)}:
        if path not in used and is_of_policies(repository, path):
            yield _opened(repository.by_path[path][0])


def _plain(kustomizations: Iterable[tuple[str, Node]]) -> Iterator[str]:
    roots: dict[str, list[Node]] = {}
    for path, root in kustomizations:
        roots.setdefault(path, []).append(root)
    for several in roots.values():
        if all(map(lists_only, several)):
            yield several[0].ref.file.path


def _opened(document: Document) -> str:
    return document.manifest.ref.file.path
