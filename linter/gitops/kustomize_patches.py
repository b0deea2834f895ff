"""The patches of a kustomization, and which objects they are for.

Format: kubernetes-sigs/kustomize ``api/types/kustomization.go`` and ``patch.go``: ``patches`` with
a path or a text, the older ``patchesStrategicMerge`` and ``patchesJson6902``. A patch is a partial
object, merged over that of its kind and name or over those that a target selects, or a list of
JSON 6902 operations on what a target selects.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.fields import known
from linter.sources.json_patch import patched
from linter.sources.overlay import Merge, mapping, overlaid
from linter.sources.yaml_tree import Node, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Manifest
    from linter.gitops.documents import Repository

_IDENTITY = frozenset({"apiVersion", "kind"})
_LONGEST_PATTERN = 256
_MOST_STARS = 3
_PLAIN_PATTERN = regex(r"(?:[\w.*^$|(-]|\)(?!\*))*\Z", re.ASCII)
"""What names of objects are matched by; anything cleverer may take for ever."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch: ``target`` is a missing place where it says itself what it is for."""

    content: Node
    target: Node

    def concerns(self, manifest: Manifest) -> bool | None:
        """Say whether it is for an object; None where that is not known."""
        if self.target.is_mapping:
            return _selects(self.target, manifest)
        name, kind = self.content.at("metadata", "name"), self.content.at("kind")
        if known(kind.text()) != manifest.kind or known(name.text()) is None:
            return False
        group = (known(self.content.at("apiVersion").text()) or "").rpartition("/")[0]
        return known(name.text()) == manifest.name and group in {"", manifest.group}

    def applied(self, root: Node) -> Node:
        """Return an object with the patch applied.

        Raises:
            PatchError: It cannot be applied, or does what is not worked out here.
            TooLargeError: There is too much of it.

        """
        if self.content.is_sequence:
            return patched(root, self.content)
        if self.content.at("$patch").scalar() == "delete":
            return Node(root.source, None)
        return overlaid(root, self._partial(root), Merge.STRATEGIC)

    def _partial(self, root: Node) -> Node:
        """Return the patch without what only says which object is meant."""
        return mapping(
            self.content,
            {
                key.raw.value: (key, _nameless(value) if key.raw.value == "metadata" else value)
                for key, value in self.content.pairs()
                if key.raw.value not in _IDENTITY or root.at(key.raw.value).is_null
            },
        )


def _nameless(metadata: Node) -> Node:
    if not metadata.is_mapping:
        return metadata
    return mapping(
        metadata, {k.raw.value: (k, v) for k, v in metadata.pairs() if k.raw.value != "name"}
    )


def read_patches(root: Node, folder: str, repository: Repository) -> Iterator[Patch | None]:
    """Yield the patches of a kustomization; None for one that cannot be read."""
    for element in root.at("patchesStrategicMerge").elements():
        text = known(element.text())
        if text is not None and "\n" not in text and ":" not in text:
            yield from _of_file(text, root.at("\0"), folder, repository)
        else:
            yield from _of_text(element, root.at("\0"))
    for key in ("patches", "patchesJson6902"):
        for element in root.at(key).elements():
            path, target = known(element.at("path").text()), element.at("target")
            if path is not None:
                yield from _of_file(path, target, folder, repository)
            else:
                yield from _of_text(element.at("patch"), target)


def patch_files(root: Node, folder: str) -> Iterator[str]:
    """Yield the files that a kustomization takes patches from."""
    listed = [element.text() for element in root.at("patchesStrategicMerge").elements()]
    for key in ("patches", "patchesJson6902"):
        listed += [element.at("path").text() for element in root.at(key).elements()]
    for field in listed:
        path = known(field)
        if path is not None and "\n" not in path and ":" not in path and "\0" not in path:
            yield os.path.normpath(os.path.join(folder, path))


def _of_file(
    path: str, target: Node, folder: str, repository: Repository
) -> Iterator[Patch | None]:
    roots = repository.roots.get(os.path.normpath(os.path.join(folder, path)), ())
    if not roots:
        yield None
    for root in roots:
        yield _patch(root, target)


def _of_text(node: Node, target: Node) -> Iterator[Patch | None]:
    if not node.is_scalar:
        yield None
        return
    roots, problem = compose(node.embedded())
    if problem is not None:
        yield None
    for root in roots:
        yield _patch(root, target)


def _patch(root: Node, target: Node) -> Patch | None:
    if root.is_mapping or (root.is_sequence and target.is_mapping):
        return Patch(root, target)
    return None


def _selects(target: Node, manifest: Manifest) -> bool | None:
    """Evaluate a target: what it does not state, it does not ask for."""
    for key, value in (("group", manifest.group), ("version", manifest.version)):
        asked = known(target.at(key).text())
        if asked and asked != value:
            return False
    for key, value in (("kind", manifest.kind), ("name", manifest.name)):
        pattern = known(target.at(key).text())
        if not pattern:
            continue
        if not _is_harmless(pattern):
            return None
        if not _matches(pattern, value):
            return False
    selector = known(target.at("labelSelector").text())
    if selector or not target.at("annotationSelector").is_null:
        return None
    return True


def _is_harmless(pattern: str) -> bool:
    return (
        len(pattern) <= _LONGEST_PATTERN
        and pattern.count("*") <= _MOST_STARS
        and _PLAIN_PATTERN.match(pattern) is not None
    )


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return False
