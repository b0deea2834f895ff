"""The Performance Addon Operator: what installs it, where it is a part of the cluster's manifests.

Until 4.10 profiles are handled by this operator, which the Operator Lifecycle Manager installs from
a Namespace, an OperatorGroup and a Subscription (openshift-kni/performance-addon-operators). Since
4.11 the Node Tuning Operator does its work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.fields import Value, known

if TYPE_CHECKING:
    from linter.facts.manifests import Manifest
    from linter.sources.text import Ref

PACKAGE = "performance-addon-operator"
NAMESPACE = "openshift-performance-addon-operator"
KINDS = ("Namespace", "OperatorGroup", "Subscription")
"""What the operator needs, in the order in which it has to be there."""

_GROUPS = {
    "Namespace": "",
    "OperatorGroup": "operators.coreos.com",
    "Subscription": "operators.coreos.com",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """The channel of a subscription; ``ref`` are its characters with their quotes."""

    text: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class AddonManifest:
    """One of the manifests that install the operator. Only a Subscription has a channel."""

    manifest: Manifest
    channel: Channel | None

    @property
    def ref(self) -> Ref:
        """Where it is named."""
        return self.manifest.name_ref


def read_addon_manifest(manifest: Manifest) -> AddonManifest | None:
    """Read a manifest that installs the operator; None of any other."""
    if _GROUPS.get(manifest.kind) != manifest.group:
        return None
    if manifest.kind == "Namespace":
        return AddonManifest(manifest, None) if manifest.name == NAMESPACE else None
    if manifest.kind == "OperatorGroup":
        return AddonManifest(manifest, None) if manifest.namespace == NAMESPACE else None
    spec = manifest.root.at("spec")
    if known(spec.at("name").text()) != PACKAGE:
        return None
    channel = spec.at("channel")
    text = channel.text()
    stated = Channel(text.value, channel.ref) if isinstance(text, Value) else None
    return AddonManifest(manifest, stated)
