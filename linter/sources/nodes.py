"""Accessors over composed YAML nodes: every read is total, whatever stands in the file.

Scalars are resolved only when somebody reads them, and the answer is a
:data:`~linter.sources.fields.Field`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.regexes import regex
from linter.sources.fields import Field, Invalid, Missing, Templated, Value, is_template
from linter.sources.scalars import Scalar, resolve
from linter.sources.spelling import scalar_mapping
from linter.sources.text import Embedded, Mapping, Ref, Slice, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_MERGE = 10_000
"""How many keys one mapping may gain through ``<<`` before the rest is left out."""

_WHITE = " \t\r\n\x85\u2028\u2029"
_PROPERTY = regex(rf"[^{_WHITE}]*(?:[{_WHITE}]+(?:#[^\r\n\x85\u2028\u2029]*)?)*")
"""An anchor or a tag, with the blanks and comments after it."""

_STRING_TAG = "tag:yaml.org,2002:str"


class Graft:
    """A composed node that stands in another source than the node it hangs from.

    So one tree can be put together from several files, and each value still knows where it was
    written. ``value`` may be another text than the one that is written there. Where a mapping is
    ``open``, it is not known whether it has more keys.
    """

    __slots__ = (
        "end_mark", "flow_style", "id", "open", "source", "start_mark", "style", "tag", "value"
    )  # fmt: skip

    def __init__(self, raw: Any, source: Source, value: Any = None) -> None:
        self.id = raw.id
        self.value = raw.value if value is None else value
        self.tag = raw.tag
        self.style = getattr(raw, "style", None)
        self.flow_style = getattr(raw, "flow_style", None)
        self.start_mark = raw.start_mark
        self.end_mark = raw.end_mark
        self.source = source
        self.open = getattr(raw, "open", False)


class Node:
    """A value of a document, or the place where one is missing.

    ``raw`` is the composed node, or None where the path does not exist; ``state`` then says why.
    """

    __slots__ = ("_index", "_ref", "_template", "owner", "raw", "source", "state")

    def __init__(
        self,
        source: Source,
        raw: Any,
        owner: Ref | None = None,
        state: type[Missing | Templated | Invalid] = Missing,
    ) -> None:
        self.source = raw.source if type(raw) is Graft else source
        self.raw = raw
        self.owner = owner
        self.state = state
        self._index: dict[str, tuple[Any, Any]] | None = None
        self._ref: Ref | None = None
        self._template: bool | None = None

    # -- what it is -------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether there is a value here, null included."""
        return self.raw is not None

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping that is no template in disguise."""
        return self.raw is not None and self.raw.id == "mapping" and not self.is_template

    @property
    def is_sequence(self) -> bool:
        """Whether it is a sequence."""
        return self.raw is not None and self.raw.id == "sequence"

    @property
    def is_scalar(self) -> bool:
        """Whether it is a scalar."""
        return self.raw is not None and self.raw.id == "scalar"

    @property
    def is_null(self) -> bool:
        """Whether it is absent or null."""
        return self.raw is None or (self.is_scalar and self.scalar() is None)

    @property
    def is_template(self) -> bool:
        """Whether a template decides the value: ``{{ x }}`` reads as a mapping in a mapping."""
        if self._template is None:
            self._template = self._looks_templated()
        return self._template

    def _looks_templated(self) -> bool:
        if self.raw is None:
            return self.state is Templated
        if self.raw.id == "scalar":
            return is_template(self.raw.value)
        if self.raw.id == "mapping":
            return any(key.id != "scalar" for key, _ in self.raw.value)
        return False

    @property
    def ref(self) -> Ref:
        """Its characters: quotes included, and for a block the whole of it."""
        if self._ref is None:
            if self.raw is None:
                self._ref = self.owner if self.owner is not None else Ref(self.source, 0, 0)
            else:
                start, end = self._span()
                self._ref = Ref(self.source, start, _trimmed(self.source.text, start, end))
        return self._ref

    def _span(self) -> tuple[int, int]:
        """Return where the value begins and ends; the parser's start lies before anchor and tag."""
        start, end = self.raw.start_mark.index, self.raw.end_mark.index
        text = self.source.text
        while start < end and text[start] in "&!":
            properties = _PROPERTY.match(text, start, end)
            start = properties.end() if properties else end
        return start, end

    # -- going down -------------------------------------------------------------------------------

    def at(self, *path: str) -> Node:
        """Follow keys downwards. The answer is never None; it may be a missing place."""
        node = self
        for key in path:
            node = node._child(key)
        return node

    def _child(self, key: str) -> Node:
        if self.raw is None:
            return self
        if self.is_template:
            return Node(self.source, None, self.ref, Templated)
        if self.raw.id != "mapping":
            state = Missing if self.is_null else Invalid
            return Node(self.source, None, self.ref, state)
        found = self._keys().get(key)
        if found is None:
            open_ended = type(self.raw) is Graft and self.raw.open
            return Node(self.source, None, self.ref, Templated if open_ended else Missing)
        return Node(self.source, found[1], self.ref)

    def _keys(self) -> dict[str, tuple[Any, Any]]:
        """Return key text → (key node, value node), own keys before merged, last of a name wins."""
        if self._index is None:
            self._index = {}
            merged: list[Any] = []
            for key, value in self.raw.value:
                if key.id != "scalar":
                    continue
                if key.value == "<<" and not key.style:
                    merged.append(value)
                else:
                    self._index[key.value] = (key, value)
            if merged:
                self._merge(merged)
        return self._index

    def _merge(self, merged: list[Any]) -> None:
        index = self._index if self._index is not None else {}
        seen: set[int] = {id(self.raw)}
        budget = _LARGEST_MERGE
        queue = list(reversed(merged))
        while queue and budget > 0:
            raw = queue.pop()
            if id(raw) in seen:
                continue
            seen.add(id(raw))
            if raw.id == "sequence":
                queue.extend(reversed(raw.value))
            elif raw.id == "mapping":
                for key, value in raw.value:
                    budget -= 1
                    if key.id != "scalar":
                        continue
                    if key.value == "<<" and not key.style:
                        queue.append(value)
                    else:
                        index.setdefault(key.value, (key, value))

    def key_ref(self, key: str) -> Ref:
        """Return the characters of one of its keys, or its own where the key is absent."""
        if self.is_mapping and (found := self._keys().get(key)):
            return Node(self.source, found[0]).ref
        return self.ref

    def key_at(self, key: str) -> Node:
        """Return one of its keys as a scalar, or itself where the key is absent."""
        found = self._keys().get(key) if self.is_mapping else None
        return self if found is None else Node(self.source, found[0])

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield the keys and values of a mapping, merged ones included; else nothing."""
        if self.is_mapping:
            owner = self.ref
            for key, (_, value) in self._keys().items():
                yield key, Node(self.source, value, owner)

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Yield what :meth:`items` yields, with the keys as nodes."""
        if self.is_mapping:
            owner = self.ref
            for key, value in self._keys().values():
                yield Node(self.source, key), Node(self.source, value, owner)

    def elements(self) -> Iterator[Node]:
        """Yield the elements of a sequence; of anything else nothing."""
        if self.is_sequence:
            owner = self.ref
            for value in self.raw.value:
                yield Node(self.source, value, owner)

    def element(self, index: int) -> Node:
        """Return one element of a sequence, or the place where it is missing."""
        if not self.is_sequence or not 0 <= index < len(self.raw.value):
            return Node(self.source, None, self.ref)
        return Node(self.source, self.raw.value[index], self.ref)

    def duplicate_keys(self) -> Iterator[tuple[Ref, Ref]]:
        """Yield the first and each later place of a key that stands twice in one mapping.

        The walk visits each node once, so aliases cost nothing.
        """
        stack = [self.raw] if self.raw is not None else []
        seen: set[int] = set()
        while stack:
            raw = stack.pop()
            if raw.id == "scalar" or id(raw) in seen:
                continue
            seen.add(id(raw))
            if raw.id == "sequence":
                stack.extend(reversed(raw.value))
                continue
            first: dict[str, Any] = {}
            for key, value in raw.value:
                if key.id == "scalar":
                    if key.value in first and key.value != "<<":
                        yield Node(self.source, first[key.value]).ref, Node(self.source, key).ref
                    first.setdefault(key.value, key)
                stack.append(value)

    # -- reading ----------------------------------------------------------------------------------

    def scalar(self) -> Scalar:
        """Return what Kubernetes reads in a scalar; None for anything else."""
        if self.raw is None or self.raw.id != "scalar":
            return None
        return scalar_of(self.raw)

    def text(self) -> Field[str]:
        """Read a string."""
        problem = self._unreadable()
        if problem is not None:
            return problem
        value = self.scalar()
        if value is None:
            return Missing(self.owner or self.ref)
        if is_template(self.raw.value):
            return Templated(self.ref, self.raw.value)
        if isinstance(value, str):
            return Value(value, self.content_ref())
        return Invalid(self.content_ref(), _type_name(value), self.raw.value)

    def integer(self) -> Field[int]:
        """Read an integer."""
        problem = self._unreadable()
        if problem is not None:
            return problem
        value = self.scalar()
        if value is None:
            return Missing(self.owner or self.ref)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return Value(value, self.content_ref())
        if is_template(self.raw.value):
            return Templated(self.ref, self.raw.value)
        return Invalid(self.content_ref(), _type_name(value), self.raw.value)

    def boolean(self) -> Field[bool]:
        """Read a boolean."""
        problem = self._unreadable()
        if problem is not None:
            return problem
        value = self.scalar()
        if value is None:
            return Missing(self.owner or self.ref)
        if isinstance(value, bool):
            return Value(value, self.content_ref())
        if is_template(self.raw.value):
            return Templated(self.ref, self.raw.value)
        return Invalid(self.content_ref(), _type_name(value), self.raw.value)

    def _unreadable(self) -> Missing | Templated | Invalid | None:
        if self.raw is None:
            owner = self.owner or Ref(self.source, 0, 0)
            if self.state is Missing:
                return Missing(owner)
            if self.state is Templated:
                return Templated(owner, owner.text)
            return Invalid(owner, "no object", owner.text)
        if self.raw.id == "scalar":
            return None
        if self.is_template:
            return Templated(self.ref, self.ref.text)
        return Invalid(self.ref, "a list" if self.raw.id == "sequence" else "an object", "")

    def content_ref(self) -> Ref:
        """Return a scalar's characters without quotes; where they are escaped, all of them."""
        raw = self.raw
        if raw.style in {"'", '"'}:
            start, end = self._span()
            return Ref(self.source, start + 1, end - 1)
        if raw.style in {"|", ">"}:
            embedded = self.embedded()
            return Ref(embedded, 0, len(embedded.text.rstrip("\r\n"))).outward()
        return self.ref

    def embedded(self, title: str = "") -> Embedded:
        """Return a scalar's value as a text of its own, with positions in the document."""
        return Embedded(str(self.raw.value), self.source, self._mapping(), title)

    def content(self) -> Ref:
        """Return a reference to all of a scalar's value, fit for taking parts of it."""
        value = str(self.raw.value)
        mapping = self._mapping()
        if isinstance(mapping, Slice):
            return Ref(self.source, mapping.offset, mapping.offset + len(value))
        return Ref(Embedded(value, self.source, mapping), 0, len(value))

    def _mapping(self) -> Mapping:
        start, end = self._span()
        return scalar_mapping(self.source.text, start, end, str(self.raw.value), self.raw.style)

    def plain(self, budget: int = 100_000) -> Any:
        """Return the value as Kubernetes would hand it on: mappings, lists and scalars.

        Raises:
            ValueError: The value has more than ``budget`` nodes once its aliases are expanded.

        """
        return _plain(self, [budget])


def scalar_of(raw: Any) -> Scalar:
    """Return what Kubernetes reads in a composed scalar."""
    if raw.style in {"'", '"', "|", ">"} or raw.tag == _STRING_TAG:
        return str(raw.value)
    return resolve(raw.value)


def _plain(node: Node, left: list[int]) -> Any:
    """Convert a value; documents nest no deeper than they may, so the recursion is bounded."""
    left[0] -= 1
    if left[0] < 0:
        raise ValueError("the value is too large once its aliases are expanded")
    if node.is_sequence:
        return [_plain(element, left) for element in node.elements()]
    if node.raw is not None and node.raw.id == "mapping":
        return {key: _plain(value, left) for key, value in node.items()}
    return node.scalar()


def _trimmed(text: str, start: int, end: int) -> int:
    """Return where a span ends without the white space at its end."""
    width = 64
    while end > start:
        begin = max(start, end - width)
        tail = text[begin:end].rstrip(" \t\r\n")
        if tail:
            return begin + len(tail)
        end, width = begin, width * 2
    return start


def _type_name(value: Scalar) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int):
        return "an integer"
    if isinstance(value, float):
        return "a number"
    return "a string"
