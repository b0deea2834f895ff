"""The pools of a cluster, declared and built in, and which profile configures which.

Matching is that of openshift/cluster-node-tuning-operator (``pkg/performanceprofile/cmd/render``
and ``…/resources``): a profile's node selector, taken as labels, is held against the node selector
of every pool. Names, role labels and pool selectors play no part in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.manifests import NODE_ROLE, ROLE_LABEL, Labels, Selector
from linter.formats.label_selector import LabelSelector
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.facts.pools import DeclaredPool
    from linter.facts.profiles import Profile
    from linter.sources.text import Ref

MASTER, WORKER, ARBITER = "master", "worker", "arbiter"
BUILT_IN_LABEL = "machineconfiguration.openshift.io/mco-built-in"
POOL_LABEL = "pools.operator.machineconfiguration.openshift.io/"


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool: declared by a manifest, built into every cluster, or both.

    ``ref`` is None for a pool that no manifest declares. ``holds_nodes`` is None where nothing
    says how many nodes of its kind there are.
    """

    name: str
    declared: DeclaredPool | None
    labels: Labels | None
    node_selector: Selector | None
    machine_config_selector: Selector | None
    holds_nodes: bool | None

    @property
    def built_in(self) -> bool:
        """Whether every cluster has it."""
        return self.name in {MASTER, WORKER, ARBITER}

    @property
    def ref(self) -> Ref | None:
        """Where it is declared."""
        return self.declared.ref if self.declared is not None else None

    def selects(self, labels: Labels) -> bool | None:
        """Say whether it takes a MachineConfig of these labels; None where that is open."""
        if self.machine_config_selector is None:
            return False
        selector = self.machine_config_selector.selector
        if selector is not None and selector.empty:
            return False
        return self.machine_config_selector.matches(labels)


def pools_of(
    declared: Sequence[DeclaredPool], nowhere: Ref, *, arbiter: bool, worker_nodes: bool | None
) -> tuple[Pool, ...]:
    """Return the pools of a cluster by name.

    Args:
        declared: The MachineConfigPools of its manifests.
        nowhere: A reference for the selectors and labels of built-in pools.
        arbiter: Whether the cluster has an arbiter pool.
        worker_nodes: Whether the worker pool holds nodes.

    """
    pools: dict[str, Pool] = {}
    for name in (MASTER, WORKER, *((ARBITER,) if arbiter else ())):
        holds_nodes = worker_nodes if name == WORKER else True
        pools[name] = _built_in(name, None, nowhere, holds_nodes)
    for index, pool in enumerate(declared):
        counted = None if pool.machines is None else pool.machines > 0
        if pool.name in pools and pools[pool.name].declared is None:
            known = pools[pool.name]
            holds_nodes = known.holds_nodes if counted is None else counted
            pools[pool.name] = _built_in(pool.name, pool, nowhere, holds_nodes)
            continue
        key = pool.name if pool.name and pool.name not in pools else f"{pool.name}#{index}"
        pools[key] = Pool(
            pool.name, pool, pool.labels, pool.node_selector, pool.machine_config_selector, counted
        )
    return tuple(pools[key] for key in sorted(pools))


def with_nodes(pools: Sequence[Pool], nodes: Sequence[Labels]) -> tuple[Pool, ...]:
    """Settle which pools hold nodes, from nodes that are listed with their labels.

    Labels may be given to nodes elsewhere too, so that a custom pool none of them belongs to is
    left as it is; the worker pool is known to be empty when all listed workers are in others.
    """
    homes = [pool_of(labels, pools) for labels in nodes]
    workers = [
        home
        for labels, home in zip(nodes, homes, strict=True)
        if NODE_ROLE + WORKER in labels.values
    ]
    settled: list[Pool] = []
    for pool in pools:
        holds_nodes = pool.holds_nodes
        if any(home is pool for home in homes):
            holds_nodes = True
        elif pool.name == WORKER and workers and None not in workers:
            holds_nodes = False
        settled.append(replace(pool, holds_nodes=holds_nodes))
    return tuple(settled)


