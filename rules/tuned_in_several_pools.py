"""Profiles whose label several pools select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.enumeration import MOST, enumeration
from linter.facts.manifests import Labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.pools import ProfileMatch


@rule("WPL509", severity=ERROR, requires=("WPL503", "WPL504"))
def tuned_in_several_pools(cluster: Cluster, match: ProfileMatch) -> Iterator[Draft]:
    """The label of a profile's MachineConfig is selected by one pool only."""
    label, selector = match.profile.role_label, match.profile.node_selector
    if label is None or selector is None or len(match.pools) != 1 or match.open:
        return
    asked = match.profile.machine_config_label or selector
    labels = Labels(dict([label]), asked.ref)
    pools = {pool.name: pool for pool in cluster.pools if pool.name and pool.selects(labels)}
    if len(pools) < 2 or match.pools[0].name not in pools:
        return
    key, value = label
    names = sorted(pools, key=lambda name: (name != match.pools[0].name, name))
    yield finding(
        f"Profile {match.profile.name} is applied by the label {key}: {value}, "
        f"which several pools select: {enumeration(names)}.",
        asked.ref.label(f"meant for pool {match.pools[0].name}"),
        *(
            pool.machine_config_selector.ref.label(f"pool {name} selects it too")
            for name in names[1 : MOST + 1]
            if (pool := pools[name]).declared is not None and pool.machine_config_selector
        ),
        effect="The Node Tuning Operator then writes no kernel arguments for it, "
        "so no CPU is isolated and systemd runs on all of them.",
        advice="Give the profile a machineConfigLabel that its own pool only selects, "
        "or move its nodes into a custom pool.",
        severity=ERROR if cluster.installer else WARNING,
    )
