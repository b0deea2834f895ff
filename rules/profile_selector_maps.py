"""Profiles with more than one label where one is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile


@rule("WPL206", severity=ERROR)
def profile_selector_maps(profile: Profile) -> Iterator[Draft]:
    """A profile labels its MachineConfigs, and selects its pool, by at most one label."""
    for name, labels in (
        ("machineConfigLabel", profile.machine_config_label),
        ("machineConfigPoolSelector", profile.pool_selector),
    ):
        if labels is None or len(labels.values) < 2:
            continue
        yield finding(
            f"spec.{name} of {profile.manifest.identity} has {len(labels.values)} labels, "
            "but may have one.",
            labels.ref.label("more than one label"),
            effect="The API refuses the profile; while installing, where nothing checks it, "
            "what is generated reaches no pool or another one.",
            advice=f"Keep one label in spec.{name}: "
            + " or ".join(f'{key}: "{value}"' for key, value in labels.values.items())
            + ".",
        )
