"""Total reading of plain JSON-like objects: a value of the right type, absence, or RenderError.

Kubernetes decodes manifests into typed structures: an absent or null field takes its default,
an unknown field is ignored, and a field of another type makes the object unreadable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from linter.records import dataclass
from linter.render.error import RenderError, Subject
from linter.render.names import is_label_key, is_label_value

if TYPE_CHECKING:
    from linter.render.error import Path

_QUOTED_LENGTH = 60


def quoted(value: object) -> str:
    """Return a text in double quotes for a message: shortened, control characters escaped."""
    if not isinstance(value, str):
        return type_name(value)
    shown = value if len(value) <= _QUOTED_LENGTH else value[:_QUOTED_LENGTH] + "…"
    return json.dumps(shown, ensure_ascii=not shown.isprintable())


def type_name(value: object) -> str:
    """Return what a message calls a value of this type."""
    if isinstance(value, bool):
        return "a boolean"
    names = {dict: "a map", list: "a list", str: "a string", int: "a number", float: "a number"}
    return names.get(type(value), type(value).__name__)


@dataclass(frozen=True, slots=True)
class Fields:
    """One map inside an object. ``path`` says where in the object it stands."""

    subject: Subject
    path: Path
    content: Mapping[Any, Any]

    @classmethod
    def of_object(cls, manifest: object, kind: str) -> Fields:
        """Start reading a manifest that should be of this kind; names are read for messages."""
        if not isinstance(manifest, Mapping):
            raise RenderError(f"a {kind} is a map, not {type_name(manifest)}", kind)
        metadata = manifest.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else None
        return cls(Subject(kind, name if isinstance(name, str) else ""), (), manifest)

    def error(self, message: str, *keys: str | int) -> RenderError:
        """Return an error about the field that ``keys`` lead to from here."""
        return RenderError(message, self.subject.kind, self.subject.name, self.path + keys)

    def has(self, key: str) -> bool:
        """Say whether the field is there and not null."""
        return self.content.get(key) is not None

    def fields(self, key: str) -> Fields:
        """Return the map under ``key``; an absent one reads as empty."""
        value = self.content.get(key)
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise self._mistyped(key, "a map")
        return Fields(self.subject, (*self.path, key), value)

    def items(self, key: str) -> list[Fields]:
        """Return the maps of the list under ``key``; an absent one reads as empty."""
        return [
            Fields(self.subject, (*self.path, key, index), self._as_map(item, key, index))
            for index, item in enumerate(self._list(key))
        ]

    def text(self, key: str) -> str | None:
        """Return the string under ``key``, or None if it is absent."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, str):
            raise self._mistyped(key, "a string")
        return value

    def line(self, key: str) -> str | None:
        """Return the string under ``key``, which must be printable."""
        value = self.text(key)
        if value is not None and not value.isprintable():
            raise self.error(
                f"{self._field(key)} {quoted(value)} holds characters that cannot be printed", key
            )
        return value

    def lines(self, key: str) -> tuple[str, ...]:
        """Return the list of strings under ``key``, all of them printable."""
        for index, item in enumerate(self._list(key)):
            if not isinstance(item, str):
                raise self.error(
                    f"{self._field(key)} lists strings, not {type_name(item)}", key, index
                )
            if not item.isprintable():
                raise self.error(
                    f"{self._field(key)} {quoted(item)} holds characters that cannot be printed",
                    key,
                    index,
                )
        return tuple(str(item) for item in self._list(key))

    def boolean(self, key: str, *, default: bool = False) -> bool:
        """Return the boolean under ``key``, or the default if it is absent."""
        value = self.content.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._mistyped(key, "a boolean")
        return value

    def integer(self, key: str) -> int | None:
        """Return the 32-bit number under ``key``, or None if it is absent."""
        value = self.content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._mistyped(key, "a whole number")
        if not -(2**31) <= value < 2**31:
            raise self.error(f"{self._field(key)} is out of range", key)
        return value

    def strings(self, key: str) -> dict[str, str] | None:
        """Return the map of strings under ``key`` (annotations), or None if it is absent."""
        if not self.has(key):
            return None
        inner = self.fields(key)
        strings = {}
        for name, value in inner.content.items():
            if not isinstance(name, str) or not isinstance(value, str):
                where = (name,) if isinstance(name, str) else ()
                raise inner.error(
                    f"{self._field(key)} maps strings to strings; put {quoted(name)} and its "
                    f"value in quotes",
                    *where,
                )
            strings[name] = value
        return strings

    def labels(self, key: str) -> dict[str, str] | None:
        """Return the map of label keys to label values under ``key``, or None if it is absent."""
        labels = self.strings(key)
        for name, value in (labels or {}).items():
            if not is_label_key(name):
                raise self.error(f"{quoted(name)} is not a label key", key, name)
            if not is_label_value(value):
                raise self.error(f"{quoted(value)} is not a label value", key, name)
        return labels

    def _list(self, key: str) -> list[object]:
        value = self.content.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._mistyped(key, "a list")
        return value

    def _as_map(self, item: object, key: str, index: int) -> Mapping[Any, Any]:
        if not isinstance(item, Mapping):
            raise self.error(f"{self._field(key)} lists maps, not {type_name(item)}", key, index)
        return item

    def _field(self, key: str) -> str:
        return ".".join(str(step) for step in (*self.path, key))

    def _unprintable(self, text: str, key: str, *index: int) -> RenderError:
        message = f"{self._field(key)} holds characters that cannot be printed: {quoted(text)}"
        return self.error(message, key, *index)

    def _mistyped(self, key: str, expected: str) -> RenderError:
        found = type_name(self.content.get(key))
        return self.error(f"{self._field(key)} is {found}, but should be {expected}", key)
