"""A sheet: a file's text as repairs find it, parsed once, and what in it is not to be touched."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from linter.fix.leaves import Paths, read_tree
from linter.fix.outcome import RefusedError
from linter.regexes import regex
from linter.sources.text import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.fix.composing import Splice
    from linter.sources.text import File

_TEMPLATE = regex(r"\{\{(?!hub\b)|\{%|<%")
"""What a program fills in before anything reads YAML; hub templates stand in single values."""

_DOCUMENT = regex(r"^---(?=\s)", re.MULTILINE)
_COMMENT = regex(r"[ \t]*(?:#[^\r\n]*)?")
_HEAD = regex(r"(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\r?\n)*")
_GENERATED = regex(r"\bdo\s+not\s+(?:edit|modify|change)\b|@generated\b", re.IGNORECASE)


class Sheet:
    """A file's text.

    Attributes:
        file: The file.
        paths: The numbers of paths that its trees share.
        tree: What it holds.

    Raises:
        RefusedError: On construction, if nothing in it may be edited: it cannot be read to its
            end, or a program writes it.

    """

    __slots__ = ("_begins", "_templated", "file", "paths", "tree")

    def __init__(self, file: File) -> None:
        text = file.text
        head = _HEAD.match(text)
        if head is not None and _GENERATED.search(head[0]):
            raise RefusedError("the file says that a program writes it and nobody should edit it")
        self.file = file
        self.paths = Paths()
        self.tree = read_tree(Source(text), self.paths)
        self._begins: list[int] = []
        self._templated: dict[int, bool] = {}
        if _TEMPLATE.search(text):
            self._begins = [0, *(found.start() for found in _DOCUMENT.finditer(text)), len(text)]

    def check(self, splices: Sequence[Splice]) -> None:
        """Refuse edits in a document that is a template, or of what an alias names.

        Raises:
            RefusedError: One of the edits, which are sorted, is in such a place.

        """
        if self._begins:
            for splice in splices:
                number = min(bisect_right(self._begins, splice.start), len(self._begins) - 1)
                if self._is_template(number):
                    raise RefusedError("the document is a template")
        for splice in splices:
            if self._is_filled_in(splice):
                raise RefusedError("the value is a template")
            if self._is_shared(splice):
                raise RefusedError("it is reached through an alias, so other places would change")

    def _is_template(self, number: int) -> bool:
        known = self._templated.get(number)
        if known is None:
            begin, end = self._begins[number - 1], self._begins[number]
            known = self._templated[number] = bool(_TEMPLATE.search(self.file.text, begin, end))
        return known

    def _is_filled_in(self, splice: Splice) -> bool:
        """Say whether an edit is in a scalar that holds a template."""
        leaves = self.tree.leaves
        at = bisect_right(leaves, splice.start, key=lambda leaf: leaf.start) - 1
        leaf = leaves[at] if at >= 0 else None
        if leaf is None or not leaf.node.is_scalar or splice.start > leaf.end:
            return False
        return splice.start < splice.end and "{{" in leaf.value

    def _is_shared(self, splice: Splice) -> bool:
        """Say whether an edit is in one of the outermost spans that aliases name.

        What is put behind a shared value, on the same line or below it, would become a part of it.
        """
        shared = self.tree.shared
        at = bisect_left(shared, splice.end, key=lambda span: span[0]) - 1
        if at < 0:
            return False
        end = shared[at][1]
        if splice.start < splice.end:
            return splice.start < end
        between = self.file.text[end : splice.start]
        return splice.start <= end or _COMMENT.fullmatch(between) is not None
