"""YAML and JSON documents in which every value knows the characters it came from.

libyaml composes the nodes (PyYAML's ``CParser``) and :class:`~linter.sources.nodes.Node` is the
accessor over them. What comes out is bounded: neither nesting nor aliases can make a walk over a
document deep, endless or much longer than its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml._yaml import CParser

from linter.records import dataclass
from linter.regexes import regex
from linter.sources.nodes import Node
from linter.sources.text import Ref

if TYPE_CHECKING:
    from linter.sources.text import Source

__all__ = ["DEEPEST", "Node", "YamlProblem", "compose"]

DEEPEST = 200
"""Manifests nest some twenty levels; libyaml's composer overruns the stack at some 30 000."""

_TOO_DEEP = f"The document nests more than {DEEPEST} levels deep."

_ALIAS_ALLOWANCE = 4 * 2**20
"""How many characters a document may expand to through aliases, besides twice its length."""

_ANCHOR = regex(r"(?:\A|[\s,\[{])&[^\s&]")
_ALIAS = regex(r"(?:\A|[\s,\[{])\*[^\s*]")
_SURROGATES = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Why a text, or the rest of it, is no YAML."""

    message: str
    ref: Ref


class _RefusedError(Exception):
    """A document that is YAML, but that nobody should walk; never leaves this module."""


class _Composer(CParser):  # type: ignore[misc,unused-ignore] # an extension module without types
    """Composes nodes without resolving tags, and counts how deep they nest."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        self.depth = 0

    def resolve(self, kind: type, value: str, implicit: object) -> str:  # noqa: ARG002 - PyYAML's
        """Leave the tag open: it is resolved, by Kubernetes' rules, if the scalar is ever read."""
        return ""

    def descend_resolver(self, parent: object, index: object) -> None:  # noqa: ARG002 - PyYAML's
        self.depth += 1
        if self.depth > DEEPEST:
            raise _RefusedError(_TOO_DEEP)

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(source: Source, text: str | None = None) -> tuple[list[Node], YamlProblem | None]:
    """Compose every document of a text.

    Args:
        source: The text.
        text: The same with blanks in place of what is not to be read; all of it if left out.

    Returns:
        The root nodes of the documents that could be read, and what stopped the reading, if
        anything did. Empty documents are left out.

    """
    text = source.text if text is None else text
    raws, problem = _compose(source, text)
    if problem is not None and source.text.lstrip()[:1] in {"{", "["}:
        # JSON spells characters beyond U+FFFF as two escapes, which libyaml refuses.
        spelled = _SURROGATES.sub(r"\\ufffd\\ufffd", text)
        if spelled != text:
            raws, problem = _compose(source, spelled)
    if not ("*" in text and _ALIAS.search(text) and _ANCHOR.search(text)):
        return [Node(source, raw) for raw in raws], problem
    roots: list[Node] = []
    for raw in raws:
        try:
            _weigh(raw, 2 * len(source.text) + _ALIAS_ALLOWANCE)
        except _RefusedError as error:
            problem = problem or YamlProblem(str(error), Ref(source, *_start(raw, source)))
        else:
            roots.append(Node(source, raw))
    return roots, problem


def _compose(source: Source, text: str) -> tuple[list[Any], YamlProblem | None]:
    raws: list[Any] = []
    composer = None
    try:
        composer = _Composer(text)
        while composer.check_node():
            raw = composer.get_node()
            if not _is_empty(raw):
                raws.append(raw)
    except _RefusedError as error:
        return raws, YamlProblem(str(error), Ref(source, 0, 0))
    except yaml.composer.ComposerError as error:
        if "duplicate anchor" in str(error.context):
            return _compose_events(source, text)
        return raws, _problem(source, error)
    except yaml.MarkedYAMLError as error:
        return raws, _problem(source, error)
    except UnicodeEncodeError as error:
        message = "The text contains half a surrogate pair."
        return raws, YamlProblem(message, Ref(source, error.start, error.end))
    except yaml.reader.ReaderError as error:
        return raws, _forbidden_character(source, text, error)
    finally:
        if composer is not None:
            composer.dispose()
    return raws, None


def _is_empty(raw: Any) -> bool:
    return isinstance(raw, yaml.ScalarNode) and not raw.value


def _start(raw: Any, source: Source) -> tuple[int, int]:
    at = min(raw.start_mark.index, len(source.text))
    return at, at


