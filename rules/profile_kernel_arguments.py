"""Kernel arguments of a profile that TuneD works out itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, removing, rule
from linter.facts.kernel import AFFINITY, HOUSEKEEPING_MASK, ISOLATION
from linter.facts.removals import removed_argument
from linter.model.releases import UNCONDITIONAL_NOHZ_FULL
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases

_TUNED = (*ISOLATION, AFFINITY, HOUSEKEEPING_MASK)


@rule("WPL214", severity=WARNING, requires=("WPL310", "WPL311", "WPL312", "WPL608"))
def profile_kernel_arguments(profile: Profile, releases: Releases) -> Iterator[Draft]:
    """A profile leaves the kernel arguments that follow from its CPUs to TuneD."""
    for argument in profile.kernel_arguments:
        stated = argument.cpus
        if stated is None or stated.cpus is None or argument.name not in _TUNED:
            continue
        # Without the hint older releases leave this one out.
        if (
            argument.name == "nohz_full"
            and known(profile.settings.hints.real_time) is False
            and releases.possibly(UNCONDITIONAL_NOHZ_FULL, holds=False)
        ):
            continue
        yield finding(
            f"spec.additionalKernelArgs sets {argument.name} to {stated.shown}, which TuneD "
            "works out from the profile's CPUs.",
            stated.ref.label("a second statement of the CPUs"),
            effect="Both stand on one command line; once the profile changes, they contradict "
            "each other.",
            advice=f"Take {argument.name} out of spec.additionalKernelArgs.",
            fix=removing(argument.ref.text, removed_argument(argument, profile.manifest.root)),
        )
