"""Node ``cluster``: control groups of version 1, which the operator asked for in 4.14 and 4.15.

Source: openshift/cluster-node-tuning-operator, release-4.14 and release-4.15,
``pkg/performanceprofile/node/helper.go`` and ``performanceprofile_controller.go``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.render.cluster import API_VERSION, NAME
from linter.render.manifest import Manifest

if TYPE_CHECKING:
    from linter.render.profile import ProfileInput

IGNORE_CGROUPS = "performance.openshift.io/ignore-cgroups-version"
"""The annotation by which a profile keeps the running operator from changing the version."""


def node_config(profile: ProfileInput) -> Manifest:
    """Return the object that switches the cluster to version 1, in a file of the profile's own."""
    return Manifest(
        f"{profile.name}_node.yaml",
        {
            "apiVersion": API_VERSION,
            "kind": "Node",
            "metadata": {"name": NAME},
            "spec": {"cgroupMode": "v1"},
        },
    )