def _problem(source: Source, error: yaml.MarkedYAMLError) -> YamlProblem:
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(source.text)) if mark else 0
    what = error.problem or error.context or "it ends too early"
    if "nesting depth" in what:  # newer builds of libyaml have a limit of their own, beyond ours
        return YamlProblem(_TOO_DEEP, Ref(source, 0, 0))
    return YamlProblem(f"The text is no YAML: {what}.", Ref(source, at, at))


def _forbidden_character(source: Source, text: str, error: yaml.reader.ReaderError) -> YamlProblem:
    """Find the character: libyaml's own position counts bytes."""
    at = max(0, text.find(chr(error.character)))
    return YamlProblem(
        f"The text contains the character U+{error.character:04X}, which YAML does not allow.",
        Ref(source, at, min(at + 1, len(source.text))),
    )


# --- documents that define an anchor twice -------------------------------------------------------


def _compose_events(source: Source, text: str) -> tuple[list[Any], YamlProblem | None]:
    """Compose a text that libyaml's composer refuses because it defines an anchor twice.

    YAML allows that: the last definition before an alias counts. This is the same composition,
    ten times slower.
    """
    parser = CParser(text)
    raws: list[Any] = []
    try:
        while parser.check_event():
            if isinstance(parser.get_event(), yaml.DocumentStartEvent):
                raw = _compose_document(parser)
                if not _is_empty(raw):
                    raws.append(raw)
    except _RefusedError as error:
        return raws, YamlProblem(str(error), Ref(source, 0, 0))
    except yaml.MarkedYAMLError as error:
        return raws, _problem(source, error)
    finally:
        parser.dispose()
    return raws, None


def _compose_document(parser: Any) -> Any:
    """Compose one document, whose start has been read, up to its end."""
    anchors: dict[str, Any] = {}
    open_nodes: list[tuple[Any, list[Any]]] = []
    done: Any = None
    while not isinstance(event := parser.get_event(), yaml.DocumentEndEvent):
        if isinstance(event, yaml.CollectionEndEvent):
            node, children = open_nodes.pop()
            node.end_mark = event.end_mark
            pairs = zip(children[::2], children[1::2], strict=True)
            node.value = list(pairs) if node.id == "mapping" else children
            continue
        node = _node_of(event, anchors)
        if open_nodes:
            open_nodes[-1][1].append(node)
        else:
            done = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((node, []))
            if len(open_nodes) > DEEPEST:
                raise _RefusedError(_TOO_DEEP)
    return done


def _node_of(event: Any, anchors: dict[str, Any]) -> Any:
    """Return the node that an event begins, or the one that an alias names."""
    start: Any = event.start_mark
    end: Any = event.end_mark
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise yaml.composer.ComposerError(None, None, "found undefined alias", start)
        return anchors[event.anchor]
    tag = "" if event.tag in {None, "!"} else event.tag
    node: Any
    if isinstance(event, yaml.ScalarEvent):
        node = yaml.ScalarNode(tag, event.value, start, end, event.style)
    elif isinstance(event, yaml.MappingStartEvent):
        node = yaml.MappingNode(tag, [], start, end, event.flow_style)
    else:
        node = yaml.SequenceNode(tag, [], start, end, event.flow_style)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


# --- aliases -------------------------------------------------------------------------------------


def _weigh(root: Any, limit: int) -> None:
    """Refuse a document that is endless, huge or deep once its aliases are expanded.

    Kubernetes refuses such documents too (go-yaml: "document contains excessive aliasing"). Each
    node is visited once, however many aliases name it.
    """
    weights: dict[int, tuple[int, int]] = {}
    entered: set[int] = set()
    stack = [root]
    while stack:
        raw = stack[-1]
        if id(raw) in weights:
            stack.pop()
        elif raw.id == "scalar":
            weights[id(stack.pop())] = (len(raw.value) + 1, 0)
        elif id(raw) not in entered:
            entered.add(id(raw))
            for child in _children(raw):
                if id(child) in entered and id(child) not in weights:
                    raise _RefusedError("The document contains itself through an alias.")
                stack.append(child)
        else:
            stack.pop()
            parts = [weights[id(child)] for child in _children(raw)]
            weight = 1 + sum(part[0] for part in parts)
            depth = 1 + max((part[1] for part in parts), default=0)
            if weight > limit:
                raise _RefusedError("The document's aliases expand to more than it may hold.")
            if depth > DEEPEST:
                raise _RefusedError(_TOO_DEEP)
            weights[id(raw)] = (weight, depth)


def _children(raw: Any) -> list[Any]:
    if raw.id == "mapping":
        return [part for pair in raw.value for part in pair]
    return list(raw.value)
