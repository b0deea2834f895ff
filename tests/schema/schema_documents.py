"""Documents that have a schema: those of the rule pages, the examples, and of ../shared."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from linter.engine.pages import read_page
from linter.engine.scoping import Tally, read_scopes
from linter.facts.described import described
from linter.facts.scope import Facts, add_document
from linter.sources.text import File
from linter.sources.yaml_tree import compose
from linter.trees import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.described import Described

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


@cache
def documents() -> tuple[Described, ...]:
    """Return the documents of all rule pages and examples, each file read by itself."""
    return tuple(_documents())


def _documents() -> Iterator[Described]:
    for path in sorted(Path(tree("rules")).glob("*.md")):
        page = read_page(str(path))
        for example in (*page.bad, *page.good):
            for file in example.files:
                yield from of_text(file.text, f"{path.name}:{example.line} {file.name}")
    for path in sorted((ROOT / "examples").rglob("*.yaml")):
        yield from of_text(path.read_text(encoding="utf-8"), path.name)


def of_text(text: str, name: str = "file.yaml") -> list[Described]:
    """Return the documents of a text that have a schema."""
    facts = Facts()
    roots, _ = compose(File(name, text))
    for root in roots:
        add_document(facts, root)
    return list(described(facts))


def shared_documents(folder: str) -> Iterator[Described]:
    """Yield the documents below a folder of ../shared, policies resolved."""
    top = SHARED / folder
    for name in sorted(os.listdir(top)):
        if (top / name).is_dir():
            for _, facts in read_scopes([str(top / name)], Tally()):
                yield from described(facts)
