"""A cluster as its manifests describe it: release, size, partitioning, and every pool's nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import MANAGEMENT, is_read
from linter.facts.described import misspelt
from linter.facts.override_keys import MODE
from linter.facts.pinning import PATH as PINNING_PATH
from linter.facts.systemd import is_manager_configuration
from linter.model.contents import ConfigContents
from linter.model.node import NodeConfig, Readers, Reserved, node_config
from linter.model.partitioning import Mode, Partitioning, Size, read_partitioning, read_size
from linter.model.pools import Pool, ProfileMatch, match_profile, pools_of, with_nodes
from linter.model.release_claims import comparable_claims
from linter.model.releases import ARBITER_POOL, CPU_PARTITIONING_API, Release, Releases
from linter.records import dataclass, field
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from linter.facts.cpus import CpuStatement
    from linter.facts.crio import CrioDropIn
    from linter.facts.installation import ReleaseClaim
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.manifests import Manifest
    from linter.facts.pinning import PinningFile
    from linter.facts.profiles import Profile
    from linter.facts.scope import Facts
    from linter.facts.systemd import ManagerConfiguration
    from linter.facts.tuned_profiles import TunedProfile
    from linter.model.consequences import Consequence
    from linter.sources.text import Label

_MISSPELT = "misspelt here"


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something that only makes sense on a partitioned cluster, and what people call it."""

    what: str
    ref: Ref
    machine_config: MachineConfig


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster, for the releases under consideration."""

    name: str
    path: str
    facts: Facts
    releases: Releases
    claims: tuple[ReleaseClaim, ...]
    partitioning: Partitioning
    size: Size
    pools: tuple[Pool, ...]
    matches: tuple[ProfileMatch, ...]
    nodes: tuple[NodeConfig, ...]
    contents: tuple[ConfigContents, ...]
    statements: tuple[CpuStatement, ...]
    artefacts: tuple[Artefact, ...]
    install_time: bool
    installer: bool
    """Whether an installer reads the directory as it is."""
    readers: Readers = field(repr=False, compare=False)

    def profile_reserved(self, config: MachineConfig) -> Reserved | None:
        """Return what the profiles of the pools that take a MachineConfig reserve.

        None where no such pool has a profile, or where they reserve different CPUs.
        """
        stated = [
            node.reserved
            for node in self.nodes
            if node.reserved is not None
            and node.reserved.profile is not None
            and any(taken is config for taken in node.merged.order)
        ]
        return stated[0] if len({reserved.cpus for reserved in stated}) == 1 else None

    def generated_isolated_cores(self, profile: Profile) -> tuple[CpuStatement, ...]:
        """Return the ``isolated_cores`` of the Tuned object that is generated for a profile.

        Names tell which that is; there is none where two profiles have the name.
        """
        if not profile.name or sum(p.name == profile.name for p in self.facts.profiles) > 1:
            return ()
        return tuple(
            entry.isolated_cores
            for tuned in self.facts.tuneds
            if tuned.generated_for == profile.name
            for entry in tuned.profiles
            if entry.isolated_cores is not None
        )

    def misspelt_switches(self) -> list[Label]:
        """Return the keys that should switch partitioning on and are misspelt."""
        found = [
            k.ref for i in self.facts.installations for k in i.misspelt_keys if k.meant == MODE
        ]
        for installation in self.facts.installations:
            if installation.config is not None:
                meant = misspelt(self.facts, installation.config)
                found.extend(ref for field, ref in meant.items() if field == MODE)
        return [ref.label(_MISSPELT) for ref in found]

    def misspelt(self, manifest: Manifest, *fields: str) -> list[Label]:
        """Return where a manifest has some fields, given by their paths, under misspelt names.

        A finding about the absence of such a field has them as labels. They are the places of
        schema-violation, which makes the finding noise.
        """
        meant = misspelt(self.facts, manifest.root)
        return [meant[field].label(_MISSPELT) for field in fields if field in meant]

    def knows_machines(self, profile: Profile) -> bool:
        """Say whether the CPUs of the machines that a profile configures are known."""
        return any(
            node.topology is not None and any(p.manifest is profile.manifest for p in node.profiles)
            for node in self.nodes
        )

    def consequences(self) -> tuple[Consequence, ...]:
        """Derive what becomes of every pool's nodes, in the order of the pools."""
        from linter.model.consequences import consequences

        return consequences(
            self.nodes,
            self.matches,
            self.partitioning,
            self.size,
            self.releases,
            installing=self.install_time,
        )

    def consequences_in_operation(self, installed: Collection[str]) -> tuple[Consequence, ...]:
        """Derive the same for a cluster that runs, and was installed with some pools, by name."""
        from linter.model.consequences import consequences

        return consequences(
            self.nodes,
            self.matches,
            self.partitioning,
            self.size,
            self.releases,
            installing=False,
            installed=installed,
        )


