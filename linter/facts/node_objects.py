"""Node objects, as a dump of a running cluster holds them: which pools they belong to.

Format: k8s.io/api ``core/v1`` Node; the annotation is that of the Machine Config Operator's daemon
(openshift/machine-config-operator ``pkg/daemon/constants``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.facts.manifests import Labels, Manifest

KIND = ("", "Node")
MANAGED = "machineconfiguration.openshift.io/currentConfig"
"""The annotation of every node that MachineConfigs are applied to."""


def read_node(manifest: Manifest) -> Labels | None:
    """Return the labels of a node that the Machine Config Operator manages, else None."""
    if MANAGED not in manifest.annotations.values or not manifest.labels.values:
        return None
    return manifest.labels
