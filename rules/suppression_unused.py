"""Suppressions that suppress nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.review import UnusedWish


@rule("WPL013", severity=WARNING)
def suppression_unused(unused_suppression: UnusedWish) -> Iterator[Draft]:
    """A suppression has something to suppress."""
    where = {
        "comment": "on this line",
        "annotation": "in this object",
        "configuration": "in these files",
    }
    yield finding(
        f"{unused_suppression.rule} has nothing to report {where[unused_suppression.kind]}.",
        unused_suppression.ref.label("suppresses nothing"),
        effect="If what it was for comes back, nobody will be told.",
        advice="Take it away.",
    )
