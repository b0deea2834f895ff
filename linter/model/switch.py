"""How a cluster comes to be partitioned: by its switch, or by hand-made files on a single node.

Sources: openshift/cluster-node-tuning-operator ``pkg/performanceprofile/cmd/render`` (detection of
legacy clusters) and ``cmd/cluster-node-tuning-operator`` (their migration); openshift/kubernetes
admission plugin ``managementcpusoverride``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.pinning import PATH as PINNING_PATH
from linter.model.partitioning import Mode
from linter.model.pools import ARBITER, MASTER, WORKER
from linter.model.releases import (
    ARBITER_POOL,
    CPU_PARTITIONING_API,
    LEGACY_SNO_DETECTION,
    LEGACY_SNO_MIGRATION,
)
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from linter.model.node import NodeConfig
    from linter.model.partitioning import Partitioning, Size
    from linter.model.releases import Releases


@dataclass(frozen=True, slots=True)
class Switch:
    """How a cluster comes to be partitioned.

    Attributes:
        mode: What the manifests say.
        single_node: Whether the cluster is a single node; None where that is not known.
        enabled: The cluster is one of ``AllNodes``, by its manifests or by migration, so nodes
            without the pinning file are refused.
        legacy: Hand-made files on a single node are what partitions it.
        rendered: The pools for which ``render`` added a MachineConfig while installing.
        unsupported: ``AllNodes`` is asked of a release that does not know it.

    """

    mode: Mode
    single_node: bool | None
    enabled: bool
    legacy: bool
    rendered: frozenset[str]
    unsupported: bool


def read_switch(
    nodes: Sequence[NodeConfig],
    partitioning: Partitioning,
    size: Size,
    releases: Releases,
    *,
    installing: bool,
    installed: Collection[str] = (),
) -> Switch:
    """Find out how a cluster comes to be partitioned.

    Args:
        nodes: The node configurations of its pools.
        partitioning: What its manifests say.
        size: How large it is.
        releases: The releases under consideration.
        installing: Whether ``render`` sees the manifests.
        installed: The pools that it has seen, where the cluster runs already.

    Raises:
        Undecided: The releases under consideration differ.

    """
    wanted = partitioning.mode is Mode.ALL_NODES
    stated = wanted and releases.has(CPU_PARTITIONING_API)
    carriers = {node.pool.name for node in nodes if PINNING_PATH in node.merged.files}
    legacy = (
        not stated
        and size.single_node is True
        and partitioning.mode is not Mode.UNKNOWN
        and bool(carriers)
    )
    detected = legacy and installing and releases.has(LEGACY_SNO_DETECTION)
    migrated = legacy and (detected or MASTER in carriers) and releases.has(LEGACY_SNO_MIGRATION)
    rendered: set[str] = set()
    if stated or detected:
        rendered = {MASTER, WORKER}
        if size.arbiter and releases.has(ARBITER_POOL):
            rendered.add(ARBITER)
        if installing:
            rendered |= {node.pool.name for node in nodes if node.pool.declared and node.pool.name}
        rendered.update(installed)
    return Switch(
        partitioning.mode,
        size.single_node,
        stated or migrated,
        legacy,
        frozenset(rendered),
        wanted and not stated,
    )
