"""irqbalance settings that leave interrupts no reserved CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.irqbalance import PATH, banned_cpus
from linter.formats.cpu_masks import irqbalance_mask

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
        advice=f"Ban the isolated CPUs{_banning(banned.where, reserved)}, or nothing: the operator "
        "takes care of interrupts.",
    )


def _banning(variable: str, reserved: Reserved) -> str:
    """Return the line that bans what the profile isolates."""
    isolated = reserved.profile.isolated_cpus() if reserved.profile is not None else None
    if not isolated:
        return ""
    mask = variable.endswith("S")
    return f" ({variable}={irqbalance_mask(isolated) if mask else isolated})"
