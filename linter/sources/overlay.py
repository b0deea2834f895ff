"""Overlays: one object put together from several texts, each value where it was written.

The two ways of merging are those of the generators of policies: PolicyGenTemplate
(openshift-kni/cnf-features-deploy ``ztp/policygenerator``) and PolicyGenerator
(open-cluster-management-io/policy-generator-plugin), which merges as kustomize does an object
without a schema.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.nodes import Graft, Node
from linter.sources.text import Embedded, Opaque

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.sources.text import Ref

_DIRECTIVE = "$patch"
_PLACEHOLDER = regex(r"\$[A-Za-z_]\w*\Z", re.ASCII)
_MOST_NODES = 200_000
_STRING = "tag:yaml.org,2002:str"


class TooLargeError(ValueError):
    """An object has more values than anybody should walk, through its aliases."""


class Merge(Enum):
    """How an overlay is laid over an object: both merge maps deep."""

    TEMPLATE = auto()
    """PolicyGenTemplate: every value given is taken, and lists of objects are merged one by one.

    An empty text beside the values given is one that was to be filled in, and is left out.
    """

    STRATEGIC = auto()
    """PolicyGenerator: lists are replaced; null and ``$patch: delete`` take away.

    ``$patch: replace`` starts anew.
    """


def overlaid(base: Node, patch: Node, how: Merge) -> Node:
    """Lay an overlay over an object.

    Raises:
        TooLargeError: There is too much of it.

    """
    merged = _merged(base, patch, how, [_MOST_NODES])
    return base if merged is None else Node(base.source, merged)


def graft(node: Node) -> Graft:
    """Return a node's value, ready to hang from a node of another source."""
    return node.raw if isinstance(node.raw, Graft) else Graft(node.raw, node.source)


def mapping(like: Node, entries: dict[str, tuple[Node, Node]]) -> Node:
    """Make a mapping of some keys and values; it stands where ``like`` stands."""
    pairs = [(graft(key), graft(value)) for key, value in entries.values()]
    return Node(like.source, Graft(like.raw, like.source, pairs))


def _merged(base: Node, patch: Node, how: Merge, left: list[int]) -> Graft | None:
    """Merge two values; None where the patch takes the value away."""
    left[0] -= 1
    if left[0] < 0:
        raise TooLargeError
    if how is Merge.TEMPLATE and base.is_sequence and patch.is_sequence:
        return _merged_lists(base, patch, left)
    if not patch.is_mapping:
        return graft(patch)
    strategic = how is Merge.STRATEGIC
    directive = patch.at(_DIRECTIVE).scalar() if strategic else None
    if directive == "delete":
        return None
    pairs: dict[str, tuple[Any, Any]] = {}
    if base.is_mapping and directive != "replace":
        for key, value in base.pairs():
            if strategic or value.scalar() != "" or patch.at(key.raw.value).exists:
                pairs[key.raw.value] = (graft(key), graft(value))
    for key, value in patch.pairs():
        name = key.raw.value
        if strategic and name == _DIRECTIVE:
            continue
        if strategic and value.is_null:
            pairs.pop(name, None)
            continue
        below = pairs.get(name)
        nothing = Node(base.source, None)
        under = Node(base.source, below[1]) if below is not None else nothing
        merged = _merged(under, value, how, left)
        if merged is None:
            pairs.pop(name, None)
        else:
            pairs[name] = (graft(key), merged)
    return Graft(patch.raw, patch.source, list(pairs.values()))


def _merged_lists(base: Node, patch: Node, left: list[int]) -> Graft:
    """Merge two lists as PolicyGenTemplates do: objects one by one, others as a whole."""
    below, over = list(base.elements()), list(patch.elements())
    if not below or not all(element.is_mapping for element in (*below, *over)):
        return graft(patch)
    both = zip(below, over, strict=False)
    merged = [_merged(one, two, Merge.TEMPLATE, left) for one, two in both]
    rest = [graft(element) for element in (*below[len(over) :], *over[len(below) :])]
    return Graft(patch.raw, patch.source, [*(one for one in merged if one is not None), *rest])