def pool_of(node: Labels, pools: Sequence[Pool]) -> Pool | None:
    """Return the pool that a node of these labels belongs to.

    A control plane node belongs to the master pool, whatever else it is; a worker to the one custom
    pool that selects it, else to the worker pool. None where several custom pools select it, which
    leaves it in no valid pool, where none does, or where a template decides.
    Source: openshift/machine-config-operator ``pkg/helpers`` (GetPoolsForNode).
    """
    answers = {
        id(pool): pool.node_selector.matches(node)
        for pool in pools
        if pool.node_selector is not None
    }
    if None in answers.values():
        return None
    selecting = [pool for pool in pools if answers.get(id(pool))]
    for name in (MASTER, ARBITER):
        for pool in selecting:
            if pool.name == name:
                return pool
    custom = [pool for pool in selecting if pool.name != WORKER]
    if len(custom) > 1:
        return None
    return custom[0] if custom else next(iter(selecting), None)


def _built_in(
    name: str, declared: DeclaredPool | None, nowhere: Ref, holds_nodes: bool | None
) -> Pool:
    """Complete a built-in pool: a manifest of it may state only what it changes."""
    labels = {BUILT_IN_LABEL: "", POOL_LABEL + name: ""}
    selector = Selector(LabelSelector({ROLE_LABEL: name}), nowhere)
    nodes = Selector(LabelSelector({NODE_ROLE + name: ""}), nowhere)
    if declared is None:
        return Pool(name, None, Labels(labels, nowhere), nodes, selector, holds_nodes)
    merged = Labels(
        labels | dict(declared.labels.values),
        declared.labels.ref,
        declared.labels.refs,
        declared.labels.complete,
    )
    return Pool(
        name,
        declared,
        merged,
        declared.node_selector or nodes,
        declared.machine_config_selector or selector,
        holds_nodes,
    )


def is_only_manifest(pool: Pool, pools: Sequence[Pool]) -> bool:
    """Say whether no other manifest is about the same pool: it may state what this one lacks."""
    return sum(other.name == pool.name for other in pools) == 1


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """The pools that a profile configures. ``open`` where templates leave it undecided."""

    profile: Profile
    pools: tuple[Pool, ...]
    open: bool


def match_profile(
    profile: Profile, pools: Sequence[Pool], *, pools_open: bool = False
) -> ProfileMatch:
    """Find the pools whose node selector holds for the profile's node selector.

    With ``pools_open`` a profile that matches none may match one that nobody read.
    """
    labels = profile.node_selector
    if labels is None:
        return ProfileMatch(profile, (), open=False)
    matched: list[Pool] = []
    undecided = not labels.complete
    for pool in pools:
        if pool.node_selector is None:
            continue
        answer = pool.node_selector.matches(labels)
        undecided |= answer is None
        if answer:
            matched.append(pool)
    return ProfileMatch(profile, tuple(matched), undecided or (pools_open and not matched))


def value_skew(profile: Profile, pool: Pool) -> str | None:
    """Return the node label by which both select, each with another value; None without one."""
    if profile.node_selector is None or pool.node_selector is None:
        return None
    selector, labels = pool.node_selector.selector, profile.node_selector.values
    if selector is None:
        return None
    wanted = selector.match_labels
    return next((key for key in wanted if labels.get(key, wanted[key]) != wanted[key]), None)


def own_label(pool: Pool, pools: Sequence[Pool], *, like: str) -> tuple[str, str] | None:
    """Return a label that only this pool has: one of a certain key, or of a usual one, if it can.

    None where the pool has none, or a template decides labels of another one.
    """
    if pool.labels is None or any(p.labels is None or not p.labels.complete for p in pools):
        return None
    others = {
        label for p in pools if p is not pool and p.labels for label in p.labels.values.items()
    }
    own = {key: value for key, value in pool.labels.values.items() if (key, value) not in others}
    usual = (like, POOL_LABEL + pool.name, ROLE_LABEL, *sorted(own))
    return next(((key, own[key]) for key in usual if key in own), None)


def inherited_profile(pool: Pool, matches: Sequence[ProfileMatch]) -> Profile | None:
    """Return a profile of another pool whose MachineConfig this pool takes too, or None."""
    for match in matches:
        label, selector = match.profile.role_label, match.profile.node_selector
        if label is None or selector is None or any(mine is pool for mine in match.pools):
            continue
        if pool.selects(Labels({label[0]: label[1]}, selector.ref)):
            return match.profile
    return None
