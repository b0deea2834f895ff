"""What the render core says about input from which it can make no manifests."""

from __future__ import annotations

from typing import TypeAlias

from linter.records import dataclass

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that is spoken of: its kind and its ``metadata.name`` (empty where unknown)."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class RenderError(Exception):
    """Input that implies no manifests.

    ``message`` is one sentence. ``kind`` and ``name`` identify the object at fault (both empty
    where no single object is), and ``path`` is the field in it, such as
    ``("spec", "cpu", "reserved")``, so that a caller who kept positions can point at it. The field
    need not exist: a path may name what is missing.
    """

    def __init__(self, message: str, kind: str = "", name: str = "", path: Path = ()) -> None:
        super().__init__(message, kind, name, path)
        self.message = message
        self.kind = kind
        self.name = name
        self.path = path

    def __str__(self) -> str:
        return self.message
