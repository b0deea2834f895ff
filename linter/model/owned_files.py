"""The files that the operator writes to the nodes of a pool with a profile.

Source: openshift/cluster-node-tuning-operator ``…/components/machineconfig``. The partitioning
files, of which hand-written copies are usual, are judged by what they say and not listed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import ROLE_LABEL
from linter.model.pools import WORKER
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.machine_configs import MachineConfig, NodeFile
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig

OWNED = frozenset(
    {
        "/etc/crio/crio.conf.d/99-runtimes.conf",
        "/etc/sysctl.d/99-default-rps-mask.conf",
        "/usr/local/bin/clear-irqbalance-banned-cpus.sh",
        "/usr/local/bin/cpuset-configure.sh",
        "/usr/local/bin/hugepages-allocation.sh",
        "/usr/local/bin/set-cpus-offline.sh",
        "/usr/local/bin/set-rps-mask.sh",
    }
)


def rewritten_files(
    cluster: Cluster, node: NodeConfig, profile: Profile
) -> Iterator[tuple[MachineConfig, NodeFile]]:
    """Yield the files of the operator that a later MachineConfig of the pool writes again.

    Raises:
        Undecided: The releases under consideration merge in different orders, and that matters.

    """
    label = profile.role_label
    if label is None or not profile.name:
        return
    for config in node.merged.order:
        files = [file for file in config.files if file.path in OWNED and file.contents is not None]
        if not files or config.name == profile.generated_name or config.generated:
            continue
        if _comes_later(cluster, config, profile, label[1]):
            yield from ((config, file) for file in files)


def _comes_later(cluster: Cluster, config: MachineConfig, profile: Profile, role: str) -> bool:
    """Say whether a MachineConfig is merged after the one that is made of the profile."""
    by_name = config.name.encode() > profile.generated_name.encode()
    is_worker = config.manifest.labels.values.get(ROLE_LABEL) == WORKER
    by_role = not is_worker
    if is_worker == (role == WORKER) or by_name == by_role:
        return by_name
    return by_role if cluster.releases.has(CUSTOM_POOL_BEATS_WORKER) else by_name
