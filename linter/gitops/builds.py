"""Builds: the objects that a kustomization makes of its resources, patches and prefixes.

Format: kubernetes-sigs/kustomize ``api/types/kustomization.go``. Nothing is fetched: what a remote
base brings is not known. A patched value stands where the patch is written.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.facts.manifests import read_manifest
from linter.gitops.documents import Document
from linter.gitops.kustomize_patches import patch_files, read_patches
from linter.gitops.policy import is_relevant
from linter.records import dataclass, field
from linter.sources.fields import Value, known
from linter.sources.json_patch import PatchError
from linter.sources.overlay import TooLargeError, mapping, opened, respelled
from linter.sources.yaml_tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linter.gitops.documents import Repository
    from linter.gitops.kustomize_patches import Patch

_TAKEN = frozenset({"resources", "bases"})
_LOCAL = frozenset({"resources", "bases", "components"})
_MOST_OBJECTS = 200_000
_DEEPEST = 10
"""How many levels of components are followed."""

_NEVER_RENAMED = frozenset({"CustomResourceDefinition", "Namespace", "APIService"})
_UNKNOWN_CHANGES = ("transformers", "replacements", "vars", "helmCharts", "helmChartInflation")


@dataclass(slots=True)
class Build:
    """What a kustomization makes.

    Attributes:
        folder: Its directory.
        shown: The name of it that people are shown.
        objects: The objects, as they are after its changes.
        whole: Whether these are all, as far as the repository goes.
        paths: The files that they come from, those of patches included.
        not_understood: The names of files with objects that were left out.

    """

    folder: str
    shown: str
    objects: list[Document] = field(default_factory=list)
    whole: bool = True
    paths: set[str] = field(default_factory=set)
    not_understood: set[str] = field(default_factory=set)


class Builds:
    """The builds of a repository; what several kustomizations take is worked out once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._roots: dict[str, Node] = {}
        for path, root in repository.kustomizations:
            self._roots.setdefault(os.path.dirname(path), root)
        self._entries = {
            folder: [entry for entry in repository.entries(root, folder) if entry.key in _LOCAL]
            for folder, root in self._roots.items()
        }
        self._built: dict[str, Build] = {}
        self._left = _MOST_OBJECTS

    def tops(self) -> Iterator[Build]:
        """Yield the builds that no other kustomization takes; of a cycle, that of one member."""
        taken = {e.path for entries in self._entries.values() for e in entries}
        waiting = sorted(self._roots)
        tops = [folder for folder in waiting if folder not in taken]
        reached: set[str] = set()
        for folder in (*tops, *waiting):
            if folder in reached:
                continue
            self._reach(folder, reached)
            if known(self._roots[folder].at("kind").text()) != "Component":
                yield self.of(folder)

    def _reach(self, folder: str, reached: set[str]) -> None:
        stack = [folder]
        while stack:
            at = stack.pop()
            if at not in reached:
                reached.add(at)
                stack += [entry.path for entry in self._entries.get(at, ())]

    def of(self, folder: str) -> Build:
        """Return the build of a directory; what it takes is built first."""
        stack = [folder]
        begun: set[str] = set()
        while stack:
            at = stack[-1]
            below = [e.path for e in self._entries[at] if e.path in self._roots]
            waiting = [path for path in below if path not in self._built and path not in begun]
            if at not in begun and waiting:
                begun.add(at)
                stack += waiting
                continue
            stack.pop()
            if at not in self._built:
                self._built[at] = self._make(at, [])
        return self._built[folder]

    def _make(self, folder: str, before: Iterable[Document], depth: int = 0) -> Build:
        """Put together what is listed, and change it as the kustomization says."""
        root = self._roots[folder]
        build = Build(folder, os.path.dirname(root.ref.file.name) or ".", list(before))
        for entry in self._entries[folder]:
            if entry.key in _TAKEN:
                self._take(entry.path, build)
        listed = sum(1 for key in _LOCAL for _ in root.at(key).elements())
        build.whole &= listed == len(self._entries[folder])
        for entry in self._entries[folder]:
            if entry.key != "components" or entry.path not in self._roots:
                continue
            if depth == _DEEPEST:
                build.whole = False
                continue
            component = self._make(entry.path, build.objects, depth + 1)
            _join(build, component, component.objects)
        if any(not root.at(key).is_null for key in _UNKNOWN_CHANGES):
            build.whole = False
            _leave_out(build, is_relevant)
        self._patch(build, root)
        self._rename(build, root)
        self._left -= len(build.objects)
        if self._left < 0:
            build.objects, build.whole = [], False
        return build

    def _take(self, path: str, build: Build) -> None:
        if path in self._roots:
            below = self._built.get(path)
            if below is None:  # a cycle, which kustomize refuses
                build.whole = False
            else:
                _join(build, below, [*build.objects, *below.objects])
        elif path in self._repository.by_path:
            build.paths.add(path)
            if path not in self._repository.outlined:  # nothing there is ever looked at here
                build.objects += self._repository.by_path[path]
        elif not self._repository.holds(path):
            build.whole = False

    def _patch(self, build: Build, root: Node) -> None:
        build.paths.update(patch_files(root, build.folder))
        for patch in read_patches(root, build.folder, self._repository):
            if patch is None:
                continue
            changed: list[Document] = []
            met = False
            for document in build.objects:
                concerned = is_relevant(document.root) and patch.concerns(document.manifest)
                met |= concerned is not False
                if concerned is False:
                    changed.append(document)
                    continue
                result = _patched(document, patch) if concerned else None
                if result is None:
                    build.not_understood.add(document.manifest.ref.file.name)
                elif result.root.is_mapping:
                    changed.append(result)
            build.objects = changed
            if not met and not build.whole:
                build.objects += _overlay_alone(patch, build.folder)

    def _rename(self, build: Build, root: Node) -> None:
        prefix, suffix = (known(root.at(key).text()) or "" for key in ("namePrefix", "nameSuffix"))
        if prefix or suffix:
            build.objects = [_renamed(document, prefix, suffix) for document in build.objects]


