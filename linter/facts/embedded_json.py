"""JSON that stands in a YAML string, such as the value of an annotation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linter.sources.yaml_tree import Node, compose

if TYPE_CHECKING:
    from linter.sources.text import Ref


def read_embedded_json(node: Node) -> tuple[Node | None, tuple[str, Ref] | None]:
    """Read the JSON object in a scalar: its root, or what is wrong with it and where."""
    source = node.embedded()
    place = node.content_ref()
    try:
        json.loads(source.text)
    except json.JSONDecodeError as error:
        at = node.content()
        return None, (f"no JSON: {error.msg}", at.part(error.pos, error.pos).outward())
    except (RecursionError, ValueError):
        return None, ("no usable JSON", place)
    roots, problem = compose(source)
    if problem is not None or not roots or not roots[0].is_mapping:
        return None, ("no JSON object", place)
    return roots[0], None
