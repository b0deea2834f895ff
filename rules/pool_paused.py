"""Pools that take no changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.pools import DeclaredPool


@rule("WPL513", severity=INFO)
def pool_paused(declared_pool: DeclaredPool) -> Iterator[Draft]:
    """A pool is not paused."""
    if declared_pool.paused:
        yield finding(
            f"Pool {declared_pool.name} is paused.",
            declared_pool.paused_ref.label("paused"),
            effect="Its nodes keep the configuration that they have, whatever changes here.",
            advice="Write paused: false when the nodes may restart.",
        )
