"""What a schema has to say against a document, each with its place.

jsonschema-rs gives the verdict where a look at the document was not certain; jsonschema is asked
for the reasons, once there are any. Both are imported here, where they are needed.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from itertools import islice
from math import isfinite
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.schema.judged import judged, resolved
from linter.schema.shape import fits, is_directive
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from linter.sources.nodes import Node
    from linter.sources.text import Ref

_MOST_NODES = 100_000
_MOST_VIOLATIONS = 200
_MOST_KEYS = 100
"""Of how many unknown keys of one object is asked what may be meant: that takes its time."""

_LIKE, _MORE_LIKE = 0.75, 0.82
"""How alike two names are of which one is a misspelling: difflib's ratio.

They have to be more alike where a name that is not known may be one of a release to come; and such
a name is often a known one with something added to it.
"""


class Kind(Enum):
    """What is wrong with a value."""

    TYPE = "type"
    VALUE = "value"
    UNKNOWN = "unknown"
    LACKING = "lacking"


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the schema of its manifest does not allow.

    Attributes:
        kind: What is wrong.
        schema: The name of the schema.
        path: The keys and positions that lead to the value.
        node: The value; where it is ``LACKING`` the object that lacks something.
        holder: The object that holds the value.
        allowed: The types, the values or the names that are allowed, or the fields that lack.
        nearest: The one that is nearest to what is written.
        refusal: What becomes of the manifest.
        essential: Whether the field that is meant is one without which the manifest is in vain.

    """

    kind: Kind
    schema: str
    path: tuple[str | int, ...]
    node: Node
    holder: Node
    allowed: tuple[str, ...]
    nearest: str | None
    refusal: str
    essential: bool = False

    @property
    def key(self) -> Ref:
        """The characters of the field's name."""
        return self.holder.key_at(str(self.path[-1])).content_ref()

    @property
    def nearest_is_absent(self) -> bool:
        """Whether it is a misspelt field, and the one that is meant is not there as well."""
        misspelt = self.kind is Kind.UNKNOWN and self.nearest is not None
        return misspelt and not self.holder.at(self.nearest or "").exists


class TooLargeError(ValueError):
    """A document has more values than anybody should walk, through its aliases."""


def violations(root: Node, name: str) -> Iterator[Violation]:
    """Yield what the schema of a name has to say against a document, in the document's order.

    What a template decides is not known, and nothing is said of it; nor of a document that is too
    large to walk.
    """
    form = judged(name)
    if fits(root.raw, form):
        return
    try:
        instance = instance_of(root)
    except TooLargeError:
        return
    if not _accepts(name)(instance):
        found = islice(_explained(root, name, instance), _MOST_VIOLATIONS)
        yield from sorted(found, key=lambda item: (item.node.ref.order(), str(item.path)))


def instance_of(root: Node) -> Any:
    """Return a document as a validator takes it, with null for whatever is not known.

    Raises:
        TooLargeError: The document is too large once its aliases are expanded.

    """
    return _instance(root, [_MOST_NODES])


def _instance(node: Node, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise TooLargeError
    if node.is_template:
        return None
    if node.is_sequence:
        return [_instance(element, left) for element in node.elements()]
    if node.is_mapping:
        return {
            key: _instance(value, left)
            for key, value in node.items()
            if not is_directive(key) and not is_template(key)
        }
    value = node.scalar()
    return None if isinstance(value, float) and not isfinite(value) else value


@cache
def _accepts(name: str) -> Callable[[Any], bool]:
    import jsonschema_rs

    validator = jsonschema_rs.Draft202012Validator(judged(name))
    return validator.is_valid


@cache
def _explainer(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(judged(name))


def _explained(root: Node, name: str, instance: Any) -> Iterator[Violation]:
    form = judged(name)
    incomplete: set[tuple[str | int, ...]] = set()
    for error in _explainer(name).iter_errors(instance):
        path = tuple(error.absolute_path)
        *_, holder, node = [root, root, *_nodes(root, path)]
        above = list(_parts(form, path))
        refusal = next(str(one["x-refusal"]) for one in reversed(above) if "x-refusal" in one)
        part = error.schema
        if error.validator == "additionalProperties":
            known = list(part["properties"])
            same = set(known)
            if any(one.get("x-any-case") for one in above):
                lowered = {key.lower() for key in known}
                same = {key for key in error.instance if key.lower() in lowered}
            for key in sorted(set(error.instance) - same)[:_MOST_KEYS]:
                grows = part.get("x-grows", False)
                nearest = _nearest(key, known, _MORE_LIKE if grows else _LIKE)
                if not grows or (nearest is not None and len(key) <= len(nearest) + 1):
                    unknown = (*path, key)
                    yield Violation(
                        Kind.UNKNOWN, name, unknown, node.at(key), node, tuple(known), nearest,
                        refusal, essential=_is_essential(nearest, part.get("x-essential", ())),
                    )  # fmt: skip
        elif error.validator == "required":
            names = list(part["properties"])
            meant = {_nearest(k, names, _LIKE) for k in sorted(error.instance)[:_MOST_KEYS]}
            there = meant | set(error.instance)
            lacking = tuple(key for key in error.validator_value if key not in there)
            if lacking and path not in incomplete and not _open_ended(node):
                incomplete.add(path)
                yield Violation(Kind.LACKING, name, path, node, node, lacking, None, refusal)
        else:
            kind = Kind.TYPE if error.validator == "type" else Kind.VALUE
            allowed = tuple(_allowed(error.validator, error.validator_value))
            text = str(node.raw.value) if node.is_scalar else ""
            nearest = _nearest(text, allowed, _LIKE) if kind is Kind.VALUE else None
            yield Violation(kind, name, path, node, holder, allowed, nearest, refusal)


def _allowed(keyword: str, value: Any) -> Iterator[str]:
    """Say what a keyword of the schema allows; null and an empty text go without saying."""
    if keyword in {"type", "enum"}:
        yield from (word for word in value if word and word != "null")
    else:
        yield f"at {'least' if keyword == 'minimum' else 'most'} {value}"


def _nodes(root: Node, path: Iterable[str | int]) -> Iterator[Node]:
    node = root
    for step in path:
        node = node.at(step) if isinstance(step, str) else node.element(step)
        yield node


def _open_ended(node: Node) -> bool:
    """Say whether an object may have keys that are not seen."""
    return getattr(node.raw, "open", False) or any(is_template(key) for key, _ in node.items())


def _parts(form: Mapping[str, Any], path: Iterable[str | int]) -> Iterator[Mapping[str, Any]]:
    """Yield the part of a schema for a document, and for each step on the way to a value."""
    part: Mapping[str, Any] = form
    yield part
    for step in path:
        if isinstance(step, int):
            below = part["items"]
        else:
            below = part.get("properties", {}).get(step) or part["additionalProperties"]
        part = resolved(below, form)
        yield part


def _is_essential(nearest: str | None, essential: Any) -> bool:
    """Say whether an unknown field is an error: everywhere in some objects, in others by name."""
    return essential is True or nearest in essential


def _nearest(text: str, known: Sequence[str], like: float) -> str | None:
    """Return the name or value that somebody meant who wrote another one."""
    plain = letters(text)
    for name in known:
        if letters(name) == plain:
            return name
    from difflib import get_close_matches

    return next(iter(get_close_matches(text[:100], known, 1, like)), None)


def letters(text: str) -> str:
    """Return the letters and digits of a name in small letters, to compare misspellings by."""
    return "".join(character for character in text.lower() if character.isalnum())
