"""Bystanders: clusters of which it is known what they get, so that their files are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from linter.gitops.sketches import Sketch
    from linter.sources.scopes import Scope


@dataclass(frozen=True, slots=True)
class Bystander:
    """A cluster of which it is known what it gets.

    Attributes:
        scope: The cluster as it is known.
        sketch: What the object that installs it says of it, or the only one that describes it.
        path: The file that this object stands in, absolute.
        opened: The same as it is opened.

    """

    scope: Scope
    sketch: Sketch
    path: str
    opened: str
