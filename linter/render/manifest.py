"""A rendered manifest, and the parts that several rendered objects share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from linter.records import dataclass, field
from linter.render.fields import quoted
from linter.render.names import is_subdomain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.render.error import Path

Object: TypeAlias = dict[str, Any]
"""A Kubernetes object or a part of one, made of maps, lists, strings, numbers and booleans."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One rendered object and the name of the file that it belongs in.

    ``notes`` explains values that a person cannot read: a path in the object, and one line that is
    written above the value as a comment.
    """

    file_name: str
    object: Object
    notes: Mapping[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stem = self.file_name.removesuffix(".yaml").replace("_", "-")
        if not is_subdomain(stem):
            raise ValueError(f"{quoted(self.file_name)} is not the name of a rendered file")

    @property
    def identity(self) -> tuple[str, str, str]:
        """Kind, namespace (empty where there is none) and name."""
        metadata = self.object["metadata"]
        return self.object["kind"], metadata.get("namespace", ""), metadata["name"]
