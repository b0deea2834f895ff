"""Keys that stand twice in one mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.scope import DuplicateKey


@rule("WPL003", severity=WARNING)
def duplicate_key(duplicate_key: DuplicateKey) -> Iterator[Draft]:
    """A key stands once in a mapping."""
    yield finding(
        f"The key '{duplicate_key.key}' stands twice in one mapping.",
        duplicate_key.later.label("again here"),
        duplicate_key.first.label("first here"),
        effect="Some tools take the later value and drop the first, others refuse the file.",
        advice="Keep the one that is meant.",
    )
