"""Which KubeletConfig the kubelets of a pool get.

Rules: openshift/machine-config-operator ``pkg/controller/kubelet-config``: a KubeletConfig selects
pools by their labels; an absent or empty selector selects none. Two for one pool abort the
bootstrap; on a running cluster the one created last wins, and it wins wholly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.cpus import CpuStatement
    from linter.facts.kubelet_configs import KubeletConfig
    from linter.model.pools import Pool


@dataclass(frozen=True, slots=True)
class EffectiveKubelet:
    """The KubeletConfigs of a pool; ``open`` where templates leave undecided whether more apply."""

    configs: tuple[KubeletConfig, ...]
    open: bool

    @property
    def config(self) -> KubeletConfig | None:
        """The one that applies; None where there is none, or more than one."""
        return self.configs[0] if len(self.configs) == 1 else None

    @property
    def reserved(self) -> CpuStatement | None:
        """The CPUs that the kubelet keeps from pods, as written."""
        return self.config.reserved if self.config is not None else None


def select_kubelet(pool: Pool, configs: Iterable[KubeletConfig]) -> EffectiveKubelet:
    """Find the KubeletConfigs that apply to a pool, in order of their names."""
    selected: list[KubeletConfig] = []
    undecided = False
    for config in configs:
        selector = config.pool_selector
        if selector is None or (selector.selector is not None and selector.selector.empty):
            continue
        answer = selector.matches(pool.labels) if pool.labels is not None else False
        undecided |= answer is None
        if answer:
            selected.append(config)
    return EffectiveKubelet(tuple(sorted(selected, key=lambda c: c.name)), undecided)
