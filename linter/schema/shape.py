"""A look at a document that is certain of what it accepts, and free of imports.

Nearly every manifest is as its schema has it. To say so of one costs some twenty microseconds
here; only a document of which it cannot be said is worth the import of a validator, which takes as
long as half of everything else. What is accepted here is accepted by the validator
(``tests/schema`` holds that), not the other way round: merge keys, for one, are not followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.schema.judged import resolved
from linter.sources.fields import is_template
from linter.sources.nodes import scalar_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_COLLECTIONS = 20_000
"""How many mappings and lists are looked at; a document may hold more through its aliases."""


def fits(raw: Any, form: Mapping[str, Any]) -> bool:
    """Say whether a composed document is certain to be as a schema has it.

    Args:
        raw: The composed root.
        form: The schema as :func:`~linter.schema.judged.judged` returns it.

    """
    return _fits(raw, form, form, [_MOST_COLLECTIONS])


def _fits(raw: Any, part: Mapping[str, Any], whole: Mapping[str, Any], left: list[int]) -> bool:
    part = resolved(part, whole)
    types = part.get("type")
    if raw.id == "scalar":
        return _scalar_fits(raw, part) or is_template(raw.value)
    left[0] -= 1
    if left[0] < 0:
        return False
    if raw.id == "sequence":
        items = part.get("items")
        return (types is None or "array" in types) and (
            items is None or all(_fits(item, items, whole, left) for item in raw.value)
        )
    return _mapping_fits(raw, part, whole, left)


def _scalar_fits(raw: Any, part: Mapping[str, Any]) -> bool:
    types, values = part.get("type"), part.get("enum")
    if types is None and values is None:
        return True
    value = scalar_of(raw)
    if value is None:
        return True
    if isinstance(value, str):
        fitting = "string"
    elif isinstance(value, bool):
        fitting = "boolean"
    else:
        whole_number = isinstance(value, int) or value.is_integer()
        fitting = "integer" if whole_number and types and "integer" in types else "number"
    if types is not None and fitting not in types:
        return False
    if values is not None and value not in values:
        return False
    if isinstance(value, str | bool):
        return True
    return bool(part.get("minimum", value) <= value <= part.get("maximum", value))


def _mapping_fits(
    raw: Any, part: Mapping[str, Any], whole: Mapping[str, Any], left: list[int]
) -> bool:
    if any(key.id != "scalar" for key, _ in raw.value):
        return True  # {{ x }} reads as a mapping in a mapping
    types = part.get("type")
    if types is not None and "object" not in types:
        return False
    properties, others = part.get("properties", {}), part.get("additionalProperties")
    for key, value in raw.value:
        name = key.value
        below = properties.get(name)
        if below is None:
            if is_directive(name) or is_template(name):
                continue
            if others is None and name != "<<":
                continue
            if not others or name == "<<":
                return False
            below = others
        if not _fits(value, below, whole, left):
            return False
    required = part.get("required")
    if not required or getattr(raw, "open", False):
        return True
    return {key.value for key, _ in raw.value}.issuperset(required)


def is_directive(key: str) -> bool:
    """Say whether a key is an instruction to whatever merges patches, such as ``$patch``."""
    return key.startswith("$")
