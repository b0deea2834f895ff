"""CRI-O's infrastructure containers against the reserved CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.engine.differences import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.crio import EffectiveCrio
    from linter.model.node import Reserved


@rule("WPL305", severity=ERROR)
def infra_ctr_cpuset_mismatch(reserved: Reserved, crio: EffectiveCrio) -> Iterator[Draft]:
    """CRI-O runs infrastructure containers on the CPUs that the profile reserves."""
    stated = crio.infra_ctr_cpuset
    if crio.infra_open or stated is None or not stated.cpus or stated.cpus == reserved.cpus:
        return
    yield finding(
        f"CRI-O runs infrastructure containers on {stated.shown}, "
        f"but {reserved.said_by} {reserved.cpus}.",
        stated.ref.label("run here"),
        reserved.labelled(),
        effect=difference(
            reserved.cpus,
            stated.cpus,
            lacking="Reserved, but without infrastructure containers",
            surplus="Taken from the workload",
        ),
        advice=f"Set infra_ctr_cpuset to {reserved.cpus}.",
        severity=ERROR if reserved.profile is not None else WARNING,
        fix=Fix(
            f"set infra_ctr_cpuset to {reserved.cpus}", (stated.replaced_by(reserved.cpus.text),)
        )
        if reserved.agreed
        else None,
    )