def build_cluster(
    name: str,
    path: str,
    facts: Facts,
    releases: Releases,
    *,
    installer: bool,
    readers: Readers | None = None,
) -> Cluster:
    """Model a cluster.

    Args:
        name: What people call it.
        path: The directory that describes it.
        facts: What its manifests state.
        releases: The releases under consideration.
        installer: Whether the directory is one that an installer reads.
        readers: Hold what was read of payloads when the cluster was built for other releases.

    Raises:
        Undecided: The releases under consideration lead to different models.

    """
    size = read_size(facts.installations)
    nowhere = Ref(File(path, ""), 0, 0)
    pools = pools_of(facts.pools, nowhere, arbiter=size.arbiter, worker_nodes=size.worker_nodes)
    pools = with_nodes(pools, size.nodes or facts.nodes)
    matches = tuple(
        match_profile(profile, pools, pools_open=facts.pools_open) for profile in facts.profiles
    )
    readers = readers or Readers()
    contents = tuple(_contents(config, readers) for config in facts.machine_configs)
    return Cluster(
        name=name,
        path=path,
        facts=facts,
        releases=releases,
        claims=tuple(i.release for i in facts.installations if i.release is not None),
        partitioning=read_partitioning(facts.installations, elsewhere=facts.pools_open),
        size=size,
        pools=pools,
        matches=matches,
        nodes=tuple(node_config(pool, facts, matches, releases, readers) for pool in pools),
        contents=contents,
        statements=(
            *_statements(facts, contents),
            *(node.statement for node in facts.node_cpusets),
        ),
        artefacts=tuple(sorted(_artefacts(contents), key=lambda item: item.machine_config.name)),
        installer=installer,
        readers=readers,
        install_time=installer
        or (not facts.bound and any(i.enablement is not None for i in facts.installations)),
    )


def target_releases(facts: Facts, asked_for: Release | None) -> Releases:
    """Return the releases to consider: the one asked for, else the one that manifests agree on."""
    if asked_for is not None:
        return Releases.only(asked_for)
    mentioned = {
        release
        for i in facts.installations
        if i.release is not None and (release := Release.mentioned_in(i.release.text))
    }
    if len(mentioned) == 1:
        return Releases.only(mentioned.pop())
    if claimed := {release.minor for _, release in comparable_claims(facts.installations)}:
        return Releases(tuple(sorted(claimed)))  # they disagree: what holds in each of them
    releases = Releases.every()
    if read_partitioning(facts.installations).mode is Mode.ALL_NODES:
        releases = releases.where(CPU_PARTITIONING_API)
    if read_size(facts.installations).arbiter:
        releases = releases.where(ARBITER_POOL)
    return releases


def _contents(config: MachineConfig, readers: Readers) -> ConfigContents:
    """Read the payloads of a MachineConfig that matter here."""
    drop_ins: list[CrioDropIn] = []
    managers: list[ManagerConfiguration] = []
    pinning: PinningFile | None = None
    for file in config.files:
        if file.path == PINNING_PATH:
            pinning = readers.pinning(file)
        elif is_read(file.path) and (drop_in := readers.crio(file)) is not None:
            drop_ins.append(drop_in)
        elif is_manager_configuration(file.path) and (manager := readers.manager(file)) is not None:
            managers.append(manager)
    return ConfigContents(config, tuple(drop_ins), pinning, tuple(managers))


def _artefacts(contents: Iterable[ConfigContents]) -> Iterable[Artefact]:
    for config in contents:
        pinning = config.machine_config.file(PINNING_PATH)
        if pinning is not None:
            what = "the kubelet's pinning file"
            yield Artefact(what, pinning.path_ref, config.machine_config)
        for drop_in in config.drop_ins:
            workload = drop_in.workloads.get(MANAGEMENT)
            if workload is not None:
                what = "CRI-O's management workload"
                yield Artefact(what, workload.ref, config.machine_config)


def _statements(facts: Facts, contents: Iterable[ConfigContents]) -> Iterable[CpuStatement]:
    """Yield every statement of CPUs, in the order of the manifests' kinds."""
    for profile in facts.profiles:
        yield from profile.cpu_sets
        yield from (a.cpus for a in profile.kernel_arguments if a.cpus is not None)
    for kubelet in facts.kubelet_configs:
        if kubelet.reserved is not None:
            yield kubelet.reserved
    for config in contents:
        yield from (a.cpus for a in config.machine_config.kernel_arguments if a.cpus is not None)
        for drop_in in config.drop_ins:
            yield from (w.cpuset for w in drop_in.workloads.values() if w.cpuset is not None)
            yield from (s for s in (drop_in.infra_ctr_cpuset, drop_in.shared_cpuset) if s)
        if config.pinning is not None and config.pinning.cpuset is not None:
            yield config.pinning.cpuset
        for manager in config.managers:
            yield from (assignment.statement for assignment in manager.assignments)
    for tuned in facts.tuneds:
        for tuned_profile in tuned.profiles:
            yield from _tuned_statements(tuned_profile)


def _tuned_statements(profile: TunedProfile) -> Iterable[CpuStatement]:
    if profile.isolated_cores is not None:
        yield profile.isolated_cores
    for argument in profile.arguments:  # a variable of TuneD's own is no statement
        if argument.cpus is not None and "${" not in argument.cpus.text:
            yield argument.cpus
