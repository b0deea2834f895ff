"""Workload partitioning before 4.13: one hand-made MachineConfig for each role.

Source: openshift/enhancements ``enhancements/workload-partitioning/
management-workload-partitioning.md``. No object enables it: the two files do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.render.fields import quoted
from linter.render.machine_config import NodeFile, machine_config
from linter.render.names import is_subdomain
from linter.render.pinning import (
    CRIO_DROPIN_FOLDER,
    KUBELET_PINNING,
    crio_text,
    kubelet_text,
    says,
)

if TYPE_CHECKING:
    from linter.render.manifest import Manifest
    from linter.render.profile import ProfileInput

CRIO_LEGACY = f"{CRIO_DROPIN_FOLDER}/01-workload-partitioning"


def legacy_pinning(profile: ProfileInput) -> Manifest:
    """Return ``02-<role>-workload-partitioning`` with the profile's reserved CPUs.

    Raises:
        RenderError: The profile's role cannot be part of an object's name.

    """
    cpuset = profile.cpu.reserved.text
    if not is_subdomain(profile.role):
        raise profile.error(
            f"role {quoted(profile.role)} cannot be part of a MachineConfig's name",
            "spec",
            "nodeSelector",
        )
    name = f"02-{profile.role}-workload-partitioning"
    files = (
        NodeFile(CRIO_LEGACY, crio_text(cpuset).removeprefix("\n"), says(cpuset), owned=True),
        NodeFile(
            KUBELET_PINNING, kubelet_text(cpuset).removeprefix("\n"), says(cpuset), owned=True
        ),
    )
    return machine_config(f"{name}.yaml", name, profile.labels, files)
