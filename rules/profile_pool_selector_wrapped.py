"""A pool selector of a profile that is written like a label selector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.facts.manifests import read_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile


@rule("WPL221", severity=ERROR)
def profile_pool_selector_wrapped(profile: Profile) -> Iterator[Draft]:
    """The machineConfigPoolSelector of a profile is a plain map of labels."""
    if profile.wrapped_pool_selector is None:
        return
    wrapped = profile.manifest.root.at("spec", "machineConfigPoolSelector", "matchLabels")
    labels = read_labels(wrapped)
    listed = (
        ", ".join(f'{key}: "{value}"' for key, value in labels.values.items()) if labels else ""
    )
    yield finding(
        "spec.machineConfigPoolSelector of a PerformanceProfile is a plain map of labels, "
        "but here it has matchLabels.",
        profile.wrapped_pool_selector.label("one level too deep"),
        effect="The API refuses the profile, and while a cluster is installed it cannot be read.",
        advice="Write the labels directly below machineConfigPoolSelector"
        + (f": {listed}." if listed else "."),
    )
