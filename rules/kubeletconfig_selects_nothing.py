"""KubeletConfigs that apply to no pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.facts.generated_names import GENERATED_KUBELET_CONFIG
from linter.model.pools import POOL_LABEL, WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.model.cluster import Cluster


@rule("WPL610", severity=ERROR, requires=("WPL505",))
def kubeletconfig_selects_nothing(
    cluster: Cluster, kubelet_config: KubeletConfig
) -> Iterator[Draft]:
    """A KubeletConfig selects pools."""
    if not _selects_nothing(kubelet_config) or not kubelet_config.manifest.group:
        return
    same = (c for c in cluster.facts.kubelet_configs if c.name == kubelet_config.name)
    if kubelet_config.name and any(not _selects_nothing(config) for config in same):
        return  # a patch of another one, which has a selector
    selector = kubelet_config.pool_selector
    if selector is not None and kubelet_config.name.startswith(GENERATED_KUBELET_CONFIG):
        return  # rendered from the labels of a pool that has none, which WPL505 reports
    yield finding(
        f"KubeletConfig {kubelet_config.name} selects no pool: "
        f"machineConfigPoolSelector is {'not set' if selector is None else 'empty'}.",
        (kubelet_config.ref if selector is None else selector.ref).label("selects nothing"),
        effect="The Machine Config Operator ignores it, so no kubelet gets these settings.",
        advice="Select the labels of the pools that are meant, such as matchLabels: "
        f'{{{POOL_LABEL}{WORKER}: ""}}.',
    )


def _selects_nothing(config: KubeletConfig) -> bool:
    selector = config.pool_selector
    return selector is None or (selector.selector is not None and selector.selector.empty)
