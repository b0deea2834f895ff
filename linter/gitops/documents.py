"""The objects of a repository, with the files that they stand in."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from linter.facts.manifests import manifests_in
from linter.gitops.entries import entries_of
from linter.gitops.memory import Memory
from linter.records import dataclass
from linter.sources.candidates import KUSTOMIZATIONS
from linter.sources.scopes import SAMPLE_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linter.facts.manifests import Manifest
    from linter.gitops.entries import Listed
    from linter.sources.yaml_tree import Node

T = TypeVar("T")

RAN = "ran.openshift.io"
POLICY = "policy.open-cluster-management.io"
SITECONFIG = "siteconfig.open-cluster-management.io"
CLUSTER = "cluster.open-cluster-management.io"
HIVE = "extensions.hive.openshift.io"
APPS = "apps.open-cluster-management.io"

GENERATORS = frozenset({(RAN, "PolicyGenTemplate"), (POLICY, "PolicyGenerator")})
CLUSTERS = frozenset({(RAN, "SiteConfig"), (SITECONFIG, "ClusterInstance")})
_OTHERS = frozenset({(CLUSTER, "ManagedCluster"), (POLICY, "Policy")})


@dataclass(frozen=True, slots=True)
class Document:
    """An object and its file; ``path`` is absolute and normal."""

    manifest: Manifest
    path: str

    @property
    def root(self) -> Node:
        """The object itself."""
        return self.manifest.root

    @property
    def folder(self) -> str:
        """The directory of its file."""
        return os.path.dirname(self.path)

    @property
    def shape(self) -> tuple[str, str]:
        """Its API group and kind."""
        return (self.manifest.group, self.manifest.kind)


_SAMPLES = SAMPLE_FOLDERS | {"out"}
"""With the directory that reference configurations are unpacked to."""


class Lazily(dict[str, T]):
    """What is in each file; of some files it is read when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._later: dict[str, Callable[[], T]] = {}

    def add_later(self, path: str, read: Callable[[], T], until_then: T) -> None:
        """Take in a file, and how to read it."""
        self._later[path] = read
        self.setdefault(path, until_then)

    def __getitem__(self, path: str) -> T:
        """Return what is in a file."""
        if path in self._later:
            self[path] = self._later.pop(path)()
        return super().__getitem__(path)

    def get(self, path: str, default: Any = None) -> Any:
        """Return what is in a file, or the default where there is no such file."""
        return self[path] if path in self else default  # noqa: SIM401 - that would be this

    def items(self) -> Any:
        """Return every file with what is in it."""
        return [(path, self[path]) for path in self]

    def values(self) -> Any:
        """Return what is in every file."""
        return [self[path] for path in self]


class Repository:
    """Everything that was read, by file and by kind.

    Args:
        roots: The directories given.
        memory: What was read of the same documents elsewhere.

    """

    def __init__(self, roots: Iterable[str] = (), memory: Memory | None = None) -> None:
        self.memory = memory if memory is not None else Memory()
        self._roots = sorted({os.path.join(os.path.abspath(root), "") for root in roots}, key=len)
        self.documents: list[Document] = []
        self.roots: Lazily[tuple[Node, ...]] = Lazily()
        self.by_path: Lazily[list[Document]] = Lazily()
        self.by_shape: dict[tuple[str, str], list[Document]] = {}
        self.kustomizations: list[tuple[str, Node]] = []

    def add(self, path: str, roots: Iterable[Node]) -> None:
        """Take in the documents of a file."""
        path = os.path.abspath(path)
        roots = tuple(roots)
        self.roots[path] = roots
        here = self.by_path.setdefault(path, [])
        kustomization = os.path.basename(path) in KUSTOMIZATIONS
        for root in roots:
            if kustomization:
                self.kustomizations.append((path, root))
                continue
            for document in self.memory.once(
                "documents", root, path, partial(_documents, root, path)
            ):
                self.documents.append(document)
                here.append(document)
                self.by_shape.setdefault(document.shape, []).append(document)

    def entries(self, root: Node, folder: str) -> tuple[Listed, ...]:
        """Return what a kustomization in a directory names; what is remote is left out."""
        return self.memory.once("entries", root, folder, lambda: tuple(entries_of(root, folder)))

    def add_unread(self, paths: Iterable[str]) -> None:
        """Take in files of which nothing is to be known but that they are there."""
        folders: dict[str, str] = {}
        for path in paths:
            folder, _, name = path.rpartition(os.sep)
            if folder not in folders:
                folders[folder] = os.path.join(os.path.abspath(folder), "")
            at = folders[folder] + name
            self.roots.setdefault(at, ())
            self.by_path.setdefault(at, [])

    def add_later(self, path: str, roots: Callable[[str], Iterable[Node]]) -> None:
        """Take in a file that is read if somebody asks for it by its path.

        It must hold nothing that is looked for by kind, which only the files added at once are.
        """
        at = os.path.abspath(path)

        def read() -> list[Document]:
            found = self.roots[at]
            return [Document(one, at) for root in found for one in manifests_in(root)]

        self.roots.add_later(at, lambda: tuple(roots(path)), ())
        self.by_path.add_later(at, read, [])

    def of(self, group: str, kind: str) -> list[Document]:
        """Return the objects of a kind, in the order of their files."""
        return self.by_shape.get((group, kind), [])

    def leave_out(self, paths: set[str]) -> list[Document]:
        """Forget the clusters, generators and ConfigMaps of some files; return them."""
        gone: list[Document] = []
        for shape in GENERATORS | CLUSTERS | {("", "ConfigMap"), (CLUSTER, "ManagedCluster")}:
            listed = self.of(*shape)
            gone += [document for document in listed if document.path in paths]
            self.by_shape[shape] = [d for d in listed if d.path not in paths]
        return gone

    def patch_files(self) -> set[str]:
        """Return the files that kustomizations take patches from."""
        if not self.kustomizations:
            return set()
        from linter.gitops.kustomize_patches import patch_files

        return {
            file
            for path, root in self.kustomizations
            for file in patch_files(root, os.path.dirname(path))
        }

    def holds(self, path: str) -> bool:
        """Say whether a path lies in the directories given."""
        return any(os.path.join(path, "").startswith(root) for root in self._roots)

    def sample_of(self, path: str) -> str:
        """Return the directory of samples that a file belongs to; empty where it is in use."""
        root = next((root for root in self._roots if path.startswith(root)), os.sep)
        at = root.rstrip(os.sep)
        for part in path[len(root) :].split(os.sep)[:-1]:
            at = f"{at}{os.sep}{part}"
            if part.lower() in _SAMPLES:
                return at
        return ""

    @property
    def is_gitops(self) -> bool:
        """Whether clusters and policies meet by labels here."""
        return any(self.by_shape.get(shape) for shape in GENERATORS | CLUSTERS | _OTHERS)


def _documents(root: Node, path: str) -> tuple[Document, ...]:
    return tuple(Document(manifest, path) for manifest in manifests_in(root))


def common_length(one: str, other: str) -> int:
    """Count the leading directories that two folders share."""
    count = 0
    for left, right in zip(one.split(os.sep), other.split(os.sep), strict=False):
        if left != right:
            break
        count += 1
    return count


def nearest(folders: Iterable[str], to: str) -> list[str]:
    """Return the folders that share most leading directories with another one."""
    ranked = [(common_length(folder, to), folder) for folder in dict.fromkeys(folders)]
    best = max((length for length, _ in ranked), default=0)
    return [folder for length, folder in ranked if length == best]
