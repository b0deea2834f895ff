"""Which KubeletConfigs contend for the kubelets of a pool, those of profiles included.

The machine-config operator lets several KubeletConfigs for one pool pass on a running cluster: the
one created last counts, wholly. Manifests do not say which that is.
Source: openshift/machine-config-operator ``pkg/controller/kubelet-config``; the selector of a
profile's KubeletConfig is that of openshift/cluster-node-tuning-operator
``…/components/kubeletconfig`` and ``pkg/performanceprofile/cmd/render``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.cpuset import CpuSet
from linter.formats.label_selector import LabelSelector
from linter.model.fates import Fate, Verdict
from linter.records import dataclass
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.profiles import Profile
    from linter.model.node import NodeConfig
    from linter.model.pools import Pool
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Contender:
    """A KubeletConfig of a pool, written or made of a profile, or both.

    ``cpus`` are those it reserves: empty for none, None where that is not known. ``failure`` says
    why the kubelet would not start with it.
    """

    name: str
    cpus: CpuSet | None
    ref: Ref
    config: KubeletConfig | None
    profile: Profile | None
    failure: Verdict | None

    @property
    def outcome(self) -> str:
        """What the kubelet does if this one counts, in a few words."""
        if self.failure is not None:
            return f"with {self.name} the kubelet will not start"
        cpus = "unknown CPUs" if self.cpus is None else self.cpus.text or "nothing"
        return f"{self.name} reserves {cpus}"


def generated_name(profile: Profile) -> str:
    """Return the name of the KubeletConfig that the operator makes of a profile."""
    return profile.generated_kubelet_config


def contenders(node: NodeConfig) -> tuple[Contender, ...]:
    """Return the KubeletConfigs that a pool gets, by name."""
    written = {config.name: config for config in node.kubelet.configs}
    made = {
        generated_name(profile): profile
        for profile in node.profiles
        if profile.name and _selects(profile, node.pool)
    }
    found: list[Contender] = []
    for name in sorted(written | made):
        config, profile = written.get(name), made.get(name)
        failure = kubelet_failure(config) if config is not None else None
        if profile is not None:
            found.append(
                Contender(name, profile.kubelet_cpus(), profile.ref, config, profile, failure)
            )
        elif config is not None:
            found.append(Contender(name, _stated(config), config.ref, config, None, failure))
    return tuple(found)


def contest(node: NodeConfig) -> Verdict | None:
    """Return what to say of a pool whose kubelets' CPUs depend on the order of creation."""
    found = contenders(node)
    outcomes = {
        (one.failure is not None, one.cpus) for one in found if one.failure or one.cpus is not None
    }
    if len(found) < 2 or len(outcomes) < 2:
        return None
    said = ", ".join(one.outcome for one in found)
    why = f"Only the KubeletConfig created last counts, and they differ: {said}."
    return Verdict(Fate.CONTESTED, why, tuple(one.ref for one in found))


def kubelet_failure(config: KubeletConfig) -> Verdict | None:
    """Say why the kubelet would not start with a KubeletConfig, or None."""
    stated = config.reserved
    if stated is not None and stated.error is not None:
        why = f"The kubelet cannot parse '{stated.text}' of {config.name}."
        return Verdict(Fate.KUBELET_FAILS, why, (stated.ref,))
    policy = config.cpu_manager_policy
    nothing = stated is None or (stated.cpus is not None and not stated.cpus)
    static = isinstance(policy, Value) and policy.value == "static"
    if static and nothing and not config.reserves_cpu_time:
        why = f"The static CPU manager of {config.name} needs reserved CPUs, and there are none."
        return Verdict(Fate.KUBELET_FAILS, why, (policy.ref,))
    return None


def _stated(config: KubeletConfig) -> CpuSet | None:
    return config.reserved.cpus if config.reserved is not None else CpuSet.EMPTY


def _selects(profile: Profile, pool: Pool) -> bool:
    """Say whether a profile's KubeletConfig selects the pool that the profile matches.

    Without a selector of its own it gets all labels of the pool; of a pool without labels it then
    selects nothing.
    """
    if pool.labels is None:
        return False
    wanted = profile.pool_selector
    if wanted is None:
        return bool(pool.labels.values) or not pool.labels.complete
    if not wanted.values:
        return not wanted.complete
    return LabelSelector(dict(wanted.values)).matches(pool.labels.values)


def failures_of(node: NodeConfig) -> Iterator[Verdict]:
    """Yield why the kubelet will not start where only one KubeletConfig can count."""
    found = contenders(node)
    if len(found) == 1 and found[0].failure is not None:
        yield found[0].failure
