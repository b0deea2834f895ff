"""From the manifests of a cluster to those that the operator makes of them.

Source: openshift/cluster-node-tuning-operator, ``pkg/performanceprofile/cmd/render/render.go`` per
release branch. Everything here is a pure function of its arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from linter.model.releases import (
    ADDON_OPERATOR,
    ARBITER_POOL,
    CGROUP_V1_FORCED,
    CPU_PARTITIONING_API,
    DRA_ANNOTATION,
    LEGACY_SNO_DETECTION,
    MIXED_CPUS,
    OLDEST_MINOR,
    POOL_MATCHING_IN_RENDER,
    Release,
    Releases,
)
from linter.records import dataclass
from linter.render.addon_operator import addon_operator
from linter.render.cluster import SINGLE_NODE, WITH_ARBITER, Cluster, carries_file, enablement
from linter.render.error import RenderError
from linter.render.fields import quoted
from linter.render.inputs import RenderInputs, RenderOptions
from linter.render.kubelet_config import kubelet_config
from linter.render.legacy import legacy_pinning
from linter.render.node_config import IGNORE_CGROUPS, node_config
from linter.render.owner import add_owner
from linter.render.performance_config import performance_config
from linter.render.pinning import KUBELET_PINNING, bootstrap_pinning
from linter.render.pool import ARBITER, BUILT_IN, PoolIndex, PoolInput, match, with_implied
from linter.render.profile import API_VERSIONS, ROLE_LABEL, V2, ProfileInput
from linter.render.runtime_class import runtime_class
from linter.render.runtimes import RuntimeChoice, default_runtime
from linter.render.tuned import tuned

if TYPE_CHECKING:
    from linter.render.manifest import Manifest
    from linter.render.profile import CpuList

_DRA = "performance.openshift.io/dra-resource-management"
_GO_TRUE = frozenset(["1", "t", "T", "TRUE", "true", "True"])


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all profiles of a cluster have in common."""

    releases: Releases
    options: RenderOptions
    partitioned: bool
    pools: PoolIndex
    runtimes: tuple[RuntimeChoice, ...]


def render(
    inputs: RenderInputs, release: Release, options: RenderOptions | None = None
) -> list[Manifest]:
    """Return the manifests that the inputs imply for this release, in a fixed order.

    The order does not depend on that of the inputs: what enables partitioning and the
    MachineConfigs per pool (or, up to 4.10, what installs the operator), then the objects of each
    profile, all sorted by name.

    Raises:
        RenderError: The inputs imply nothing: something in them cannot be read, contradicts
            itself, or has no counterpart.

    """
    if release.minor < OLDEST_MINOR:
        raise RenderError(f"there is no workload partitioning in {release}, only from 4.8 on")
    releases, options = Releases.only(release), options or RenderOptions()
    cluster = Cluster.read(inputs.infrastructure)
    pools = sorted((PoolInput.read(pool) for pool in inputs.pools), key=lambda pool: pool.name)
    profiles = sorted(
        (ProfileInput.read(one) for one in inputs.profiles if is_rendered(one, release)),
        key=lambda profile: profile.name,
    )
    setting = _Setting(
        releases,
        options,
        _partitioned(inputs, cluster, releases, options),
        PoolIndex(with_implied(pools, releases)),
        tuple(map(RuntimeChoice.read, inputs.container_runtimes)),
    )
    _refuse_twins(profiles, setting)
    manifests = _for_the_cluster(inputs, cluster, pools, setting)
    if profiles and releases.has(ADDON_OPERATOR):
        manifests += addon_operator(str(release))
    for profile in profiles:
        manifests += _for_profile(profile, setting)
    return manifests


def is_rendered(profile: object, release: Release) -> bool:
    """Say whether render of this release reads a profile of this API version at all.

    From 4.13 on it passes v1 and v1alpha1 over without a word.
    """
    if not isinstance(profile, Mapping):
        return True  # so that reading it says what is wrong
    version = profile.get("apiVersion")
    if Releases.only(release).has(POOL_MATCHING_IN_RENDER):
        return version == V2
    return version in API_VERSIONS


