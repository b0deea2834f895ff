"""All facts of one scope: what is stated about one cluster, and what could not be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.infrastructure import MisplacedSwitch, read_misplaced_switch
from linter.facts.installation import (
    Installation,
    is_install_config,
    read_agent_cluster_install,
    read_cluster_image_set,
    read_cluster_version,
    read_infrastructure,
    read_install_config,
)
from linter.facts.manifests import Manifest, manifests_in
from linter.facts.operators import AddonManifest, read_addon_manifest
from linter.facts.profiles import DEFINITION as PROFILE_DEFINITION
from linter.facts.profiles import Profile, read_profile
from linter.facts.tuned_profiles import Tuned, read_tuned
from linter.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from linter.facts.described import Misfit
    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.machines import Machine
    from linter.facts.manifests import Labels
    from linter.facts.policies import Carrier, MissingKey, Passage, PolicyRemark
    from linter.facts.pools import DeclaredPool
    from linter.facts.site_config import NodeCpuset
    from linter.sources.text import File, Ref
    from linter.sources.yaml_tree import Node, YamlProblem
    from linter.topology.machine import Topologies


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that stands twice in one mapping."""

    key: str
    first: Ref
    later: Ref


@dataclass(slots=True)
class Facts:
    """The facts of one cluster, in the order of its files. Filled by :func:`add_document`."""

    profiles: list[Profile] = field(default_factory=list)
    pools: list[DeclaredPool] = field(default_factory=list)
    machine_configs: list[MachineConfig] = field(default_factory=list)
    kubelet_configs: list[KubeletConfig] = field(default_factory=list)
    tuneds: list[Tuned] = field(default_factory=list)
    installations: list[Installation] = field(default_factory=list)
    container_runtimes: list[Manifest] = field(default_factory=list)
    definitions: list[Manifest] = field(default_factory=list)
    unreadable: list[tuple[File, YamlProblem]] = field(default_factory=list)
    duplicate_keys: list[DuplicateKey] = field(default_factory=list)
    manifests: list[Manifest] = field(default_factory=list)
    addons: list[AddonManifest] = field(default_factory=list)
    misplaced_switches: list[MisplacedSwitch] = field(default_factory=list)
    partition_requests: list[Manifest] = field(default_factory=list)
    nodes: list[Labels] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)
    node_cpusets: list[NodeCpuset] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    missing_keys: list[MissingKey] = field(default_factory=list)
    remarks: list[PolicyRemark] = field(default_factory=list)
    carriers: list[Carrier] = field(default_factory=list)
    described_at: Ref | None = None
    """Where the one cluster that this is about is described, if policies bring the rest."""
    misfits: list[Misfit] | None = None
    """What the schemas of the documents say, once somebody has asked."""
    bound: bool = False
    """Whether policies put the objects on a running cluster, instead of an installer."""
    pools_open: bool = False
    """Whether pools, and what switches partitioning on, may be declared where nobody looked."""
    profiles_open: bool = False
    """Whether profiles may be where nobody looked."""
    shared: bool = False
    """Whether other clusters may be made of the same texts."""
    dormant: bool = False
    """Whether nothing applies the manifests, so that what is wrong in them does no harm."""
    unlike: bool = False
    """Whether it holds objects that no other cluster has, so that none can be like it."""
    topologies: Topologies | None = None
    """The CPUs of the machines, by pool, where somebody gave them."""

    @property
    def relevant(self) -> int:
        """How many objects mattered."""
        return len(self.manifests) + sum(i.manifest is None for i in self.installations)


def add_document(facts: Facts, root: Node) -> None:
    """Read the objects of one document into the facts of its cluster."""
    before = facts.relevant
    if is_install_config(root):
        facts.installations.append(read_install_config(root))
    for manifest in manifests_in(root):
        if _add_manifest(facts, manifest):
            facts.manifests.append(manifest)
    if facts.relevant > before:
        facts.duplicate_keys.extend(
            DuplicateKey(later.text, first, later) for first, later in root.duplicate_keys()
        )


