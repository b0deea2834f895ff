"""CRI-O's management workload against the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.differences import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.crio import EffectiveCrio
    from linter.model.node import Reserved


@rule("WPL301", severity=ERROR)
def crio_workload_cpuset_mismatch(reserved: Reserved, crio: EffectiveCrio) -> Iterator[Draft]:
    """CRI-O runs management pods on the CPUs that the profile reserves."""
    pinned = crio.management.cpuset if crio.management is not None else None
    if crio.open or pinned is None or not pinned.cpus or pinned.cpus == reserved.cpus:
        return
    yield finding(
        f"CRI-O pins management pods to {pinned.shown}, but {reserved.said_by} {reserved.cpus}.",
        pinned.ref.label("pinned here"),
        reserved.labelled(),
        effect=difference(
            reserved.cpus,
            pinned.cpus,
            lacking="Reserved, but without management pods",
            surplus="Taken from the workload",
        ),
        advice=f"Set cpuset to {reserved.cpus}.",
        fix=Fix(f"set cpuset to {reserved.cpus}", (pinned.replaced_by(reserved.cpus.text),)),
    )
