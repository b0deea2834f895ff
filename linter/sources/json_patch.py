"""JSON patches (RFC 6902): operations on an object, each new value where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.sources.fields import known
from linter.sources.nodes import Graft, Node
from linter.sources.overlay import graft, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_OPERATIONS = 1000
_MOST_STEPS = 100


class PatchError(ValueError):
    """A patch that cannot be applied, or that does something that is not worked out here."""


def patched(root: Node, operations: Node) -> Node:
    """Apply the operations of a patch, a list, to an object.

    Raises:
        PatchError: An operation is not one of those worked out here, or leads nowhere.

    """
    for index, operation in enumerate(operations.elements()):
        name, path = known(operation.at("op").text()), known(operation.at("path").text())
        if name is None or path is None or index == _MOST_OPERATIONS:
            raise PatchError
        if name == "test":
            continue
        if name not in {"add", "replace", "remove"} or not path.startswith("/"):
            raise PatchError
        value = operation.at("value")
        if name != "remove" and not value.exists:
            raise PatchError
        steps = [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
        if len(steps) > _MOST_STEPS:
            raise PatchError
        root = Node(root.source, _changed(root, steps, name, value))
    return root


def _changed(node: Node, steps: Sequence[str], name: str, value: Node) -> Graft:
    """Return a value in which one place has been changed; the others stay as they are."""
    if node.is_mapping:
        return _changed_mapping(node, steps, name, value)
    if node.is_sequence:
        return _changed_sequence(node, steps, name, value)
    raise PatchError


def _changed_mapping(node: Node, steps: Sequence[str], name: str, value: Node) -> Graft:
    key, rest = steps[0], steps[1:]
    pairs = {k.raw.value: (graft(k), graft(v)) for k, v in node.pairs()}
    below = node.at(key)
    if rest:
        if key not in pairs:
            raise PatchError
        pairs[key] = (pairs[key][0], _changed(below, rest, name, value))
    elif name == "remove":
        if pairs.pop(key, None) is None:
            raise PatchError
    elif key in pairs:
        pairs[key] = (pairs[key][0], graft(value))
    elif name == "add":
        pairs[key] = (spelled(value.ref, key), graft(value))
    else:
        raise PatchError
    return Graft(node.raw, node.source, list(pairs.values()))


def _changed_sequence(node: Node, steps: Sequence[str], name: str, value: Node) -> Graft:
    step, rest = steps[0], steps[1:]
    elements = list(node.elements())
    kept = [graft(element) for element in elements]
    if step == "-" and name == "add" and not rest:
        return Graft(node.raw, node.source, [*kept, graft(value)])
    if not step.isascii() or not step.isdigit() or int(step) >= len(kept) + (name == "add"):
        raise PatchError
    at = int(step)
    if rest:
        if at == len(kept):
            raise PatchError
        kept[at] = _changed(elements[at], rest, name, value)
    elif name == "add":
        kept.insert(at, graft(value))
    elif name == "replace":
        kept[at] = graft(value)
    else:
        del kept[at]
    return Graft(node.raw, node.source, kept)
