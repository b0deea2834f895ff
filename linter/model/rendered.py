"""Objects that were made of a PerformanceProfile: which, and of which profile.

Source: openshift/cluster-node-tuning-operator, ``pkg/performanceprofile/cmd/render`` and
``components/manifestset``: the names are made of the profile's, and rendered objects name their
owner in a label (since 4.14) or in an owner reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.generated_names import (
    GENERATED_KUBELET_CONFIG,
    GENERATED_MACHINE_CONFIG,
    GENERATED_TUNED,
)
from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.manifests import Manifest
    from linter.facts.scope import Facts
    from linter.facts.tuned_profiles import Tuned

OWNER_LABEL = "performance.openshift.io/weak-owner-reference-name"
OWNER_KIND = "PerformanceProfile"

_PREFIXES = {
    "MachineConfig": GENERATED_MACHINE_CONFIG,
    "KubeletConfig": GENERATED_KUBELET_CONFIG,
    "Tuned": GENERATED_TUNED,
}


@dataclass(frozen=True, slots=True)
class RenderedObject:
    """An object and the name of the profile that it was made of.

    ``labelled`` and ``owned`` say whether a label, or a label or owner reference, names the
    profile; otherwise its own name does, which a person may have chosen.
    """

    manifest: Manifest
    fact: MachineConfig | KubeletConfig | Tuned
    profile: str
    labelled: bool
    owned: bool


def rendered_objects(facts: Facts) -> Iterator[RenderedObject]:
    """Yield the objects that were made of profiles, in the order of kinds and files."""
    listed: tuple[MachineConfig | KubeletConfig | Tuned, ...] = (
        *facts.machine_configs,
        *facts.kubelet_configs,
        *facts.tuneds,
    )
    for fact in listed:
        manifest = fact.manifest
        owner = manifest.labels.values.get(OWNER_LABEL, "")
        label, prefix = bool(owner), _PREFIXES[manifest.kind]
        owner = owner or _owner_reference(manifest)
        by_name = manifest.name[len(prefix) :] if manifest.name.startswith(prefix) else ""
        if owner or by_name:
            yield RenderedObject(manifest, fact, owner or by_name, label, bool(owner))


def _owner_reference(manifest: Manifest) -> str:
    """Return the name of the profile that owns an object, empty where none does."""
    for reference in manifest.root.at("metadata", "ownerReferences").elements():
        if known(reference.at("kind").text()) == OWNER_KIND:
            return known(reference.at("name").text()) or ""
    return ""
