"""Pools that no KubeletConfig can select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, Fix, finding, rule
from linter.facts.manifests import ROLE_LABEL
from linter.model.pools import is_only_manifest
from linter.sources.insertion import added_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.pools import Pool, ProfileMatch


@rule("WPL505", severity=ERROR)
def pool_without_labels(cluster: Cluster, match: ProfileMatch) -> Iterator[Draft]:
    """A pool that a profile configures has labels."""
    if len(match.pools) != 1 or match.open:
        return
    pool, labels = match.pools[0], match.pools[0].labels
    if pool.ref is None or labels is None or labels.values or not labels.complete:
        return
    if pool.built_in or not is_only_manifest(pool, cluster.pools):
        return
    yield finding(
        f"Pool {pool.name} has no labels, by which the KubeletConfig of profile "
        f"{match.profile.name} would select it.",
        pool.ref.label("no labels"),
        match.profile.ref.label("configures this pool"),
        *(
            (config.pool_selector.ref if config.pool_selector else config.ref).label("selects none")
            for config in cluster.facts.kubelet_configs
            if config.name == match.profile.generated_kubelet_config
        ),
        effect="The kubelets reserve nothing, and the operator reports BadMachineConfigLabels.",
        advice=f"Label the pool machineconfiguration.openshift.io/role: {pool.name}.",
        severity=WARNING if cluster.facts.pools_open else ERROR,
        fix=_fix(pool),
    )


def _fix(pool: Pool) -> Fix | None:
    """Add the label by which the Machine Config Operator's own pools are found."""
    if pool.declared is None:
        return None
    added = added_key(pool.declared.manifest.root, ("metadata", "labels", ROLE_LABEL), pool.name)
    return Fix(f"label it {ROLE_LABEL}: {pool.name}", (added,)) if added is not None else None
