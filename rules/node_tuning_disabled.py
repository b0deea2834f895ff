"""Clusters without the operator that partitioning needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.model.operator import CAPABILITY, leaves_out
from linter.model.releases import NODE_TUNING_CAPABILITY
from linter.sources.insertion import added_item, added_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.installation import Capabilities
    from linter.model.cluster import Cluster

_LIST = "additionalEnabledCapabilities"


@rule("WPL703", severity=ERROR)
def node_tuning_disabled(cluster: Cluster) -> Iterator[Draft]:
    """A cluster with profiles, or with AllNodes, has the capability NodeTuning."""
    signal, profiles = cluster.partitioning.enabled_by, cluster.facts.profiles
    if signal is None and not profiles:
        return
    for installation in cluster.facts.installations:
        stated = installation.capabilities
        running = installation.kind == "ClusterVersion" and not cluster.installer
        if stated is None or running or not leaves_out(stated):
            continue
        if not cluster.releases.has(NODE_TUNING_CAPABILITY):
            return
        yield finding(
            f"The capabilities of the {installation.kind} leave out {CAPABILITY}, "
            "the operator that handles profiles.",
            stated.ref.label(f"{CAPABILITY} is not among them"),
            *(profile.ref.label("needs the operator") for profile in profiles[:1]),
            *([signal.ref.label("partitioning is switched on here")] if signal else []),
            effect="The cluster does not know PerformanceProfiles, and nothing pins to CPUs.",
            advice=f"Add {CAPABILITY} to {_LIST}.",
            severity=ERROR if profiles else WARNING,
            fix=_fix(stated),
        )


def _fix(stated: Capabilities) -> Fix | None:
    """Append the capability to the list, which is made where there is none."""
    listed = stated.node.at(_LIST)
    if listed.exists:
        added = added_item(listed, CAPABILITY)
    else:
        added = added_key(stated.node, (_LIST,), [CAPABILITY])
    return Fix(f"add {CAPABILITY} to {_LIST}", (added,)) if added is not None else None
