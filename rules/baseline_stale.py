"""Entries of the baseline that no finding matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.engine.review import StaleEntry


@rule("WPL015", severity=WARNING)
def baseline_stale(stale_entry: StaleEntry) -> Iterator[Draft]:
    """Every entry of the baseline has a finding."""
    about = f" about {stale_entry.resource}" if stale_entry.resource else ""
    yield finding(
        f"The baseline knows a finding of {stale_entry.rule}{about} that is no longer there.",
        stale_entry.ref.label("nothing matches this entry"),
        effect="If the same comes back, nobody will be told.",
        advice="Take the line away: 'wplint lint --prune-baseline' does it for all of them.",
    )
