"""Globs over paths, as ``.gitignore`` and many linters write them.

``*`` and ``?`` stay within a name, ``[a-z]`` is a set of characters, and ``**`` as a whole name
stands for any directories, none included. What names a directory is meant for all beneath it.
Matching takes a time bounded by the product of both lengths, whatever is written.
"""

from __future__ import annotations

import re
from fnmatch import translate

_LONGEST = 4096


class Glob:
    """A glob; paths are given relative to the directory that it is relative to, with ``/``."""

    __slots__ = ("_names", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._names: list[re.Pattern[str] | None] = []
        for name in text[:_LONGEST].split("/"):
            if name == "**":
                if not self._names or self._names[-1] is not None:
                    self._names.append(None)
            elif name not in {"", "."}:
                self._names.append(re.compile(translate(name)))

    def __repr__(self) -> str:
        return f"Glob({self.text!r})"

    def matches(self, path: str) -> bool:
        """Say whether the glob names a path, or a directory that it lies in."""
        reached = self._past_any({0})
        for name in path.split("/"):
            if len(self._names) in reached:
                return True
            following = {at for at in reached if self._is_any(at)}
            following |= {at + 1 for at in reached if self._names_it(at, name)}
            reached = self._past_any(following)
        return len(self._names) in reached

    def _is_any(self, at: int) -> bool:
        return at < len(self._names) and self._names[at] is None

    def _names_it(self, at: int, name: str) -> bool:
        pattern = self._names[at] if at < len(self._names) else None
        return pattern is not None and pattern.match(name) is not None

    def _past_any(self, reached: set[int]) -> set[int]:
        """Add the places after each ``**``, which may stand for nothing."""
        return reached | {at + 1 for at in reached if self._is_any(at)}
