"""The MachineConfigs that OpenShift makes by itself of what the manifests say.

While installing a partitioned cluster, ``render`` adds ``01-<pool>-cpu-partitioning`` for every
pool it knows; the operator adds ``50-performance-<profile>`` for every profile, and keeps it up.
Both are implied by the manifests, whether or not their rendered form lies in the tree.
Source: openshift/cluster-node-tuning-operator ``pkg/performanceprofile/cmd/render`` and
``…/components/machineconfig``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import DIRECTORY
from linter.facts.manifests import ROLE_LABEL, Labels
from linter.formats.cpuset import CpuSet
from linter.model.releases import CRIO_DEFAULT_DROPIN
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from linter.facts.profiles import Profile
    from linter.model.pools import Pool, ProfileMatch
    from linter.model.releases import Releases

DEFAULT_DROP_IN = DIRECTORY + "01-workload-pinning-default.conf"
PROFILE_DROP_IN = DIRECTORY + "99-workload-pinning.conf"


@dataclass(frozen=True, slots=True)
class ImpliedConfig:
    """A MachineConfig that OpenShift makes by itself.

    Attributes:
        name: Its name.
        label: Its label, key and value.
        drop_in: The CRI-O drop-in that it carries; None where it only brings the pinning file.
        cpuset: What that drop-in pins to: empty for nothing, None where a template decides it.
        profile: The profile that it is made of; the operator keeps such a MachineConfig up.
        pins: It brings the kubelet's pinning file.

    """

    name: str
    label: tuple[str, str]
    drop_in: str | None
    cpuset: CpuSet | None
    profile: Profile | None
    pins: bool = True

    @property
    def role(self) -> str | None:
        """The role that it is meant for."""
        return self.label[1] if self.label[0] == ROLE_LABEL else None


def bootstrap_configs(pools: Collection[str], releases: Releases) -> Iterator[ImpliedConfig]:
    """Yield what ``render`` adds for pools of these names while it installs a partitioned cluster.

    The name of a pool is the role for which its MachineConfig is labelled.
    """
    drop_in = DEFAULT_DROP_IN if pools and releases.has(CRIO_DEFAULT_DROPIN) else None
    for name in sorted(pools):
        yield ImpliedConfig(
            f"01-{name}-cpu-partitioning", (ROLE_LABEL, name), drop_in, CpuSet.EMPTY, None
        )


def profile_configs(matches: Iterable[ProfileMatch], *, pinned: bool) -> Iterator[ImpliedConfig]:
    """Yield what the operator makes of each profile that it accepts.

    Only where the cluster is partitioned (``pinned``) does that pin anything.
    """
    for match in matches:
        profile = match.profile
        label, stated = profile.role_label, profile.reserved
        if len(match.pools) != 1 or label is None or stated is None or stated.error is not None:
            continue
        drop_in = PROFILE_DROP_IN if pinned else None
        name, cpus = profile.generated_name, stated.cpus if pinned else CpuSet.EMPTY
        yield ImpliedConfig(name, label, drop_in, cpus, profile, pinned)


def takes(pool: Pool, config: ImpliedConfig) -> bool | None:
    """Say whether a pool takes an implied MachineConfig; None where templates leave that open."""
    selector = pool.machine_config_selector
    if selector is None:
        return False
    return pool.selects(Labels(dict([config.label]), selector.ref))
