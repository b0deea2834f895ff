"""The objects of a repository, with the files that they stand in."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from linter.facts.manifests import manifests_in
from linter.gitops.entries import entries_of
from linter.gitops.memory import Memory
from linter.records import dataclass
from linter.sources.candidates import KUSTOMIZATIONS
from linter.sources.scopes import SAMPLE_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from linter.facts.manifests import Manifest
    from linter.gitops.entries import Listed
    from linter.gitops.managed_cluster import ManagedCluster
    from linter.gitops.shelf import Shelf
    from linter.sources.yaml_tree import Node

T = TypeVar("T")
Shape: TypeAlias = tuple[str, str]
"""An API group and a kind."""

RAN = "ran.openshift.io"
POLICY = "policy.open-cluster-management.io"
SITECONFIG = "siteconfig.open-cluster-management.io"
CLUSTER = "cluster.open-cluster-management.io"
HIVE = "extensions.hive.openshift.io"
APPS = "apps.open-cluster-management.io"

GENERATORS = frozenset({(RAN, "PolicyGenTemplate"), (POLICY, "PolicyGenerator")})
SITE = (RAN, "SiteConfig")
INSTANCE = (SITECONFIG, "ClusterInstance")
IMPORTED = (CLUSTER, "ManagedCluster")
CLUSTERS = frozenset({SITE, INSTANCE})
DESCRIBING = CLUSTERS | {IMPORTED}
BESIDE = frozenset({("", "Namespace"), ("", "Secret")})
"""What often stands in the file of a cluster, and is never looked at."""

_POLICIES = GENERATORS | {(POLICY, "Policy")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands.

    Attributes:
        path: Its file, absolute and normal.
        shown: The name of the file that people are shown.
        opened: What opens the file.

    """

    path: str
    shown: str
    opened: str

    @property
    def folder(self) -> str:
        """The directory of its file."""
        return os.path.dirname(self.path)


@dataclass(frozen=True, slots=True)
class Document:
    """An object and its file; ``path`` is absolute and normal."""

    manifest: Manifest
    path: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        file = self.manifest.ref.file
        return Place(self.path, file.name, file.path)

    @property
    def root(self) -> Node:
        """The object itself."""
        return self.manifest.root

    @property
    def folder(self) -> str:
        """The directory of its file."""
        return os.path.dirname(self.path)

    @property
    def shape(self) -> Shape:
        """Its API group and kind."""
        return (self.manifest.group, self.manifest.kind)


@dataclass(frozen=True, slots=True)
class Outline:
    """An object that describes clusters, of which no more was kept than how policies find these."""

    place: Place
    shape: Shape
    clusters: tuple[ManagedCluster, ...]

    @property
    def path(self) -> str:
        """Its file, absolute and normal."""
        return self.place.path


_SAMPLES = SAMPLE_FOLDERS | {"out"}
"""With the directory that reference configurations are unpacked to."""


class _Later:
    """Stands for what is in a file that was not read yet."""


_LATER: Any = _Later()


class Lazily(dict[str, T]):
    """What is in each file; of some files it is read when it is first asked for.

    Args:
        read: Returns what is in a file that was added to be read later.

    """

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def add_later(self, path: str) -> None:
        """Take in a file that is read when somebody asks for it."""
        self[path] = _LATER

    def __getitem__(self, path: str) -> T:
        """Return what is in a file."""
        found = super().__getitem__(path)
        if found is _LATER:
            found = self[path] = self._read(path)
        return found

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
        self.documents: list[Document | Outline] = []
        self._later: dict[str, tuple[str, Callable[[str], Iterable[Node]]]] = {}
        self.roots = Lazily(partial(_roots_of, self._later))
        self.by_path = Lazily(partial(_documents_of, self.roots))
        self.by_shape: dict[Shape, list[Document]] = {}
        self.outlined: dict[str, tuple[Shape, ...]] = {}
        """The shapes of the objects in each file of which no more than outlines were kept."""
        self._describing: dict[Shape, list[Document | Outline]] = {}
        self.kustomizations: list[tuple[str, Node]] = []
        self.strange: set[str] = set()
        """The files with documents that are neither objects nor empty."""

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
            found = self.memory.once("documents", root, path, partial(_documents, root, path))
            if not found and not root.is_null:
                self.strange.add(path)
            for document in found:
                self.documents.append(document)
                here.append(document)
                if document.shape in DESCRIBING:
                    self._describing.setdefault(document.shape, []).append(document)
                else:
                    self.by_shape.setdefault(document.shape, []).append(document)

    def shelve(self, at: str, path: str, outlines: Iterable[Outline], shelf: Shelf) -> None:
        """Take in no more of a file than how policies find the clusters that it describes.

        What is in it is read again if somebody asks for it by its path.

        Args:
            at: The file, absolute.
            path: What opens it.
            outlines: What is to be known of it.
            shelf: What reads it again.

        """
        self._add_later(at, path, shelf.read)
        self.outlined[at] = tuple(outline.shape for outline in outlines)
        self.documents.extend(outlines)
        for outline in outlines:
            self._describing.setdefault(outline.shape, []).append(outline)

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
        self._add_later(os.path.abspath(path), path, roots)

    def _add_later(self, at: str, path: str, roots: Callable[[str], Iterable[Node]]) -> None:
        self._later[at] = (path, roots)
        self.roots.add_later(at)
        self.by_path.add_later(at)

    def shapes_in(self, path: str) -> Iterable[Shape]:
        """Return the API groups and kinds of the objects in a file; none where there is none."""
        known = self.outlined.get(path)
        return known or [document.shape for document in self.by_path.get(path, ())]

    def described(self, group: str, kind: str) -> list[Document | Outline]:
        """Return the objects of a kind that describes clusters, in the order of their files."""
        return self._describing.get((group, kind), [])

    def of(self, group: str, kind: str) -> list[Document]:
        """Return the objects of a kind, in the order of their files."""
        return self.by_shape.get((group, kind), [])

    def leave_out(self, paths: set[str]) -> list[Document | Outline]:
        """Forget the clusters, generators and ConfigMaps of some files; return them."""
        gone: list[Document | Outline] = []
        for shape in GENERATORS | {("", "ConfigMap")}:
            listed = self.of(*shape)
            gone += [document for document in listed if document.path in paths]
            self.by_shape[shape] = [d for d in listed if d.path not in paths]
        for shape in DESCRIBING:
            described = self.described(*shape)
            gone += [document for document in described if document.path in paths]
            self._describing[shape] = [d for d in described if d.path not in paths]
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
        return any(map(self._describing.get, DESCRIBING)) or any(map(self.by_shape.get, _POLICIES))


def absolute(path: str) -> str:
    """Return the absolute path of a file; that of thousands is held once if it is one."""
    at = os.path.abspath(path)
    return path if at == path else at


def _roots_of(
    later: Mapping[str, tuple[str, Callable[[str], Iterable[Node]]]], at: str
) -> tuple[Node, ...]:
    path, roots = later[at]
    return tuple(roots(path))


def _documents_of(roots: Lazily[tuple[Node, ...]], at: str) -> list[Document]:
    return [Document(one, at) for root in roots[at] for one in manifests_in(root)]


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
