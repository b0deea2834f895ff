"""Manifests in the texts of other documents: the files that a ConfigMap or a list holds by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.sources.fields import known
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.sources.yaml_tree import Node

_MOST_FILES = 1000
_ENDINGS = (".yaml", ".yml", ".json")


def documents_of(value: Node) -> Iterator[Node]:
    """Yield the documents in a text that looks like manifests; what cannot be read yields none."""
    text = known(value.text())
    if text is not None and "kind" in text and "apiVersion" in text:
        roots, _ = compose(value.embedded())
        yield from roots


def listed_files(root: Node) -> Iterator[Node]:
    """Yield the documents in a list whose elements are files: ``- 98-name.yaml: |``."""
    files = 0
    for element in root.elements():
        for name, value in element.items():
            if name.lower().endswith(_ENDINGS) and files < _MOST_FILES:
                files += 1
                yield from documents_of(value)