def add_object(facts: Facts, manifest: Manifest) -> None:
    """Read one object of a document into the facts, with the keys that stand twice in it."""
    if _add_manifest(facts, manifest):
        facts.manifests.append(manifest)
        facts.duplicate_keys.extend(
            DuplicateKey(later.text, first, later)
            for first, later in manifest.root.duplicate_keys()
        )


def add_manifest(facts: Facts, manifest: Manifest) -> None:
    """Read one object, which may be put together from several texts, into the facts."""
    if _add_manifest(facts, manifest):
        facts.manifests.append(manifest)


def _add_manifest(facts: Facts, manifest: Manifest) -> bool:
    """Read one object; say whether it is of a kind that matters."""
    kind = (manifest.group, manifest.kind)
    if kind in _INSTALLATIONS:
        installation = _INSTALLATIONS[kind](manifest)
        if installation is not None:
            facts.installations.append(installation)
        if kind == _INFRASTRUCTURE and (switch := read_misplaced_switch(manifest)) is not None:
            facts.misplaced_switches.append(switch)
    elif kind in _READERS:
        _READERS[kind](facts, manifest)
    elif (addon := read_addon_manifest(manifest)) is not None:
        facts.addons.append(addon)
    else:
        _add_bystander(facts, manifest)
        if kind == _DEFINITION and manifest.name == PROFILE_DEFINITION:
            facts.definitions.append(manifest)
        return False
    return True


def _add_bystander(facts: Facts, manifest: Manifest) -> None:
    """Read an object that says something of the machines, and nothing of what they shall do."""
    from linter.facts.machines import read_machine
    from linter.facts.node_objects import KIND, read_node

    if (manifest.group, manifest.kind) == KIND and (labels := read_node(manifest)) is not None:
        facts.nodes.append(labels)
    if (machine := read_machine(manifest)) is not None:
        facts.machines.append(machine)


def _add_pool(facts: Facts, manifest: Manifest) -> None:
    from linter.facts.pools import read_pool

    facts.pools.append(read_pool(manifest))


def _add_machine_config(facts: Facts, manifest: Manifest) -> None:
    from linter.facts.machine_configs import read_machine_config

    facts.machine_configs.append(read_machine_config(manifest))


def _add_kubelet_config(facts: Facts, manifest: Manifest) -> None:
    from linter.facts.kubelet_configs import read_kubelet_config

    facts.kubelet_configs.append(read_kubelet_config(manifest))


_DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
_INFRASTRUCTURE = ("config.openshift.io", "Infrastructure")

_MACHINE_CONFIGURATION = "machineconfiguration.openshift.io"

_READERS: dict[tuple[str, str], Callable[[Facts, Manifest], None]] = {
    ("performance.openshift.io", "PerformanceProfile"): (
        lambda facts, manifest: facts.profiles.append(read_profile(manifest))
    ),
    (_MACHINE_CONFIGURATION, "MachineConfigPool"): _add_pool,
    (_MACHINE_CONFIGURATION, "MachineConfig"): _add_machine_config,
    (_MACHINE_CONFIGURATION, "KubeletConfig"): _add_kubelet_config,
    (_MACHINE_CONFIGURATION, "ContainerRuntimeConfig"): (
        lambda facts, manifest: facts.container_runtimes.append(manifest)
    ),
    ("tuned.openshift.io", "Tuned"): (
        lambda facts, manifest: facts.tuneds.append(read_tuned(manifest))
    ),
    ("workload.openshift.io", "WorkloadPartitions"): (
        lambda facts, manifest: facts.partition_requests.append(manifest)
    ),
}

_INSTALLATIONS: dict[tuple[str, str], Callable[[Manifest], Installation | None]] = {
    _INFRASTRUCTURE: read_infrastructure,
    ("extensions.hive.openshift.io", "AgentClusterInstall"): read_agent_cluster_install,
    ("config.openshift.io", "ClusterVersion"): read_cluster_version,
    ("hive.openshift.io", "ClusterImageSet"): read_cluster_image_set,
}
