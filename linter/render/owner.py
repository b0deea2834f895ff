"""How a rendered object says which profile it was made from.

Source: openshift/cluster-node-tuning-operator, ``cmd/render/render.go`` (``--owner-ref``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from linter.model.releases import WEAK_OWNER_LABEL
from linter.model.rendered import OWNER_LABEL
from linter.render.names import LONGEST_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.releases import Releases
    from linter.render.manifest import Manifest
    from linter.render.profile import ProfileInput


class OwnerReference(StrEnum):
    """The form of the link: a label with the profile's name, an owner reference, or nothing."""

    LABEL_NAME = "label-name"
    K8S = "k8s"
    NONE = "none"


def add_owner(
    manifest: Manifest, profile: ProfileInput, form: OwnerReference, releases: Releases
) -> None:
    """Write the link into the manifest's metadata.

    Before 4.14 there is no label, and the operator writes an owner reference; where the profile
    has no UID it invents one or leaves it out, of which neither can be repeated, so that nothing
    is written then.

    Raises:
        RenderError: An owner reference is asked for and the profile has no UID, or the label
            cannot hold the profile's name.

    """
    if form is OwnerReference.NONE:
        return
    metadata: dict[str, Any] = manifest.object["metadata"]
    if form is OwnerReference.LABEL_NAME and releases.has(WEAK_OWNER_LABEL):
        if len(profile.name) > LONGEST_LABEL:
            raise profile.error(
                f"the profile's name has {len(profile.name)} characters, and the label that names "
                f"the owner holds {LONGEST_LABEL}; render without it (--owner-ref none)",
                "metadata",
                "name",
            )
        for labels in _labels(manifest, profile):
            labels[OWNER_LABEL] = profile.name
        return
    if profile.uid:
        reference = {
            "apiVersion": profile.api_version,
            "kind": profile.fields.subject.kind,
            "name": profile.name,
            "uid": profile.uid,
        }
        metadata["ownerReferences"] = [reference]
    elif form is OwnerReference.K8S:
        raise profile.error(
            f"profile {profile.name} has no metadata.uid, which an owner reference needs; "
            "a manifest gets one in a cluster only",
            "metadata",
            "uid",
        )


def _labels(manifest: Manifest, profile: ProfileInput) -> Iterator[dict[str, str]]:
    """Yield the maps that upstream writes the label into.

    Where the profile gives the label of its MachineConfig, the operator's Tuned object holds the
    very map that the MachineConfig has as its labels, so that the owner's label shows in both.
    """
    yield manifest.object["metadata"].setdefault("labels", {})
    if manifest.object["kind"] == "Tuned" and profile.machine_config_label is not None:
        for recommendation in manifest.object["spec"]["recommend"]:
            yield recommendation["machineConfigLabels"]