def rewritten(
    root: Node,
    value: Callable[[Node], Graft | None],
    key: Callable[[Node], Graft | None] | None = None,
) -> Node:
    """Change the scalars of an object; what has nothing left of what it held goes too.

    Args:
        root: The object.
        value: Returns what a scalar becomes; None takes it away, together with its key.
        key: The same for keys; they stay as they are if it is left out.

    Raises:
        TooLargeError: There is too much of it.

    """
    changed = _rewritten(root, value, key, [_MOST_NODES])
    return root if changed is None else Node(root.source, changed)


def _rewritten(
    node: Node,
    change: Callable[[Node], Graft | None],
    rename: Callable[[Node], Graft | None] | None,
    left: list[int],
) -> Graft | None:
    left[0] -= 1
    if left[0] < 0:
        raise TooLargeError
    if node.is_scalar:
        return change(node)
    if node.is_sequence:
        elements = [_rewritten(element, change, rename, left) for element in node.elements()]
        kept = [element for element in elements if element is not None]
        return Graft(node.raw, node.source, kept) if kept or not elements else None
    if not node.is_mapping:
        return graft(node)
    pairs: list[tuple[Graft, Graft]] = []
    held = False
    for key, value in node.pairs():
        held = True
        name = rename(key) if rename is not None else graft(key)
        below = _rewritten(value, change, rename, left)
        if name is not None and below is not None:
            pairs.append((name, below))
    return Graft(node.raw, node.source, pairs) if pairs or not held else None


def opened(root: Node, closed: tuple[str, ...] = ()) -> Node:
    """Return an object of which not all is known: a key that is absent may still be there.

    Args:
        root: The object.
        closed: The path of a mapping all of whose keys are known.

    Raises:
        TooLargeError: There is too much of it.

    """
    return Node(root.source, _opened(root, closed or None, [_MOST_NODES]))


def _opened(node: Node, closed: tuple[str, ...] | None, left: list[int]) -> Graft:
    left[0] -= 1
    if left[0] < 0:
        raise TooLargeError
    if node.is_sequence:
        elements = [_opened(element, None, left) for element in node.elements()]
        return Graft(node.raw, node.source, elements)
    if not node.is_mapping:
        return graft(node)
    pairs = [
        (
            graft(key),
            _opened(value, closed[1:] if closed and closed[0] == key.raw.value else None, left),
        )
        for key, value in node.pairs()
    ]
    opened = Graft(node.raw, node.source, pairs)
    opened.open = closed != ()
    return opened


def is_placeholder(node: Node) -> bool:
    """Say whether a scalar is nothing but a ``$placeholder``."""
    return node.is_scalar and _PLACEHOLDER.match(node.raw.value) is not None


def substituted(root: Node, values: dict[str, str]) -> Node:
    """Put in the values of placeholders, and drop what is nothing but one without a value.

    Args:
        root: The object.
        values: Placeholder, with its ``$``, → value.

    Raises:
        TooLargeError: There is too much of it.

    """

    def filled(node: Node) -> Graft:
        text = node.raw.value
        for name, value in values.items():
            if name in text:
                text = text.replace(name, value)
        return graft(node) if text == node.raw.value else Graft(node.raw, node.source, text)

    def changed(node: Node) -> Graft | None:
        grafted = filled(node)
        return None if is_placeholder(Node(node.source, grafted)) else grafted

    return rewritten(root, changed, filled)


@dataclass(frozen=True, slots=True)
class _Mark:
    index: int


@dataclass(frozen=True, slots=True)
class _Text:
    """The composed node of a text that stands in no file as it is."""

    value: str
    tag: str
    start_mark: _Mark
    end_mark: _Mark
    id: str = "scalar"
    style: str | None = None


def respelled(node: Node, text: str, *, string: bool = True) -> Graft:
    """Return a scalar of another text, all of which stands where the old one stands.

    Args:
        node: The scalar.
        text: What it becomes.
        string: Whether it is a string whatever it looks like.

    """
    return spelled(node.content_ref(), text, string=string)


def spelled(place: Ref, text: str, *, string: bool = True) -> Graft:
    """Return a scalar of a text, all of which stands at one place."""
    source = Embedded(text, place.source, Opaque(place.start, place.end))
    raw = _Text(text, _STRING if string else "", _Mark(0), _Mark(len(text)))
    return Graft(raw, source)
