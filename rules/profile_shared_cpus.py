"""Shared CPUs without the hint that they need, and the hint without shared CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.model.releases import MIXED_CPUS
from linter.sources.fields import Missing, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases


@rule("WPL211", severity=ERROR)
def profile_shared_cpus(profile: Profile, releases: Releases) -> Iterator[Draft]:
    """Shared CPUs and the hint mixedCpus stand together."""
    hint, shared = profile.settings.hints.mixed_cpus, profile.shared
    if not releases.possibly(MIXED_CPUS) or profile.partial:
        return
    if known(hint) and (shared is None or shared.text == ""):
        yield finding(
            "spec.workloadHints.mixedCpus is true, but spec.cpu.shared names no CPUs.",
            hint.ref.label("wants shared CPUs"),
            effect="The API refuses the profile.",
            advice="Name the CPUs that containers may share in spec.cpu.shared, or write "
            "mixedCpus: false.",
        )
    elif shared is not None and shared.cpus and (isinstance(hint, Missing) or known(hint) is False):
        yield finding(
            f"spec.cpu.shared names {shared.shown}, but spec.workloadHints.mixedCpus is not true.",
            shared.ref.label("shared by nobody"),
            *([] if isinstance(hint, Missing) else [hint.ref.label("switched off here")]),
            effect=f"No container can ask for {shared.shown}, which are neither reserved nor "
            "isolated, so that system services may run there.",
            advice="Write mixedCpus: true, or give the CPUs to spec.cpu.isolated.",
            severity=WARNING,
        )
