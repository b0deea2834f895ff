"""The entries of kustomizations: the files and directories that they name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

_LISTS = (
    "resources",
    "bases",
    "components",
    "generators",
    "transformers",
    "validators",
    "crds",
    "configurations",
    "patchesStrategicMerge",
)
_OBJECT_LISTS = ("patches", "patchesJson6902", "replacements")
_LONGEST = 4096
_HOSTS = ("git@", "git::", "github.com/", "gitlab.com/", "bitbucket.org/")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a kustomization: under which key it stands, and the path that it names."""

    key: str
    path: str
    node: Node

    @property
    def ref(self) -> Ref:
        """Where it stands."""
        return self.node.content_ref()


def entries_of(root: Node, folder: str) -> Iterator[Listed]:
    """Yield the files and directories that a kustomization names; remote ones are left out."""
    for key in _LISTS:
        for element in root.at(key).elements():
            yield from _entry(key, element, folder)
    for key in _OBJECT_LISTS:
        for element in root.at(key).elements():
            yield from _entry(key, element.at("path"), folder)
    for generator in root.at("configMapGenerator").elements():
        for element in generator.at("files").elements():
            yield from _entry("configMapGenerator", element, folder)


def _is_remote(text: str) -> bool:
    """Say whether a text names what kustomize fetches."""
    return "://" in text or "?ref=" in text or text.startswith(_HOSTS)


def _entry(key: str, node: Node, folder: str) -> Iterator[Listed]:
    text = node.scalar()
    if not isinstance(text, str) or is_template(text) or "\n" in text:
        return
    if len(text) > _LONGEST or "\0" in text or _is_remote(text):
        return
    path = text.rpartition("=")[2] if key == "configMapGenerator" else text
    yield Listed(key, os.path.normpath(f"{folder}/{path}"), node)
