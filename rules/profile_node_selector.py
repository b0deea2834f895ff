"""Profiles that do not select nodes as the API wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.facts.manifests import NODE_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster

_REFUSED = "The API refuses the profile, and the bootstrap stops at it."


@rule("WPL205", severity=ERROR)
def profile_node_selector(cluster: Cluster, profile: Profile) -> Iterator[Draft]:
    """A profile selects the nodes of one role by one label."""
    labels = profile.node_selector
    if labels is None or (not labels.values and labels.complete):
        # Outside of an installer's directory it may be a patch, or a base with placeholders.
        complete = profile.manifest.named and (profile.reserved or profile.isolated)
        if cluster.installer or complete:
            yield finding(
                f"{profile.manifest.identity} selects no nodes: spec.nodeSelector is missing.",
                profile.ref.label("no node selector")
                if labels is None
                else labels.ref.label("empty"),
                *profile.no_selector,
                *cluster.misspelt(profile.manifest, "spec", "spec.nodeSelector"),
                effect=_REFUSED,
                advice='Add the role of its nodes, such as node-role.kubernetes.io/master: "".',
                severity=ERROR if cluster.installer else WARNING,
            )
    elif len(labels.values) > 1:
        yield finding(
            f"{profile.manifest.identity} has {len(labels.values)} labels for its nodes, not one.",
            labels.ref.label("more than one label"),
            effect=_REFUSED,
            advice="Keep the one label that stands for the nodes' role" + _roles(labels.values),
        )
    elif labels.complete and None in (profile.machine_config_label, profile.pool_selector):
        (key,) = labels.values
        if key.count("/") != 1:
            yield finding(
                f"{profile.manifest.identity} selects nodes by {key!r}, which is not domain/role.",
                labels.ref.label("no role to be read here"),
                effect=f"{_REFUSED} The role names the MachineConfigs and the pool.",
                advice=f'Write {NODE_ROLE}{key.rpartition("/")[2]}: "" if that is the role, or set '
                "both machineConfigLabel and machineConfigPoolSelector.",
            )


def _roles(labels: Mapping[str, str]) -> str:
    """Name the labels that say a role."""
    roles = [f'{key}: "{value}"' for key, value in labels.items() if key.startswith(NODE_ROLE)]
    return f": {' or '.join(roles)}." if roles else "."
