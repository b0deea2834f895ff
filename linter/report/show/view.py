"""A cluster, modelled once for each group of releases that behave alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from linter.model.cluster import build_cluster
from linter.model.delivery import in_merge_order
from linter.model.releases import in_every_release
from linter.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from linter.facts.machine_configs import MachineConfig
    from linter.facts.scope import Facts
    from linter.model.cluster import Cluster
    from linter.model.consequences import Consequence
    from linter.model.implied import ImpliedConfig
    from linter.model.node import NodeConfig
    from linter.model.releases import Releases

    MergeOrder = tuple[MachineConfig | ImpliedConfig, ...]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster as some releases take it.

    Attributes:
        minors: The releases, as numbers after ``4.``.
        cluster: The model.
        outcomes: What becomes of each pool, in the order of ``cluster.nodes``.
        later: The same, were the pools added to a cluster that is already installed.
        orders: The MachineConfigs that are merged for each pool, written or implied.

    """

    minors: tuple[int, ...]
    cluster: Cluster
    outcomes: tuple[Consequence, ...]
    later: tuple[Consequence, ...]
    orders: tuple[MergeOrder, ...]


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool as some releases take it; the fields are those of :class:`Group`."""

    minors: tuple[int, ...]
    cluster: Cluster
    node: NodeConfig
    outcome: Consequence
    later: Consequence
    order: MergeOrder


@dataclass(frozen=True, slots=True)
class ClusterView:
    """A cluster for all the releases that it may be for, oldest group first."""

    name: str
    path: str
    groups: tuple[Group, ...]

    @property
    def newest(self) -> Cluster:
        """The model for the newest releases."""
        return self.groups[-1].cluster

    @property
    def pool_names(self) -> tuple[str, ...]:
        """The names of its pools."""
        return tuple(node.pool.name for node in self.newest.nodes)

    def states(self, index: int) -> tuple[PoolState, ...]:
        """Return a pool, given by its place among the pools, for each group of releases."""
        return tuple(
            PoolState(
                group.minors,
                group.cluster,
                group.cluster.nodes[index],
                group.outcomes[index],
                group.later[index],
                group.orders[index],
            )
            for group in self.groups
        )


def view(name: str, path: str, facts: Facts, releases: Releases, *, installer: bool) -> ClusterView:
    """Model a cluster for every release that it may be for.

    Args:
        name: What people call it.
        path: The directory that describes it.
        facts: What its manifests state.
        releases: The releases that it may be for.
        installer: Whether an installer reads the directory as it is.

    """

    def evaluate(some: Releases) -> Group:
        cluster = build_cluster(name, path, facts, some, installer=installer)
        outcomes = cluster.consequences()
        later = replace(cluster, install_time=False).consequences()
        orders = tuple(
            in_merge_order(node, outcome.delivery, some)
            for node, outcome in zip(cluster.nodes, outcomes, strict=True)
        )
        return Group(some.minors, cluster, outcomes, later, orders)

    return ClusterView(
        name, path, tuple(group for _, group in in_every_release(releases, evaluate))
    )


@dataclass(frozen=True, slots=True)
class Variant(Generic[T]):
    """Something that is the same in some releases."""

    minors: tuple[int, ...]
    value: T


def variants(
    states: Sequence[PoolState], of: Callable[[PoolState], T], key: Callable[[T], Hashable]
) -> list[Variant[T]]:
    """Return what differs between releases, each thing once, by its oldest release.

    ``key`` says what makes two of them the same.
    """
    found: dict[Hashable, tuple[list[int], T]] = {}
    for state in states:
        value = of(state)
        minors, _ = found.setdefault(key(value), ([], value))
        minors.extend(state.minors)
    listed = [Variant(tuple(sorted(minors)), value) for minors, value in found.values()]
    return sorted(listed, key=lambda variant: variant.minors)


def spans(minors: Iterable[int]) -> str:
    """Return releases in words: ``4.13, 4.15 to 4.23``."""
    runs: list[list[int]] = []
    for minor in minors:
        if runs and minor == runs[-1][-1] + 1:
            runs[-1].append(minor)
        else:
            runs.append([minor])
    return ", ".join(
        f"4.{run[0]}" if len(run) == 1 else f"4.{run[0]} to 4.{run[-1]}" for run in runs
    )
