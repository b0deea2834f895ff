"""Hexadecimal masks of the CPUs that are not isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, Replacement, finding, rule
from linter.engine.differences import difference
from linter.facts.kernel import HOUSEKEEPING_MASK
from linter.formats.cpu_masks import tuned_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.formats.cpuset import CpuSet
    from linter.model.kernel import EffectiveKernel
    from linter.model.node import Reserved


@rule("WPL312", severity=WARNING)
def housekeeping_mask_mismatch(reserved: Reserved, kernel: EffectiveKernel) -> Iterator[Draft]:
    """A mask of housekeeping CPUs that is written by hand names the reserved CPUs."""
    for argument in kernel.named(HOUSEKEEPING_MASK):
        stated = argument.statement
        if stated.cpus is None or not _contradicts(stated.cpus, reserved):
            continue
        profile, mask = reserved.profile, tuned_mask(reserved.cpus)
        literal = stated.ref.text == stated.text and profile is not None
        yield finding(
            f"{argument.name} of {argument.said_by} is the mask of {stated.cpus or 'no CPUs'}, "
            f"but {reserved.said_by} {reserved.cpus}.",
            stated.ref.label("mask here"),
            reserved.labelled(),
            effect=difference(
                reserved.cpus,
                stated.cpus,
                lacking="Reserved, but not in the mask",
                surplus="In the mask, but not reserved",
            ),
            advice=f"Leave the mask to TuneD, or set it to {mask}.",
            fix=Fix(f"set the mask to {mask}", (Replacement(stated.ref, mask),))
            if literal and profile is not None and profile.covers_every_cpu
            else None,
        )


def _contradicts(stated: CpuSet, reserved: Reserved) -> bool:
    """Say whether a mask of non-isolated CPUs is wrong, however many CPUs the machine has."""
    if not reserved.cpus <= stated:
        return True
    isolated = reserved.profile.isolated_cpus() if reserved.profile is not None else None
    if reserved.profile is None or isolated is None:
        return False
    if stated & (isolated - reserved.cpus):
        return True
    return reserved.profile.covers_every_cpu and stated != reserved.cpus
