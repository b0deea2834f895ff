"""Clusters without the operator that partitioning needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.model.releases import NODE_TUNING_CAPABILITY
from linter.sources.fields import Value, is_template
from linter.sources.insertion import added_item, added_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.installation import Capabilities
    from linter.model.cluster import Cluster

_CAPABILITY, _LIST = "NodeTuning", "additionalEnabledCapabilities"
_SETS_WITHOUT = {"None", "v4.11", "v4.12"}


@rule("WPL703", severity=ERROR)
def node_tuning_disabled(cluster: Cluster) -> Iterator[Draft]:
    """A cluster with profiles, or with AllNodes, has the capability NodeTuning."""
    signal, profiles = cluster.partitioning.enabled_by, cluster.facts.profiles
    if signal is None and not profiles:
        return
    for installation in cluster.facts.installations:
        stated = installation.capabilities
        running = installation.kind == "ClusterVersion" and not cluster.installer
        if stated is None or running or not _is_left_out(stated):
            continue
        if not cluster.releases.has(NODE_TUNING_CAPABILITY):
            return
        yield finding(
            f"The capabilities of the {installation.kind} leave out {_CAPABILITY}, "
            "the operator that handles profiles.",
            stated.ref.label(f"{_CAPABILITY} is not among them"),
            *(profile.ref.label("needs the operator") for profile in profiles[:1]),
            *([signal.ref.label("partitioning is switched on here")] if signal else []),
            effect="The cluster does not know PerformanceProfiles, and nothing pins to CPUs.",
            advice=f"Add {_CAPABILITY} to {_LIST}.",
            severity=ERROR if profiles else WARNING,
            fix=_fix(stated),
        )


def _is_left_out(stated: Capabilities) -> bool:
    """Say whether the capability is known to be missing; a template may add it."""
    if _CAPABILITY in stated.additional or is_template(stated.ref.text):
        return False
    return isinstance(stated.baseline, Value) and stated.baseline.value in _SETS_WITHOUT


def _fix(stated: Capabilities) -> Fix | None:
    """Append the capability to the list, which is made where there is none."""
    listed = stated.node.at(_LIST)
    if listed.exists:
        added = added_item(listed, _CAPABILITY)
    else:
        added = added_key(stated.node, (_LIST,), [_CAPABILITY])
    return Fix(f"add {_CAPABILITY} to {_LIST}", (added,)) if added is not None else None
