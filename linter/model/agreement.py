"""Agreement: what most statements of a pool without a profile say together.

A single statement is no truth, and neither is one of two that differ. Where two of different kinds
name the same CPUs, a third that does not is the one that is wrong.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.formats.cpuset import CpuSet
    from linter.model.node import NodeConfig

_ENOUGH = 2


def agreement(node: NodeConfig) -> CpuSet | None:
    """Return the CPUs that at least two statements of a pool name; None where none do, or two sets.

    The statements are CRI-O's management cpuset, its infra_ctr_cpuset, the kubelet's pinning file
    and the kubelet's reservedSystemCPUs.
    """
    crio, pinning, kubelet = node.crio, node.pinning, node.kubelet
    stated = (
        crio.management.cpuset if crio.management is not None and not crio.open else None,
        crio.infra_ctr_cpuset if not crio.infra_open else None,
        pinning.cpuset if pinning is not None else None,
        kubelet.reserved if not kubelet.open else None,
    )
    named = Counter(one.cpus for one in stated if one is not None and one.cpus)
    agreed = [cpus for cpus, count in named.items() if count >= _ENOUGH]
    return agreed[0] if len(agreed) == 1 else None
