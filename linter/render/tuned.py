"""Tuned ``openshift-node-performance-<profile>``: the TuneD profiles of a PerformanceProfile.

Source: openshift/cluster-node-tuning-operator, ``components/tuned/tuned.go`` per release branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.releases import (
    PER_POD_POWER,
    RT_TUNED_CHILD,
    VENDOR_TUNED_CHILDREN,
)
from linter.render.manifest import Manifest
from linter.render.tuned_profile import PREFIX, main_profile_text

if TYPE_CHECKING:
    from linter.model.releases import Releases
    from linter.render.profile import ProfileInput

NAMESPACE = "openshift-cluster-node-tuning-operator"
_PRIORITY = 20
_VENDORS = {"amd-x86": "AMD x86", "arm-aarch64": "Arm AArch64", "intel-x86": "Intel x86"}


def tuned(profile: ProfileInput, releases: Releases) -> Manifest:
    """Return the profile's Tuned object.

    Raises:
        RenderError: The workload hints exclude each other.

    """
    hints = profile.hints
    if hints.high_power and hints.per_pod_power and releases.has(PER_POD_POWER):
        raise profile.error(
            "the hints highPowerConsumption and perPodPowerManagement exclude each other",
            "spec",
            "workloadHints",
        )
    name = f"{PREFIX}-{profile.name}"
    texts = {name: main_profile_text(profile, releases), **_children(profile.name, releases)}
    return Manifest(
        f"{profile.name}_tuned.yaml",
        {
            "apiVersion": "tuned.openshift.io/v1",
            "kind": "Tuned",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {
                "profile": [{"name": name, "data": text} for name, text in texts.items()],
                "recommend": [
                    {
                        "profile": name,
                        "priority": _PRIORITY,
                        "machineConfigLabels": profile.labels,
                    }
                ],
            },
        },
    )


def _children(profile: str, releases: Releases) -> dict[str, str]:
    """Return the names and texts of the profiles that the main one includes where they fit."""
    summaries = {}
    if releases.has(RT_TUNED_CHILD):
        summaries["rt"] = "Settings for the real-time kernel"
    if releases.has(VENDOR_TUNED_CHILDREN):
        summaries |= {suffix: f"Settings for {vendor}" for suffix, vendor in _VENDORS.items()}
    return {
        f"{PREFIX}-{suffix}-{profile}": (
            "# The operator's own text of this profile states no CPUs and is not repeated here.\n"
            f"[main]\nsummary={summary}\n"
        )
        for suffix, summary in summaries.items()
    }
