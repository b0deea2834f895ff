"""Memory: what was read of a document, for all who look at the same document again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.sources.yaml_tree import Node

T = TypeVar("T")


class Memory:
    """Reads each document once, also where several repositories have it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], tuple[Node, Any]] = {}

    def once(self, what: str, root: Node, place: str, read: Callable[[], T]) -> T:
        """Return what is read of a document.

        Args:
            what: What is read.
            root: The document.
            place: The file or directory that it is read in.
            read: Reads it.

        """
        key = (what, id(root), place)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (root, read())  # kept alive, so that its id is its own
        found: T = known[1]
        return found
