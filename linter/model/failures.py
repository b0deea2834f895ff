"""What stops an installation, or keeps the runtime of a pool's nodes from starting.

Sources: openshift/cluster-node-tuning-operator ``pkg/performanceprofile/cmd/render`` (pools and
lists), openshift/machine-config-operator ``pkg/controller/kubelet-config`` (two KubeletConfigs at
bootstrap), cri-o/cri-o ``pkg/config`` (what CRI-O refuses to start with).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.fates import Fate, Verdict
from linter.model.kubelet_contest import contenders, failures_of
from linter.model.pools import ARBITER
from linter.model.releases import (
    IMPLIED_POOLS_IN_RENDER,
    KUBELETCONFIG_AT_BOOTSTRAP,
    POOL_MATCHING_IN_RENDER,
    PROFILE_WITHOUT_POOL_FATAL,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.facts.profiles import Profile
    from linter.model.delivery import Delivery
    from linter.model.kubelet_contest import Contender
    from linter.model.node import NodeConfig
    from linter.model.pools import Pool, ProfileMatch
    from linter.model.releases import Releases

RENDERED_VERSION = "v2"
"""``render`` passes over profiles of any other version."""


def bootstrap_failures(
    nodes: Sequence[NodeConfig], matches: Sequence[ProfileMatch], releases: Releases
) -> Iterator[Verdict]:
    """Yield what stops the installation before any node exists."""
    for match in matches:
        if match.profile.manifest.version == RENDERED_VERSION:
            yield from _unparsable(match)
            if not match.open:
                yield from _without_one_pool(match, releases)
    for node in nodes:
        found = contenders(node)
        if len(found) > 1:
            found = tuple(one for one in found if one.config or _is_rendered(one, node, releases))
        if len(found) > 1 and releases.has(KUBELETCONFIG_AT_BOOTSTRAP):
            names = ", ".join(one.name for one in found)
            why = f"Pool {node.pool.name} gets several KubeletConfigs: {names}."
            yield Verdict(Fate.BOOTSTRAP_ABORTS, why, tuple(one.ref for one in found))


def _is_rendered(contender: Contender, node: NodeConfig, releases: Releases) -> bool:
    """Say whether ``render`` makes a KubeletConfig of the contender's profile."""
    profile = contender.profile
    if profile is None or profile.manifest.version != RENDERED_VERSION:
        return False
    return not releases.has(POOL_MATCHING_IN_RENDER) or _is_seen(node.pool, releases)


def called(profile: Profile) -> str:
    """Return the name of a profile for a sentence."""
    return profile.name or "without a known name"


def _unparsable(match: ProfileMatch) -> Iterator[Verdict]:
    profile = match.profile
    for stated in (profile.reserved, profile.isolated, profile.offlined):
        if stated is not None and stated.error is not None:
            why = f"render cannot parse '{stated.text}' of profile {called(profile)}."
            yield Verdict(Fate.BOOTSTRAP_ABORTS, why, (stated.ref,))


def _without_one_pool(match: ProfileMatch, releases: Releases) -> Iterator[Verdict]:
    """Yield what ``render`` says to a profile that does not match exactly one pool.

    A pool that no manifest declares is only known to ``render`` where it adds the built-in ones.
    """
    name, places = called(match.profile), (match.profile.ref,)
    hidden = [pool for pool in match.pools if not _is_seen(pool, releases)]
    seen = len(match.pools) - len(hidden)
    if seen == 1:
        return
    if seen > 1:
        if releases.has(POOL_MATCHING_IN_RENDER):
            several = ", ".join(pool.name for pool in match.pools)
            why = f"Profile {name} matches several pools: {several}."
            yield Verdict(Fate.BOOTSTRAP_ABORTS, why, places)
    elif releases.has(PROFILE_WITHOUT_POOL_FATAL):
        why = f"Profile {name} matches no pool."
        if hidden:
            why = (
                f"Profile {name} matches no pool that render knows: pool {hidden[0].name} has no "
                "manifest, and this release does not add it."
            )
        yield Verdict(Fate.BOOTSTRAP_ABORTS, why, places)


def _is_seen(pool: Pool, releases: Releases) -> bool:
    if pool.declared is not None:
        return True
    return pool.name != ARBITER and releases.has(IMPLIED_POOLS_IN_RENDER)


def runtime_failures(node: NodeConfig, delivery: Delivery) -> Iterator[Verdict]:
    """Yield what keeps CRI-O or the kubelet from starting on the pool's nodes.

    A table that an other one replaces is never looked at by CRI-O, however wrong it is.
    """
    for drop_in in node.crio.broken:
        if drop_in.problem is not None:
            why = f"{drop_in.path} is no valid TOML."
            yield Verdict(Fate.CRIO_FAILS, why, (drop_in.problem.ref,))
    table = node.crio.management
    if table is not None and delivery.table is not None:
        counts = delivery.table
        stated = (table.drop_in.path, table.layer.machine_config.name)
        table = table if stated == (counts.path, counts.made_by) else None
    lists = (table.cpuset if table is not None else None, node.crio.infra_ctr_cpuset)
    for statement in lists:
        if statement is not None and statement.error is not None:
            why = f"CRI-O cannot parse '{statement.text}'."
            yield Verdict(Fate.CRIO_FAILS, why, (statement.ref,))
    if table is not None:
        annotation = table.workload.activation_annotation
        if annotation is None or not annotation[0]:
            why = "CRI-O refuses a workload without an activation annotation."
            yield Verdict(Fate.CRIO_FAILS, why, (table.workload.ref,))
    yield from failures_of(node)
