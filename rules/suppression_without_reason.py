"""Suppressions that do not say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.suppressions import Suppression


@rule("WPL011", severity=WARNING)
def suppression_without_reason(suppression: Suppression) -> Iterator[Draft]:
    """A suppression says why."""
    if suppression.fault or suppression.reason:
        return
    named = ", ".join(ref.text for ref in suppression.rules)
    yield finding(
        f"The {suppression.kind} asks to ignore {named} and does not say why.",
        suppression.ref.label("no reason here"),
        effect="It suppresses nothing until it does.",
        advice="Write the reason behind it, for whoever reads it next.",
    )
