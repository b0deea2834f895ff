"""The pages of docs/integrations and the fenced blocks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulated_services import PROJECT

PAGES = PROJECT / "docs" / "integrations"
FENCE = re.compile(r'^```(\w+)(?: title="([^"]*)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it belongs into, and its text."""

    language: str
    title: str
    text: str


def page(name: str) -> str:
    """Return the text of a page."""
    return (PAGES / f"{name}.md").read_text("utf-8")


def blocks(name: str, language: str | None = None) -> list[Block]:
    """Return the blocks of a page, or those in one language."""
    found = [Block(*match.groups(default="")) for match in FENCE.finditer(page(name))]
    return [block for block in found if language in {None, block.language}]
