"""MachineConfig ``50-performance-<profile>``: what a profile puts on the nodes of its pool.

Source: openshift/cluster-node-tuning-operator, ``components/machineconfig/machineconfig.go`` and
``components/profile/profile.go`` per release branch (4.8 to 4.10:
openshift-kni/performance-addon-operators, ``pkg/controller/performanceprofile/components``).
Scripts and units that do not state CPUs are the operator's: see :mod:`linter.render.left_out`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpu_masks import rps_mask
from linter.model.releases import (
    KERNEL_PAGE_SIZE,
    PINNING_FROM_PROFILE,
    RPS_ENABLE_RECOGNISED,
    RPS_FALSE_RECOGNISED,
    RPS_OFF_BY_DEFAULT,
    RPS_SYSCTL,
)
from linter.render.machine_config import NodeFile, machine_config
from linter.render.pinning import pinning_files
from linter.render.runtimes import RUNTIMES, runtimes_text

if TYPE_CHECKING:
    from linter.model.releases import Releases
    from linter.render.manifest import Manifest
    from linter.render.profile import CpuList, ProfileInput

RPS_SYSCTL_FILE = "/etc/sysctl.d/99-default-rps-mask.conf"
MIXED_CPUS_FILE = "/etc/kubernetes/openshift-workload-mixed-cpus"

_ENABLE_RPS = "performance.openshift.io/enable-rps"
_MIXED_CPUS_TEXT = '{\n  "shared_cpus": {\n    "containers_limit": 256\n  }\n}\n'


def performance_config(
    profile: ProfileInput,
    releases: Releases,
    *,
    partitioned: bool,
    default_runtime: str = "runc",
    shared: CpuList | None = None,
) -> Manifest:
    """Return the profile's MachineConfig.

    ``partitioned`` says whether workload partitioning is on in the cluster; ``shared`` is given
    where mixed CPUs are on; ``default_runtime`` is the pool's, ``runc`` or ``crun``.
    """
    reserved = profile.cpu.reserved
    files = [
        NodeFile(
            RUNTIMES,
            runtimes_text(profile, shared, default_runtime, releases),
            f"infra_ctr_cpuset {reserved.text}",
        )
    ]
    if releases.has(RPS_SYSCTL) and rps_enabled(profile, releases):
        mask = rps_mask(reserved.cpus)
        files.append(
            NodeFile(
                RPS_SYSCTL_FILE,
                f"net.core.rps_default_mask = {mask}\n",
                f"RPS mask {mask}, CPUs {reserved.text}",
            )
        )
    if partitioned and releases.has(PINNING_FROM_PROFILE):
        files += pinning_files(reserved.text)
    if shared:
        files.append(NodeFile(MIXED_CPUS_FILE, _MIXED_CPUS_TEXT, "mixed CPUs, limit 256"))
    return machine_config(
        f"{profile.name}_machineconfig.yaml",
        f"50-performance-{profile.name}",
        profile.labels,
        files,
        _kernel_type(profile, releases),
    )


def rps_enabled(profile: ProfileInput, releases: Releases) -> bool:
    """Say whether receive packet steering is confined to the reserved CPUs (4.12 and later)."""
    wish = profile.annotations.get(_ENABLE_RPS)
    words = releases.has(RPS_ENABLE_RECOGNISED)
    if wish == "true" or (words and wish == "enable"):
        return True
    if (wish == "false" and releases.has(RPS_FALSE_RECOGNISED)) or (words and wish == "disable"):
        return False
    return profile.hints.real_time and not releases.has(RPS_OFF_BY_DEFAULT)


def _kernel_type(profile: ProfileInput, releases: Releases) -> str:
    if profile.real_time_kernel:
        return "realtime"
    if profile.kernel_page_size == "64k" and releases.has(KERNEL_PAGE_SIZE):
        return "64k-pages"
    return "default"
