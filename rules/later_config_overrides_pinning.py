"""A partitioning file that a MachineConfig merged later rewrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, removing, rule
from linter.facts.pinning import PATH
from linter.facts.removals import removed_files
from linter.model.overrides import conflicting_layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL602", severity=ERROR, requires=("WPL301", "WPL302", "WPL303", "WPL305", "WPL313"))
def later_config_overrides_pinning(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """No MachineConfig replaces the CPUs that an earlier one wrote to a partitioning file."""
    reserved = node.reserved
    # A custom pool takes the MachineConfigs of worker; its own profile is there to override them.
    inherited = {p.generated_name for p in cluster.facts.profiles if p not in node.profiles}
    for loser, winner, path in conflicting_layers(cluster, node):
        installer = f"01-{node.pool.name}-cpu-partitioning"
        if path == PATH and not winner.cpus and winner.config == installer:
            continue
        by_profile = reserved is not None and reserved.profile is not None
        agrees = by_profile and reserved is not None and winner.cpus == reserved.cpus
        if agrees and loser.config in inherited:
            continue
        config = next((one for one in node.merged.order if one.name == loser.config), None)
        gone = removed_files(config, {path}) if agrees and config is not None else None
        yield finding(
            f"MachineConfig {loser.config} states {loser.said} in {path}, "
            f"but {winner.config} is merged later and states {winner.said}.",
            loser.ref.label("without effect"),
            winner.ref.label("this one counts"),
            effect=f"The nodes of pool {node.pool.name} get the file of {winner.config}"
            + (", which is what the profile reserves." if agrees else "."),
            advice=f"Take the file out of MachineConfig {loser.config}."
            if agrees
            else "State the file in one MachineConfig, or the same CPUs in both.",
            severity=WARNING if agrees or path == PATH else ERROR,
            fix=removing(f"{path} from MachineConfig {loser.config}", *gone) if gone else None,
        )
