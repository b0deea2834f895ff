"""Frequencies of a profile of which one is missing or zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.model.releases import HARDWARE_TUNING
from linter.sources.fields import Missing, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profile_settings import ProfileSettings
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster

_REFUSED = "The API refuses the profile; while installing, no frequency is set at all."


@rule("WPL212", severity=ERROR)
def profile_hardware_tuning(
    cluster: Cluster, profile: Profile, profile_settings: ProfileSettings
) -> Iterator[Draft]:
    """The frequencies of isolated and of reserved CPUs stand together and are not zero."""
    if not cluster.releases.possibly(HARDWARE_TUNING):
        return
    isolated, reserved = (
        profile_settings.frequencies.isolated,
        profile_settings.frequencies.reserved,
    )
    for name, field, other_name, other in (
        ("isolatedCpuFreq", isolated, "reservedCpuFreq", reserved),
        ("reservedCpuFreq", reserved, "isolatedCpuFreq", isolated),
    ):
        if isinstance(field, Value) and field.value <= 0:
            yield finding(
                f"spec.hardwareTuning.{name} is {field.value}, which is no frequency.",
                field.ref.label("no frequency"),
                effect=_REFUSED,
                advice="Write the highest frequency in kHz.",
            )
        elif isinstance(field, Value) and isinstance(other, Missing) and not profile.partial:
            yield finding(
                f"spec.hardwareTuning.{name} is {field.value}, but {other_name} is missing.",
                field.ref.label("stands alone"),
                *cluster.misspelt(profile.manifest, f"spec.hardwareTuning.{other_name}"),
                effect=_REFUSED,
                advice=f"Add {other_name}, for the same frequency {other_name}: {field.value}, "
                "or leave out both.",
            )
