"""Pools that more than one KubeletConfig applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Applicability, Draft, Fix, finding, rule
from linter.engine.enumeration import MOST, enumeration
from linter.facts.merged_settings import merged_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL601", severity=ERROR)
def several_kubeletconfigs(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """One KubeletConfig only applies to a pool, that of its profile included."""
    configs = {config.name: config for config in node.kubelet.configs if config.name}
    written = [config for config in configs.values() if not _made_of(config, node.profiles)]
    made = [config for config in configs.values() if config not in written]
    profiles = [profile for profile in node.profiles if profile.name]
    if not written or len(written) + bool(made or profiles) < 2:
        return
    names = [config.name for config in written] + [config.name for config in made]
    labels = [config.ref.label(f"for pool {node.pool.name}") for config in written + made]
    if profiles and not made:
        names.append(f"performance-{profiles[0].name}, which the operator makes of the profile")
        labels.append(profiles[0].ref.label(f"makes one for pool {node.pool.name}"))
    yield finding(
        f"Several KubeletConfigs apply to pool {node.pool.name}: {enumeration(names)}.",
        *labels[:MOST],
        effect="The kubelet gets the settings of one of them only: the bootstrap stops at two, "
        "and on a running cluster the newest replaces the others, reservedSystemCPUs included.",
        advice="Move the settings into the profile's annotation kubeletconfig.experimental."
        if node.profiles
        else "Put all settings into one KubeletConfig.",
        fix=_fix(cluster, node, written),
    )


def _fix(cluster: Cluster, node: NodeConfig, written: list[KubeletConfig]) -> Fix | None:
    """Move the settings into the profile, if neither serves another pool."""
    profile = node.profile
    if profile is None or any(_serves_others(config, node, cluster) for config in written):
        return None
    if any(m.profile is profile and len(m.pools) != 1 for m in cluster.matches):
        return None
    wishes = merged_settings(profile, written)
    what = f"move the settings into profile {profile.name}"
    return Fix(what, wishes, Applicability.UNSAFE) if wishes else None


def _serves_others(config: KubeletConfig, node: NodeConfig, cluster: Cluster) -> bool:
    selector = config.pool_selector
    return selector is None or any(
        pool.labels is None or selector.matches(pool.labels) is not False
        for pool in cluster.pools
        if pool is not node.pool
    )


def _made_of(config: KubeletConfig, profiles: tuple[Profile, ...]) -> bool:
    """Say whether a KubeletConfig is, or may be, the one made of a pool's profile."""
    return any(
        config.name == f"performance-{profile.name}"
        or (not profile.name and config.name.startswith("performance-"))
        for profile in profiles
    )