def _partitioned(
    inputs: RenderInputs, cluster: Cluster, releases: Releases, options: RenderOptions
) -> bool:
    """Decide whether workload partitioning is on."""
    has_api = releases.has(CPU_PARTITIONING_API)
    many_nodes = cluster.control_plane not in ("", SINGLE_NODE)
    if options.partitioning:
        if not has_api and many_nodes:
            raise RenderError(
                f"in {releases} workload partitioning is for single-node clusters, but the control "
                f"plane topology is {quoted(cluster.control_plane)}",
                "Infrastructure",
                "cluster",
                ("status", "controlPlaneTopology"),
            )
        return True
    if options.partitioning is False:
        return False
    if not has_api:
        return not many_nodes and carries_file(inputs.machine_configs, KUBELET_PINNING)
    legacy = (
        releases.has(LEGACY_SNO_DETECTION)
        and cluster.control_plane == SINGLE_NODE
        and not options.in_cluster
        and carries_file(inputs.machine_configs, KUBELET_PINNING)
    )
    return cluster.all_nodes or legacy


def _refuse_twins(profiles: list[ProfileInput], setting: _Setting) -> None:
    """Refuse two profiles whose objects would have the same names."""
    for one, other in pairwise(profiles):
        if one.name == other.name:
            raise other.error(f"there are two profiles named {one.name}", "metadata", "name")
    if not setting.partitioned or setting.releases.has(CPU_PARTITIONING_API):
        return
    first: dict[str, ProfileInput] = {}
    for profile in profiles:
        one = first.setdefault(profile.role, profile)
        if one is not profile:
            raise profile.error(
                f"profiles {one.name} and {profile.name} are both for role {profile.role}, which "
                "has one list of management CPUs",
                "spec",
                "nodeSelector",
            )


def _for_the_cluster(
    inputs: RenderInputs, cluster: Cluster, pools: list[PoolInput], setting: _Setting
) -> list[Manifest]:
    """Return what does not depend on a profile: enablement, and a MachineConfig per pool."""
    releases, options = setting.releases, setting.options
    if not setting.partitioned or options.in_cluster or not releases.has(CPU_PARTITIONING_API):
        return []
    manifests = []
    if options.partitioning and not cluster.all_nodes:
        manifests.append(enablement(inputs.infrastructure))
    names = {*BUILT_IN, *(pool.name for pool in pools)}
    if cluster.control_plane == WITH_ARBITER and releases.has(ARBITER_POOL):
        names.add(ARBITER)
    return manifests + [bootstrap_pinning(name, releases) for name in sorted(names)]


def _for_profile(profile: ProfileInput, setting: _Setting) -> list[Manifest]:
    """Return the objects of one profile; none if the release passes it over."""
    releases, pool = setting.releases, None
    if releases.has(POOL_MATCHING_IN_RENDER):
        pool = match(profile, setting.pools, releases)
        if pool is None:
            return []
    shared, managed_by_dra = None, False
    if setting.options.in_cluster:
        shared, managed_by_dra = in_cluster_features(profile, releases)
    manifests = [
        performance_config(
            profile,
            releases,
            partitioned=setting.partitioned,
            default_runtime=default_runtime(setting.runtimes, pool, releases),
            shared=shared,
        ),
        kubelet_config(
            profile,
            _pool_labels(profile, pool),
            releases,
            shared=shared,
            managed_by_dra=managed_by_dra,
        ),
        tuned(profile, releases),
        runtime_class(profile),
    ]
    if releases.has(CGROUP_V1_FORCED) and not (
        setting.options.in_cluster and profile.annotations.get(IGNORE_CGROUPS) == "true"
    ):
        manifests.append(node_config(profile))
    for manifest in manifests:
        add_owner(manifest, profile, setting.options.owner, releases)
    if setting.partitioned and not releases.has(CPU_PARTITIONING_API):
        manifests.insert(0, legacy_pinning(profile))
    return manifests


def _pool_labels(profile: ProfileInput, pool: PoolInput | None) -> Mapping[str, str]:
    """Return the labels by which the KubeletConfig finds its pool."""
    if profile.pool_selector is not None:
        return profile.pool_selector
    return {ROLE_LABEL: profile.role} if pool is None else pool.labels


def in_cluster_features(profile: ProfileInput, releases: Releases) -> tuple[CpuList | None, bool]:
    """Return the shared CPUs if mixed CPUs are on, and whether a DRA driver manages CPUs.

    Only the operator in a running cluster looks at them. That the cluster has the feature gate
    MixedCPUsAllocation is taken for granted.

    Raises:
        RenderError: Both are asked for.

    """
    mixed = profile.hints.mixed_cpus and releases.has(MIXED_CPUS)
    shared = profile.cpu.shared if mixed else None
    managed_by_dra = releases.has(DRA_ANNOTATION) and profile.annotations.get(_DRA) in _GO_TRUE
    if shared and managed_by_dra:
        raise profile.error(
            "mixed CPUs and DRA resource management exclude each other",
            "metadata",
            "annotations",
            _DRA,
        )
    return shared, managed_by_dra
