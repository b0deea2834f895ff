"""Hand-written files in the place of those that the operator writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import INFO, Draft, finding, rule
from linter.model.owned_files import rewritten_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig


@rule(
    "WPL612", severity=INFO, requires=("WPL301", "WPL302", "WPL303", "WPL304", "WPL322", "WPL602")
)
def operator_file_rewritten(
    cluster: Cluster, node: NodeConfig, pool_profile: Profile
) -> Iterator[Draft]:
    """No MachineConfig replaces a file that the operator writes from the profile."""
    for config, file in rewritten_files(cluster, node, pool_profile):
        yield finding(
            f"MachineConfig {config.name} writes {file.path} over the one of "
            f"{pool_profile.generated_name}.",
            file.ref.label("this one counts"),
            pool_profile.ref.label("the operator writes the same file from this profile"),
            effect="When the profile changes, the nodes keep what this MachineConfig says.",
            advice=f"Leave {file.path} to the operator.",
        )
