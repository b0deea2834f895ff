"""The walk-through of the documentation, read as a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

DOCS = Path(__file__).resolve().parents[2] / "docs"

_FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_STATUS = re.compile(r"\(exit status (\d+)\)")


@dataclass(frozen=True)
class File:
    """A file that the reader writes."""

    name: str
    text: str

    def write(self, folder: Path) -> None:
        """Write it below a directory."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, encoding="utf-8")


@dataclass(frozen=True)
class Command:
    """A command that the reader runs, what it prints among other lines, and its exit status."""

    words: tuple[str, ...]
    printed: tuple[str, ...]
    status: int


def stories(
    page: str = "stories.md", told: Collection[str] | None = None
) -> dict[str, list[File | Command]]:
    """Return the steps of every story of a page, or of some of them, by its heading."""
    return {
        heading: [step for fence in _FENCE.finditer(body) for step in _steps(fence)]
        for heading, body in _sections(page)
        if told is None or heading in told
    }


def headings(page: str) -> list[str]:
    """Return the headings of a page."""
    return [heading for heading, _ in _sections(page)]


def _sections(page: str) -> list[tuple[str, str]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _steps(fence: re.Match[str]) -> list[File | Command]:
    kind, title, text = fence.groups()
    if kind != "console":
        assert title, f"a file without a name: {text[:60]}"
        return [File(title, text)]
    steps: list[File | Command] = []
    for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *lines = block.splitlines()
        found = _STATUS.fullmatch(lines[-1]) if lines else None
        status = int(found[1]) if found else 0
        steps.append(Command(tuple(first.split()), tuple(lines[: -1 if found else None]), status))
    return steps
