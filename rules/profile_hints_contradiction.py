"""Workload hints of a profile that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profile_settings import ProfileSettings

_REFUSED = "The API refuses the profile; while installing, the operator makes nothing of it."


@rule("WPL210", severity=ERROR)
def profile_hints_contradiction(profile_settings: ProfileSettings) -> Iterator[Draft]:
    """The workload hints of a profile agree with each other and with its kernel."""
    hints, kernel = profile_settings.hints, profile_settings.real_time_kernel
    if known(kernel) and known(hints.real_time) is False:
        yield finding(
            "The real-time kernel is enabled, but spec.workloadHints.realTime is false.",
            hints.real_time.ref.label("not for real time"),
            kernel.ref.label("a kernel for real time"),
            effect=_REFUSED,
            advice="Write realTime: true, or disable the real-time kernel (enabled: false).",
        )
    if known(hints.high_power) and known(hints.per_pod_power):
        yield finding(
            "spec.workloadHints has both highPowerConsumption and perPodPowerManagement true.",
            hints.per_pod_power.ref.label("power is saved for some pods"),
            hints.high_power.ref.label("power is never saved"),
            effect=_REFUSED,
            advice="Write highPowerConsumption: false or perPodPowerManagement: false.",
        )
