"""A cluster in one state of its manifests, as one that runs already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.machines import architecture_named
from linter.facts.manifests import read_selector
from linter.formats.cpuset import CpuSet
from linter.model.fates import Fate
from linter.model.kubelet_contest import contenders
from linter.model.merge import merge
from linter.model.pools import pool_of
from linter.model.releases import CPU_PARTITIONING_API, Release, Releases
from linter.model.switch import read_switch
from linter.plan.node_statements import (
    NodeStatement,
    config_statements,
    field_statements,
    kubelet_statements,
    left_out_statements,
    runtime_statements,
    tuned_statements,
)
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from linter.facts.installation import Host
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.machines import Machine
    from linter.facts.manifests import Manifest
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.consequences import Consequence
    from linter.model.node import NodeConfig, Readers
    from linter.model.pools import Pool
    from linter.model.switch import Switch
    from linter.plan.implied_objects import ImpliedObjects, ProfileObjects
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Lacking:
    """Reserved CPUs that a machine does not have, and where it is said which it has."""

    cpus: CpuSet
    ref: Ref


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool of a running cluster in one state of its manifests.

    ``size`` is how many nodes it holds, None where nothing says; ``hosts`` are those that are
    listed by name.
    """

    state: ClusterState
    node: NodeConfig
    outcome: Consequence
    size: int | None
    hosts: tuple[Host, ...] = ()

    @property
    def pool(self) -> Pool:
        """The pool."""
        return self.node.pool

    @property
    def holds_nodes(self) -> bool:
        """Whether it may hold nodes."""
        return self.pool.holds_nodes is not False

    @property
    def management(self) -> CpuSet | None:
        """The CPUs that its management pods are pinned to; None where they are not pinned."""
        table = self.outcome.delivery.table
        return table.cpuset if self.outcome.fate is Fate.PINNED and table is not None else None

    @property
    def workload(self) -> CpuSet:
        """The CPUs that its profile keeps for the workload."""
        isolated = self.node.profile.isolated if self.node.profile is not None else None
        return (isolated.cpus if isolated is not None else None) or CpuSet.EMPTY

    def lacking(self, host: Host) -> Lacking | None:
        """Return the reserved CPUs that a node is known not to have; None where it has all.

        The topology that is given for the pool counts more than how many CPUs were found.
        """
        reserved, machine = self.node.reserved, self.node.topology
        if reserved is None or not reserved.cpus:
            return None
        if machine is not None:
            absent, ref = reserved.cpus - machine.known, machine.ref
        elif host.cpus is not None and host.inspected is not None:
            absent, ref = reserved.cpus - CpuSet.range(0, host.cpus - 1), host.inspected
        else:
            return None
        return Lacking(absent, ref) if absent else None

    @property
    def renderable(self) -> bool:
        """Whether it is known what the operator makes of its profiles."""
        return all(self.state.objects(profile) is not None for profile in self.node.profiles)

    def statements(self, *, rendered: bool) -> Mapping[str, NodeStatement]:
        """Return what the nodes get, by what it is.

        Args:
            rendered: Whether profiles count by what the operator makes of them; else they count by
                their fields.

        """
        found: dict[str, NodeStatement] = {}
        for one in self._statements(rendered=rendered):
            found[one.key] = one  # of one key, such as a file in two layers, the last counts
        return found

    def _statements(self, *, rendered: bool) -> Iterator[NodeStatement]:
        state, node = self.state, self.node
        made: dict[str, ProfileObjects] = {}
        for profile in node.profiles:
            objects = state.objects(profile)
            if rendered and objects is not None:
                made[profile.name] = objects
                yield from left_out_statements(objects.left_out, profile)
            elif not rendered:
                yield from field_statements(profile, refused=objects is None)
        only = Releases.only(state.release)
        merged = merge(self.pool, state.configs(rendered=rendered), only)
        made_of = state.made_of if rendered else {}
        yield from config_statements(merged, made_of, state.readers)
        listed = contenders(node)
        for one in listed:
            if one.profile is None and one.config is not None:
                yield from kubelet_statements(one.config, None, several=len(listed) > 1)
            elif one.profile is not None and one.profile.name in made:
                config = made[one.profile.name].kubelet_config
                yield from kubelet_statements(config, one.profile, several=len(listed) > 1)
        runtimes = self._runtimes()
        for runtime in runtimes:
            yield from runtime_statements(runtime, several=len(runtimes) > 1)
        yield from self._tuned(made)

    def _runtimes(self) -> list[Manifest]:
        """Return the ContainerRuntimeConfigs that select the pool, by name.

        Like a KubeletConfig, one that selects by nothing selects none.
        """
        found: list[Manifest] = []
        for config in self.state.cluster.facts.container_runtimes:
            selector = read_selector(config.root.at("spec", "machineConfigPoolSelector"))
            if selector is None or selector.selector is None or selector.selector.empty:
                continue
            if self.pool.labels is not None and selector.matches(self.pool.labels):
                found.append(config)
        return sorted(found, key=lambda one: one.name)

    def _tuned(self, made: Mapping[str, ProfileObjects]) -> Iterator[NodeStatement]:
        owned = {profile.name for profile in self.node.profiles}
        for tuned, profile in self.node.tuneds:
            if tuned.generated_for not in owned:
                yield from tuned_statements(tuned, profile, None)
        for profile_fact in self.node.profiles:
            if profile_fact.name in made:
                tuned = made[profile_fact.name].tuned
                for profile in tuned.profiles[:1]:
                    yield from tuned_statements(tuned, profile, profile_fact)


