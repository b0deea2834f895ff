"""Pools that do not take the MachineConfig made of their profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, finding, rule
from linter.facts.manifests import Labels
from linter.facts.selected_roles import selecting
from linter.model.pools import is_only_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.pools import Pool, ProfileMatch


@rule("WPL506", severity=ERROR, requires=("WPL502", "WPL503"))
def pool_misses_profile(cluster: Cluster, match: ProfileMatch) -> Iterator[Draft]:
    """A pool takes the MachineConfig that is made of its profile."""
    label, selector = match.profile.role_label, match.profile.node_selector
    if len(match.pools) != 1 or match.open or label is None or selector is None:
        return
    pool, asked = match.pools[0], match.profile.machine_config_label or selector
    if pool.selects(Labels(dict([label]), asked.ref)) is not False:
        return
    if not is_only_manifest(pool, cluster.pools):
        return
    key, value = label
    said = f"Profile {match.profile.name} configures pool {pool.name}, which does not select"
    stated = pool.machine_config_selector
    place = stated.ref if stated is not None else pool.ref
    declared = pool.declared is not None and place is not None
    yield finding(
        f"{said} the label {key}: {value} of its MachineConfig.",
        *([place.label("does not select it")] if declared and place is not None else []),
        asked.ref.label("the label comes from here"),
        effect="No node of the pool gets the profile's files, units and kernel settings.",
        advice=f"Let the pool's machineConfigSelector select {key}: {value}.",
        severity=ERROR if declared and not cluster.facts.pools_open else WARNING,
        fix=_fix(pool, key, value),
    )


def _fix(pool: Pool, key: str, value: str) -> Fix | None:
    """Select the label as well: the pool may have been meant to be left alone."""
    wish = selecting(pool.declared, key, value) if pool.declared is not None else None
    what = f"select {key}: {value} as well"
    return Fix(what, (wish,), Applicability.UNSAFE) if wish is not None else None
