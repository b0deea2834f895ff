"""Profiles whose KubeletConfig selects another pool than they match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.engine.enumeration import MOST, enumeration
from linter.formats.label_selector import LabelSelector
from linter.model.pools import is_only_manifest, own_label
from linter.sources.insertion import renamed_pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.model.pools import ProfileMatch


@rule("WPL510", severity=ERROR, requires=("WPL206", "WPL502", "WPL503", "WPL505"))
def profile_pool_selector_mismatch(cluster: Cluster, match: ProfileMatch) -> Iterator[Draft]:
    """A profile's machineConfigPoolSelector selects the pool that the profile matches."""
    wanted = match.profile.pool_selector
    if wanted is None or not wanted.complete or len(wanted.values) != 1 or match.open:
        return
    if len(match.pools) != 1 or not is_only_manifest(match.pools[0], cluster.pools):
        return
    if any(pool.labels is None or not pool.labels.complete for pool in cluster.pools):
        return
    pool, selector = match.pools[0], LabelSelector(dict(wanted.values))
    selected = [p for p in cluster.pools if p.labels and selector.matches(p.labels.values)]
    if [p.name for p in selected] == [pool.name]:
        return
    key, value = next(iter(wanted.values.items()))
    asked = f"{key}: {value}" if value else key
    hit = any(p is pool for p in selected)
    names = enumeration(sorted({p.name for p in selected if p.name and p is not pool}))
    own = own_label(pool, cluster.pools, like=key)
    if not hit:
        words = f"does not have that label{f', but {names} does' if names else ''}"
    else:
        words = f"is not the only one with that label: {names} has it too"
    yield finding(
        f"Profile {match.profile.name} selects pools by {asked}, but its pool {pool.name} {words}.",
        wanted.ref.label("selects pools by these labels"),
        *(
            one.ref.label(f"pool {one.name}")
            for one in (pool, *(p for p in selected if p is not pool))[:MOST]
            if one.ref is not None
        ),
        effect="The KubeletConfig, and so the reserved CPUs, do not reach the pool's kubelets."
        if not hit
        else "The KubeletConfig reaches the kubelets of both pools, whatever their CPUs.",
        advice=f"Select a label that only pool {pool.name} has"
        + (f': {own[0]}: "{own[1]}".' if own else "."),
        severity=ERROR if pool.declared is not None and not cluster.facts.pools_open else WARNING,
        fix=_fix(match.profile, key, own) if own and not cluster.facts.pools_open else None,
    )


def _fix(profile: Profile, key: str, label: tuple[str, str]) -> Fix | None:
    """Select by a label that the pool has: whichever it is, the same pool is meant."""
    written = profile.manifest.root.at("spec", "machineConfigPoolSelector")
    wishes = renamed_pair(written, key, *label) if written.is_mapping else None
    return Fix(f'select pools by {label[0]}: "{label[1]}"', wishes) if wishes else None
