"""irqbalance settings that leave interrupts no reserved CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.irqbalance import PATH, banned_cpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.merge import MergedConfig
    from linter.model.node import Reserved


@rule("WPL315", severity=WARNING)
def irqbalance_bans_reserved(merged: MergedConfig, reserved: Reserved) -> Iterator[Draft]:
    """Reserved CPUs are open to the interrupts that irqbalance places."""
    file = merged.file(PATH)
    winner = file.winner if file is not None else None
    banned = banned_cpus(winner.file) if winner is not None else None
    if banned is None or not banned.cpus or not reserved.cpus <= banned.cpus:
        return
    yield finding(
        f"{banned.where} is {banned.shown}, which is {banned.cpus}, "
        f"but {reserved.said_by} {reserved.cpus}.",
        banned.ref.label("banned here"),
        reserved.labelled(),
        effect="irqbalance puts no interrupt on a reserved CPU, so they stay with the workload.",
        advice="Ban the isolated CPUs, or nothing: the operator takes care of interrupts.",
    )
