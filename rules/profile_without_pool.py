"""Profiles that configure no pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.engine.enumeration import enumeration
from linter.facts.manifests import NODE_ROLE, Labels
from linter.model.pools import WORKER, ProfileMatch, value_skew
from linter.sources.insertion import renamed_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.pools import Pool


@rule("WPL502", severity=ERROR, requires=("WPL205",))
def profile_without_pool(cluster: Cluster, match: ProfileMatch) -> Iterator[Draft]:
    """Every PerformanceProfile matches a MachineConfigPool."""
    profile, labels = match.profile, match.profile.node_selector
    if match.pools or match.open or labels is None or not labels.values:
        return
    effect = "No node gets its settings; while a cluster is installed, the bootstrap stops at it."
    for pool in cluster.pools:
        key = value_skew(profile, pool)
        if key is None or pool.node_selector is None or pool.node_selector.selector is None:
            continue
        theirs = pool.node_selector.selector.match_labels[key]
        place = pool.node_selector.refs.get(key)
        yield finding(
            f"Profile {profile.name} selects nodes by {key} = '{labels.values[key]}', "
            f"but pool {pool.name} by '{theirs}'.",
            labels.ref_of(key).label("selected by this value"),
            *([place.label("the pool's value")] if place is not None else []),
            effect=effect,
            advice=f'Write {key}: "{theirs}" in the profile, as the pool does.',
            fix=_fix(cluster, match, pool, key),
        )
        return
    asked = ", ".join(f"{key} = '{value}'" for key, value in labels.values.items())
    names = enumeration(sorted({pool.name for pool in cluster.pools if pool.name}))
    yield finding(
        f"Profile {profile.name} selects nodes by {asked}, which is the node selector of no pool.",
        labels.ref.label("no pool selects these nodes"),
        effect=effect,
        advice=f'Name the nodes of a pool ({names}), such as {NODE_ROLE}{WORKER}: "", or add a '
        "MachineConfigPool for them.",
        severity=ERROR if cluster.install_time else WARNING,
    )


def _fix(cluster: Cluster, match: ProfileMatch, pool: Pool, key: str) -> Fix | None:
    """Write the pool's value, where the profile then is the only one of this pool and no other."""
    written, labels = match.profile.manifest.root.at("spec", "nodeSelector"), pool.node_selector
    if labels is None or labels.selector is None or len(list(written.items())) != 1:
        return None
    value = labels.selector.match_labels[key]
    aligned = Labels({key: value}, written.ref)
    taken = [
        one
        for one in cluster.pools
        if one.node_selector is not None and one.node_selector.matches(aligned) is not False
    ]
    if taken != [pool] or any(pool in other.pools or other.open for other in cluster.matches):
        return None
    wishes = renamed_pair(written, key, key, value)
    return (
        Fix(f'select nodes by {key}: "{value}", as pool {pool.name} does', wishes)
        if wishes
        else None
    )
