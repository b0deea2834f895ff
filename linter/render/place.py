"""Places in manifests, found by the paths that the render core speaks in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.render.error import Path
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node


def place_in(root: Node, path: Path) -> Ref:
    """Return the place of a field, or of the innermost one around it that there is.

    That of a scalar is its value, of anything else its key, and of an object its name.
    """
    node, name = root, root.at("metadata", "name")
    ref = name.content_ref() if name.is_scalar else root.at("kind").ref
    for step in path:
        if isinstance(step, int):
            elements = list(node.elements())
            if step >= len(elements):
                break
            node = elements[step]
            ref = node.content_ref() if node.is_scalar else node.ref
            continue
        inner = node.at(step)
        if not inner.exists:
            break
        ref = inner.content_ref() if inner.is_scalar else node.key_ref(step)
        node = inner
    return ref
