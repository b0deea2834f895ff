"""Profiles for nodes that a single-node cluster does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Applicability, Draft, Fix, finding, rule
from linter.facts.manifests import NODE_ROLE
from linter.model.pools import MASTER
from linter.sources.insertion import renamed_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.partitioning import Size
    from linter.model.pools import ProfileMatch


@rule("WPL511", severity=WARNING, requires=("WPL502", "WPL503"))
def profile_without_nodes(cluster: Cluster, match: ProfileMatch, size: Size) -> Iterator[Draft]:
    """A profile of a single-node cluster is for pool master, to which that node belongs."""
    labels = match.profile.node_selector
    if size.single_node is not True or size.worker_nodes is True or labels is None:
        return
    if len(match.pools) != 1 or match.open or match.pools[0].name == MASTER:
        return
    pool = match.pools[0]
    topology = [i.topology.ref for i in cluster.facts.installations if i.topology is not None]
    yield finding(
        f"Profile {match.profile.name} is for pool {pool.name or 'without a name'}, "
        "but the one node of this cluster belongs to pool master.",
        labels.ref.label("not the role of that node's pool"),
        *(ref.label("a single node") for ref in topology[:1]),
        effect="The profile changes nothing on that node.",
        advice='Write node-role.kubernetes.io/master: "" in its nodeSelector.',
        fix=_fix(cluster, match),
    )


def _fix(cluster: Cluster, match: ProfileMatch) -> Fix | None:
    """Name the master pool, if no other profile does."""
    written = match.profile.manifest.root.at("spec", "nodeSelector")
    keys = [key for key, _ in written.items()]
    others = (other for other in cluster.matches if other is not match)
    if len(keys) != 1 or any(other.open or _is_for_master(other) for other in others):
        return None
    wishes = renamed_pair(written, keys[0], NODE_ROLE + MASTER, "")
    what = "select the nodes of pool master"
    return Fix(what, wishes, Applicability.UNSAFE) if wishes else None


def _is_for_master(match: ProfileMatch) -> bool:
    return any(pool.name == MASTER for pool in match.pools)
