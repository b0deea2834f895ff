"""The configuration that the nodes of a pool will boot with, as far as manifests state it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from linter.facts.crio import read_crio_drop_in
from linter.facts.manifests import ROLE_LABEL
from linter.facts.pinning import PATH as PINNING_PATH
from linter.facts.pinning import PinningFile, read_pinning_file
from linter.facts.systemd import read_manager_configuration
from linter.model.affinity import EffectiveAffinity, fold_affinity
from linter.model.crio import EffectiveCrio, fold_crio
from linter.model.kernel import EffectiveKernel, effective_kernel
from linter.model.kubelet import EffectiveKubelet, select_kubelet
from linter.model.merge import FileLayer, MergedConfig, merge
from linter.model.pools import WORKER
from linter.model.releases import CUSTOM_POOL_BEATS_WORKER
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linter.facts.cpus import CpuStatement
    from linter.facts.machine_configs import MachineConfig, NodeFile
    from linter.facts.profiles import Profile
    from linter.facts.scope import Facts
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.formats.cpuset import CpuSet
    from linter.model.pools import Pool, ProfileMatch
    from linter.model.releases import Releases
    from linter.sources.text import Label, Ref
    from linter.topology.machine import Topology


@dataclass(frozen=True, slots=True)
class EffectivePinning:
    """The kubelet's pinning file on the nodes of a pool."""

    layers: tuple[FileLayer, ...]
    winner: FileLayer | None
    file: PinningFile | None

    @property
    def cpuset(self) -> CpuStatement | None:
        """The CPUs that it names, as written."""
        return self.file.cpuset if self.file is not None else None


@dataclass(frozen=True, slots=True)
class Reserved:
    """The reserved CPUs of a pool that everything else is held against.

    With a profile they are its ``reserved``. Without one they are what the hand-written
    partitioning files state, where these agree with each other; ``agreed`` says whether there are
    two of them, so that a third statement may be made to follow.
    """

    cpus: CpuSet
    ref: Ref
    profile: Profile | None
    said_by: str
    label: str
    agreed: bool = True

    def labelled(self) -> Label:
        """Return the label that shows where they are stated."""
        return self.ref.label(self.label)


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """What the nodes of one pool will see."""

    pool: Pool
    profiles: tuple[Profile, ...]
    profiles_open: bool
    merged: MergedConfig
    crio: EffectiveCrio
    pinning: EffectivePinning | None
    kubelet: EffectiveKubelet
    affinity: EffectiveAffinity
    kernel: EffectiveKernel
    tuneds: tuple[tuple[Tuned, TunedProfile], ...]
    reserved: Reserved | None
    topology: Topology | None = None
    """The CPUs of its machines, where somebody gave them."""

    @property
    def profile(self) -> Profile | None:
        """The profile that configures the pool; None where there is none, or more than one."""
        return self.profiles[0] if len(self.profiles) == 1 else None


def node_config(
    pool: Pool,
    facts: Facts,
    matches: Sequence[ProfileMatch],
    releases: Releases,
    readers: Readers,
) -> NodeConfig:
    """Fold everything that is stated for a pool into what its nodes will see."""
    profiles = tuple(m.profile for m in matches if any(p is pool for p in m.pools))
    merged = merge(pool, _lasting(facts.machine_configs, profiles, matches, releases), releases)
    crio = fold_crio(merged, readers.crio)
    pinning = _pinning(merged, readers)
    kubelet = select_kubelet(pool, facts.kubelet_configs)
    return NodeConfig(
        pool=pool,
        profiles=profiles,
        profiles_open=facts.profiles_open or any(m.open for m in matches),
        merged=merged,
        crio=crio,
        pinning=pinning,
        kubelet=kubelet,
        affinity=fold_affinity(merged, readers.manager),
        kernel=effective_kernel(pool, merged, profiles, facts.tuneds),
        tuneds=tuple(_tuneds(pool, facts, profiles)),
        reserved=_reserved(profiles, crio, pinning),
        topology=facts.topologies.of_pool(pool.name) if facts.topologies is not None else None,
    )