class ClusterState:
    """A cluster in one state, modelled for one release, or for several that behave alike.

    Args:
        cluster: The model.
        installed: The pools that the cluster was installed with, by name.
        implied: Renders profiles.
        readers: Read payloads.

    """

    def __init__(
        self,
        cluster: Cluster,
        installed: Collection[str],
        implied: ImpliedObjects,
        readers: Readers,
    ) -> None:
        self.cluster = cluster
        self.readers = readers
        self.release = Release(max(cluster.releases.minors))
        """That for which profiles are rendered: the newest of those under consideration."""
        self._implied = implied
        self._configs: dict[bool, list[MachineConfig]] = {}
        self.switch: Switch = read_switch(
            cluster.nodes,
            cluster.partitioning,
            cluster.size,
            cluster.releases,
            installing=False,
            installed=installed,
        )
        self.made_of = {
            match.profile.generated_name: match.profile
            for match in cluster.matches
            if len(match.pools) == 1 and match.profile.name
        }
        """The profiles that the operator accepts, by the name of the MachineConfig it makes."""
        outcomes = cluster.consequences_in_operation(installed)
        sizes, hosts = _sizes(cluster), _hosts(cluster)
        self.pools = tuple(
            PoolState(
                self, node, outcome, sizes.get(node.pool.name), tuple(hosts.get(node.pool.name, ()))
            )
            for node, outcome in zip(cluster.nodes, outcomes, strict=True)
        )

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The profiles of the cluster."""
        return tuple(match.profile for match in self.cluster.matches)

    def pool(self, name: str) -> PoolState | None:
        """Return the pool of a name, or None."""
        return next((state for state in self.pools if state.pool.name == name), None)

    def objects(self, profile: Profile) -> ProfileObjects | None:
        """Return what the operator makes of a profile; None where that cannot be known."""
        partitioned = self.switch.enabled and self.cluster.releases.has(CPU_PARTITIONING_API)
        return self._implied.of(profile, self.release, partitioned=partitioned)

    def configs(self, *, rendered: bool) -> list[MachineConfig]:
        """Return the MachineConfigs of the running cluster.

        They are those written, what an installation prepares for pools, and what the operator
        makes of profiles (where ``rendered``), which replaces copies in the tree.
        """
        if rendered not in self._configs:
            self._configs[rendered] = list(self._listed(rendered=rendered))
        return self._configs[rendered]

    def _listed(self, *, rendered: bool) -> Iterator[MachineConfig]:
        written = {config.name for config in self.cluster.facts.machine_configs}
        for config in self.cluster.facts.machine_configs:
            if config.name not in self.made_of:
                yield config
        for name in sorted(self.switch.rendered):
            prepared = self._implied.bootstrap(name, self.release)
            if prepared is not None and prepared.name not in written:
                yield prepared
        for name in sorted(self.made_of) if rendered else ():
            objects = self.objects(self.made_of[name])
            if objects is not None:
                yield objects.machine_config


def _sizes(cluster: Cluster) -> dict[str, int]:
    """Return how many nodes pools hold, as far as manifests list or count them."""
    counted: dict[str, int] = {}
    homes = [pool_of(labels, cluster.pools) for labels in cluster.size.nodes]
    for home in homes:
        if home is not None:
            counted[home.name] = counted.get(home.name, 0) + 1
    for pool in cluster.pools:
        if pool.declared is not None and pool.declared.machines is not None:
            counted[pool.name] = pool.declared.machines
    if not homes and cluster.size.single_node:
        counted.setdefault("master", 1)
    for name, number in _stated(cluster).items():
        counted.setdefault(name, number)
    return counted


def _hosts(cluster: Cluster) -> dict[str, list[Host]]:
    """Return the nodes that are listed by name, by their pools."""
    found: dict[str, list[Host]] = {}
    for installation in cluster.facts.installations:
        for host in installation.topology.hosts if installation.topology is not None else ():
            home = pool_of(host.labels, cluster.pools)
            if home is not None and host.name:
                found.setdefault(home.name, []).append(_inspected(host, cluster.facts.machines))
    return found


def _inspected(host: Host, machines: Iterable[Machine]) -> Host:
    """Return a node with what an inspection of its machine has found, if all that was is one."""
    mine = [machine for machine in machines if host.name in machine.names]
    counts = {machine.cpus: machine.ref for machine in mine if machine.cpus is not None}
    architectures = {machine.architecture for machine in mine} - {""}
    stated = architecture_named(host.architecture)
    if not stated and len(architectures) == 1:
        stated = architectures.pop()
    if len(counts) != 1:
        return replace(host, architecture=stated)
    count, ref = counts.popitem()
    return replace(host, architecture=stated, cpus=count, inspected=ref)


def _stated(cluster: Cluster) -> dict[str, int]:
    """Return what an installation counts by roles; custom pools take their nodes from workers."""
    found: dict[str, int] = {}
    custom = any(not pool.built_in for pool in cluster.pools)
    for installation in cluster.facts.installations:
        topology = installation.topology
        if topology is None:
            continue
        if topology.control_plane is not None:
            found["master"] = topology.control_plane
        if topology.workers is not None and not custom:
            found["worker"] = topology.workers
    return found


def total(sizes: Iterable[int | None]) -> tuple[int, bool]:
    """Return the sum of the sizes that are known, and whether all are."""
    listed = list(sizes)
    return sum(size for size in listed if size is not None), None not in listed
