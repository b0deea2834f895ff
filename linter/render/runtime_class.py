"""RuntimeClass ``performance-<profile>``, by which a pod asks for the high-performance runtime.

Source: openshift/cluster-node-tuning-operator, ``components/runtimeclass/runtimeclass.go``. Up to
4.12 the operator wrote API version v1beta1; v1 is served by every release with partitioning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.render.manifest import Manifest
from linter.render.runtimes import HANDLER

if TYPE_CHECKING:
    from linter.render.profile import ProfileInput


def runtime_class(profile: ProfileInput) -> Manifest:
    """Return the profile's RuntimeClass."""
    return Manifest(
        f"{profile.name}_runtimeclass.yaml",
        {
            "apiVersion": "node.k8s.io/v1",
            "kind": "RuntimeClass",
            "metadata": {"name": f"performance-{profile.name}"},
            "handler": HANDLER,
            "scheduling": {"nodeSelector": dict(profile.node_selector)},
        },
    )
