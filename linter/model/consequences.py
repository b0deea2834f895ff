"""What becomes of the nodes of a pool: the outcome that the stated configuration leads to.

Sources: openshift/kubernetes ``pkg/kubelet/managed`` and the admission plugins
``managementcpusoverride`` and ``managednode``; cri-o/cri-o ``pkg/config``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import read_crio_drop_in
from linter.model.delivery import Delivery, deliver
from linter.model.failures import bootstrap_failures, runtime_failures
from linter.model.fates import Fate, Verdict
from linter.model.implied import bootstrap_configs, profile_configs
from linter.model.node import Once
from linter.model.partitioning import Mode
from linter.model.releases import PINNING_FROM_PROFILE
from linter.model.remarks import contested, owns, remarks
from linter.model.switch import read_switch
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from linter.model.implied import ImpliedConfig
    from linter.model.node import NodeConfig
    from linter.model.partitioning import Partitioning, Size
    from linter.model.pools import ProfileMatch
    from linter.model.releases import Releases
    from linter.model.switch import Switch
    from linter.sources.text import Ref

__all__ = ["Consequence", "Fate", "consequences"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """The outcome for one pool.

    Attributes:
        pool: The pool's name.
        fate: What becomes of its nodes.
        why: The reason, in one sentence.
        places: The places that decide it.
        delivery: The partitioning files that the nodes get.
        notes: What else there is to know, a sentence each.

    """

    pool: str
    fate: Fate
    why: str
    places: tuple[Ref, ...]
    delivery: Delivery
    notes: tuple[str, ...] = ()


def consequences(
    nodes: Sequence[NodeConfig],
    matches: Sequence[ProfileMatch],
    partitioning: Partitioning,
    size: Size,
    releases: Releases,
    *,
    installing: bool,
    installed: Collection[str] = (),
) -> tuple[Consequence, ...]:
    """Derive the outcome of every pool, in the order of the pools.

    Args:
        nodes: The pools' node configurations.
        matches: The profiles and the pools they match.
        partitioning: Whether workload partitioning is on.
        size: How large the cluster is.
        releases: The releases under consideration.
        installing: Whether the manifests are those of an installation; else they are added to a
            cluster that was installed without the pools that they declare.
        installed: Pools that it was installed with nevertheless, by name.

    Raises:
        Undecided: The releases under consideration lead to different outcomes.

    """
    switch = read_switch(
        nodes, partitioning, size, releases, installing=installing, installed=installed
    )
    implied: list[ImpliedConfig] = [*bootstrap_configs(switch.rendered, releases)]
    implied += profile_configs(
        matches, pinned=switch.enabled and releases.has(PINNING_FROM_PROFILE)
    )
    undecided = ", ".join(match.profile.name or "?" for match in matches if match.open)
    abort = next(bootstrap_failures(nodes, matches, releases), None) if installing else None
    read = Once(read_crio_drop_in)
    outcomes: list[Consequence] = []
    for node in nodes:
        delivery = deliver(node, implied, releases, read)
        verdict = abort or _verdict(node, delivery, switch, undecided)
        notes: list[str] = []
        if abort is None and verdict.fate is not Fate.NO_NODES:
            verdict, notes = contested(node, verdict)
            notes += remarks(node, matches, delivery, switch)
        outcomes.append(
            Consequence(
                node.pool.name, verdict.fate, verdict.why, verdict.places, delivery, tuple(notes)
            )
        )
    return tuple(outcomes)


def _verdict(node: NodeConfig, delivery: Delivery, switch: Switch, undecided: str) -> Verdict:
    """Judge a pool; ``undecided`` names the profiles of which a template decides the pool."""
    if node.pool.holds_nodes is False:
        return Verdict(Fate.NO_NODES, "The pool holds no nodes in a cluster of this size.")
    broken = next(runtime_failures(node, delivery), None)
    if broken is not None:
        return broken
    if switch.mode is Mode.UNKNOWN:
        return Verdict(Fate.UNKNOWN, "A template decides whether workload partitioning is on.")
    if not switch.enabled and not switch.legacy:
        return _without_switch(node, delivery, switch)
    verdict = _partitioned(node, delivery, switch)
    unpinned = verdict.fate in {Fate.REJECTED, Fate.FLOATING}
    if switch.enabled and unpinned and undecided and not node.profiles:
        why = f"A template decides which pool profile {undecided} configures."
        return Verdict(Fate.UNKNOWN, why)
    return verdict


def _partitioned(node: NodeConfig, delivery: Delivery, switch: Switch) -> Verdict:
    """Judge a pool of a partitioned cluster."""
    places = _places(node)
    if not delivery.pinning_from:
        if delivery.pinning_open:
            why = "A template decides whether the pool gets the kubelet's pinning file."
            return Verdict(Fate.UNKNOWN, why, places)
        if switch.enabled:
            why = (
                "No MachineConfig brings the kubelet's pinning file, so the nodes lack the "
                "management CPU resource and are refused when they register."
            )
            return Verdict(Fate.REJECTED, why, places)
        if not delivery.tables:
            return Verdict(Fate.PLAIN, "Nothing switches workload partitioning on.")
        why = "Without the kubelet's pinning file pods are not mutated and CRI-O's table is inert."
        return Verdict(Fate.NOT_MUTATED, why, _table_places(delivery) or places)
    if delivery.table_open:
        why = "A CRI-O drop-in of unknown contents may replace the management table."
        return Verdict(Fate.UNKNOWN, why, places)
    table = delivery.table
    if table is None or (table.cpuset is not None and not table.cpuset):
        return Verdict(Fate.FLOATING, _why_floating(delivery), _table_places(delivery) or places)
    if table.cpuset is None:
        why = f"The CPUs that {table.path} pins to are not known."
        return Verdict(Fate.UNKNOWN, why, _table_places(delivery))
    whose = f"{table.path} of {table.made_by} pins to {table.cpuset}"
    if table.profile is not None and not owns(node, table.profile.name):
        whose += f", the CPUs of profile {table.profile.name}, which is not this pool's"
    return Verdict(Fate.PINNED, f"{whose}.", _table_places(delivery))


def _why_floating(delivery: Delivery) -> str:
    table = delivery.table
    said = "No CRI-O drop-in pins anything"
    if table is not None:
        said = f"{table.path} of {table.made_by} pins to no CPUs"
        lost = [t for t in delivery.tables[:-1] if t.cpuset is None or t.cpuset]
        if lost:
            said += f" and replaces {lost[-1].path} of {lost[-1].made_by}"
    return f"{said}, so management pods run on every CPU while their CPU requests are not counted."


def _without_switch(node: NodeConfig, delivery: Delivery, switch: Switch) -> Verdict:
    """Judge a pool of a cluster that nothing partitions, neither a switch nor hand-made files."""
    places = _table_places(delivery) or _places(node)
    has_files = bool(delivery.pinning_from or delivery.tables)
    if switch.mode is Mode.SILENT:
        why = "No manifest here says whether workload partitioning is on."
        return Verdict(Fate.UNKNOWN, why)
    if has_files and switch.single_node is None:
        why = "Whether the cluster is a single node, where such files suffice, is not known."
        return Verdict(Fate.UNKNOWN, why, places)
    if has_files and switch.single_node:
        why = "Without the kubelet's pinning file pods are not mutated and CRI-O's table is inert."
        return Verdict(Fate.NOT_MUTATED, why, places)
    if has_files:
        why = "On several nodes the files do nothing without cpuPartitioningMode: AllNodes."
        return Verdict(Fate.NOT_MUTATED, why, places)
    if switch.unsupported:
        why = "This release does not know cpuPartitioningMode, so partitioning stays off."
        return Verdict(Fate.PLAIN, why)
    return Verdict(Fate.PLAIN, "Nothing switches workload partitioning on.")


def _table_places(delivery: Delivery) -> tuple[Ref, ...]:
    table = delivery.table
    return (table.ref,) if table is not None and table.ref is not None else ()


def _places(node: NodeConfig) -> tuple[Ref, ...]:
    return (node.pool.ref,) if node.pool.ref is not None else ()
