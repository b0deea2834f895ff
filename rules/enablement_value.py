"""The value of the field that switches partitioning on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.facts.installation import ALL_NODES, MODES, NOT_PARTITIONED, Enablement
from linter.sources.fields import Invalid, Value
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEAR = {
    "all": ALL_NODES,
    "allnode": ALL_NODES,
    "allnodes": ALL_NODES,
    "enabled": ALL_NODES,
    "on": ALL_NODES,
    "true": ALL_NODES,
    "yes": ALL_NODES,
    "disabled": NOT_PARTITIONED,
    "false": NOT_PARTITIONED,
    "no": NOT_PARTITIONED,
    "none": NOT_PARTITIONED,
    "off": NOT_PARTITIONED,
}
"""What people write, in small letters and without separators, and what they mean."""


@rule("WPL403", severity=ERROR)
def enablement_value(signal: Enablement) -> Iterator[Draft]:
    """The partitioning mode is exactly None or AllNodes."""
    mode = signal.mode
    if not isinstance(mode, Value | Invalid) or (isinstance(mode, Value) and mode.value in MODES):
        return
    text = mode.value if isinstance(mode, Value) else mode.text
    meant = _NEAR.get("".join(c for c in text[:40].lower() if c.isalnum()))
    said = f"'{text}'" if text or isinstance(mode, Value) else mode.found
    case_only = isinstance(mode, Value) and meant is not None and text.lower() == meant.lower()
    yield finding(
        f"{signal.carrier} is {said}, but only 'None' and 'AllNodes' are modes.",
        signal.ref.label(f"did you mean {meant}?" if meant else "not a mode"),
        effect="Only exactly AllNodes switches workload partitioning on.",
        advice=f"Write {meant}." if meant else "Write AllNodes, or None to leave it off.",
        fix=Fix(f"write {meant}", (Replacement(signal.ref, meant),))
        if case_only and meant is not None
        else None,
    )
