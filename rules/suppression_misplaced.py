"""Suppressions that are not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.engine.suppressions import ANNOTATION, FORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.suppressions import Suppression


@rule("WPL014", severity=WARNING)
def suppression_misplaced(suppression: Suppression) -> Iterator[Draft]:
    """A suppression stands where it is read, in the form that is read."""
    if not suppression.fault:
        return
    yield finding(
        f"The {suppression.kind} looks like a suppression, but {suppression.fault}.",
        suppression.ref.label("not read"),
        effect="It suppresses nothing.",
        advice=f"Write '{FORM}' on the line, or directly above it, or the annotation {ANNOTATION} "
        "in the metadata of the object.",
    )
