"""The form in which a schema is held against manifests.

Manifests may be patches, and rules of their own judge some fields. So

* null is accepted everywhere, as the API takes it for an absent field;
* a field is required of the elements of a list only, which patches replace as a whole;
* a keyword that is judged by a rule is left out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from linter.schema.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LOCAL = "#/$defs/"


@cache
def judged(name: str) -> dict[str, Any]:
    """Return a schema in the form in which manifests are held against it."""
    whole = schema(name)
    parts = whole.get("$defs", {})
    elements = {ref for part in (whole, *parts.values()) for ref in _element_refs(part)}
    form = _form(whole, element=False)
    form["$defs"] = {key: _form(part, element=key in elements) for key, part in parts.items()}
    return form


def resolved(part: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a part refers to, or itself."""
    ref = part.get("$ref")
    if ref is None:
        return part
    target: Mapping[str, Any] = whole["$defs"][ref.removeprefix(_LOCAL)]
    return target


def _element_refs(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the definitions that describe elements of lists."""
    items = part.get("items")
    if items is not None:
        if "$ref" in items:
            yield items["$ref"].removeprefix(_LOCAL)
        yield from _element_refs(items)
    for below in part.get("properties", {}).values():
        yield from _element_refs(below)


def _form(part: Mapping[str, Any], *, element: bool) -> dict[str, Any]:
    elsewhere = part.get("x-judged-by", {})
    form: dict[str, Any] = {}
    for keyword, value in part.items():
        if keyword in elsewhere:
            continue
        if keyword == "type":
            form[keyword] = [*([value] if isinstance(value, str) else value), "null"]
        elif keyword == "enum":
            form[keyword] = [*value, None]
        elif keyword == "properties":
            form[keyword] = {key: _form(below, element=False) for key, below in value.items()}
        elif keyword == "items":
            form[keyword] = _form(value, element=True)
        elif keyword == "additionalProperties" and value is not False:
            form[keyword] = _form(value, element=False)
        elif (
            keyword in {"$ref", "additionalProperties", "minimum", "maximum"}
            or (keyword == "required" and element)
            or keyword.startswith("x-")
        ):
            form[keyword] = value
    return form