def _join(build: Build, other: Build, objects: list[Document]) -> None:
    build.objects = objects
    build.whole &= other.whole
    build.paths |= other.paths
    build.not_understood |= other.not_understood


def _leave_out(build: Build, unknown: Callable[[Node], bool]) -> None:
    build.not_understood |= {d.manifest.ref.file.name for d in build.objects if unknown(d.root)}
    build.objects = [document for document in build.objects if not unknown(document.root)]


def _patched(document: Document, patch: Patch) -> Document | None:
    """Return an object with a patch applied; None where that is not worked out."""
    try:
        root = patch.applied(document.root)
    except (PatchError, TooLargeError):
        return None
    return Document(read_manifest(root, document.manifest.kind), document.path)


def _overlay_alone(patch: Patch, folder: str) -> Iterator[Document]:
    """Yield what a patch states of an object of a remote base, of which no more is known."""
    kind = known(patch.content.at("kind").text())
    if patch.content.is_mapping and kind is not None and is_relevant(patch.content):
        try:
            root = opened(patch.content)
        except TooLargeError:
            return
        yield Document(read_manifest(root, kind), folder)


def _renamed(document: Document, prefix: str, suffix: str) -> Document:
    """Return an object whose name has a prefix and a suffix; the name stands where it stood."""
    name = document.root.at("metadata", "name")
    if document.manifest.kind in _NEVER_RENAMED or not isinstance(name.text(), Value):
        return document
    metadata = document.root.at("metadata")
    text = f"{prefix}{name.raw.value}{suffix}"
    named = Node(name.source, respelled(name, text))
    pairs = {k.raw.value: (k, named if k.raw.value == "name" else v) for k, v in metadata.pairs()}
    inner = mapping(metadata, pairs)
    outer = {
        k.raw.value: (k, inner if k.raw.value == "metadata" else v)
        for k, v in document.root.pairs()
    }
    root = mapping(document.root, outer)
    return Document(read_manifest(root, document.manifest.kind), document.path)
