"""Hand-made partitioning files on a cluster that is partitioned by its switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, removing, rule
from linter.facts.crio import MANAGEMENT
from linter.facts.pinning import PATH
from linter.facts.removals import removed_files
from linter.model.implied import DEFAULT_DROP_IN
from linter.model.releases import PINNING_FROM_PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule("WPL410", severity=WARNING, requires=("WPL301", "WPL302", "WPL304", "WPL322", "WPL407"))
def legacy_beside_allnodes(cluster: Cluster, node: NodeConfig) -> Iterator[Draft]:
    """On a cluster of AllNodes the operator alone writes the partitioning files of profiles."""
    signal, profile = cluster.partitioning.enabled_by, node.profile
    if signal is None or profile is None or not cluster.releases.has(PINNING_FROM_PROFILE):
        return
    drop_ins = (drop_in for contents in cluster.contents for drop_in in contents.drop_ins)
    for drop_in in drop_ins:
        path, workload = drop_in.path, drop_in.workloads.get(MANAGEMENT)
        file = node.merged.file(path)
        winner = file.winner if file is not None else None
        if workload is None or winner is None or winner.file is not drop_in.file:
            continue
        if path >= DEFAULT_DROP_IN:
            continue
        cpuset, config = workload.cpuset, winner.machine_config
        yield finding(
            f"MachineConfig {config.name} writes {path}, which only clusters without the switch "
            "need.",
            (cpuset.ref if cpuset is not None else workload.ref).label("without effect"),
            signal.ref.label("switched on here"),
            profile.ref.label("the operator writes the files from this profile"),
            effect="It changes nothing today, and will contradict the profile once that changes.",
            advice=f"Remove the partitioning files from MachineConfig {config.name}.",
            fix=removing(
                f"the partitioning files of {config.name}",
                *removed_files(config, {path, PATH}) or (),
            ),
        )