def _lasting(
    configs: Sequence[MachineConfig],
    profiles: Sequence[Profile],
    matches: Sequence[ProfileMatch],
    releases: Releases,
) -> list[MachineConfig]:
    """Leave out what was rendered of other profiles and is overridden by what is made of this one.

    The operator makes the same files of the pool's own profile, whether or not they were rendered.
    """
    own = profiles[0] if len(profiles) == 1 else None
    if own is None or any(config.name == own.generated_name for config in configs):
        return list(configs)
    others = {m.profile.generated_name for m in matches if m.profile is not own and m.profile.name}
    last = own.generated_name.encode()
    role = own.role_label
    custom = role is not None and role[1] != WORKER

    def overridden(config: MachineConfig) -> bool:
        if config.name not in others:
            return False
        if config.name.encode() < last:
            return True
        of_worker = config.manifest.labels.values.get(ROLE_LABEL) == WORKER
        return custom and of_worker and releases.has(CUSTOM_POOL_BEATS_WORKER)

    return [config for config in configs if not overridden(config)]


def _pinning(merged: MergedConfig, readers: Readers) -> EffectivePinning | None:
    file = merged.file(PINNING_PATH)
    if file is None:
        return None
    winner = file.winner
    content = readers.pinning(winner.file) if winner is not None else None
    return EffectivePinning(file.layers, winner, content)


def _tuneds(
    pool: Pool, facts: Facts, profiles: Sequence[Profile]
) -> list[tuple[Tuned, TunedProfile]]:
    """Return the TuneD profiles that the operator recommends to the pool's nodes."""
    selected: list[tuple[Tuned, TunedProfile]] = []
    names = {profile.name for profile in profiles}
    for tuned in facts.tuneds:
        recommended = {
            entry.profile
            for entry in tuned.recommend
            if entry.machine_config_labels is not None and pool.selects(entry.machine_config_labels)
        }
        selected.extend(
            (tuned, profile)
            for profile in tuned.profiles
            if profile.name in recommended or tuned.generated_for in names
        )
    return selected


def _reserved(
    profiles: Sequence[Profile], crio: EffectiveCrio, pinning: EffectivePinning | None
) -> Reserved | None:
    if len(profiles) == 1:
        profile = profiles[0]
        stated = profile.reserved
        if stated is None or stated.cpus is None or not stated.cpus:
            return None
        return Reserved(stated.cpus, stated.ref, profile, "the profile reserves", "reserved here")
    if profiles:
        return None
    table = crio.management.cpuset if crio.management is not None and not crio.open else None
    listed = pinning.cpuset if pinning is not None else None
    if table is not None and table.cpus:
        if listed is not None and listed.cpus and listed.cpus != table.cpus:
            return None
        return Reserved(
            table.cpus,
            table.ref,
            None,
            "CRI-O pins management pods to",
            "management pods run here",
            agreed=listed is not None and bool(listed.cpus),
        )
    if table is None and listed is not None and listed.cpus:
        return Reserved(
            listed.cpus,
            listed.ref,
            None,
            "the kubelet's pinning file names",
            "named here",
            agreed=False,
        )
    return None


T = TypeVar("T")


class Once(Generic[T]):
    """A reader that reads each file once, however many pools take it."""

    def __init__(self, read: Callable[[NodeFile], T]) -> None:
        self._read = read
        self._known: dict[int, tuple[NodeFile, T]] = {}

    def __call__(self, file: NodeFile) -> T:
        """Read a file, or return what was read before."""
        known = self._known.get(id(file))
        if known is None:
            known = self._known[id(file)] = (file, self._read(file))
        return known[1]


class Readers:
    """The readers of payloads, shared by the pools of a cluster.

    ``compared`` is what several rules ask of the same two objects.
    """

    def __init__(self) -> None:
        self.compared: dict[tuple[object, ...], object] = {}
        self.crio = Once(read_crio_drop_in)
        self.pinning = Once(read_pinning_file)
        self.manager = Once(read_manager_configuration)
