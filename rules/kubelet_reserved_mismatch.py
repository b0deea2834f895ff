"""The kubelet's reserved CPUs against those of the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Applicability, Draft, Fix, finding, rule
from linter.engine.differences import difference
from linter.facts.generated_names import GENERATED_KUBELET_CONFIG
from linter.model.releases import OVS_DPDK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.profiles import Profile
    from linter.model.kubelet import EffectiveKubelet
    from linter.model.node import Reserved
    from linter.model.releases import Releases


@rule("WPL306", severity=ERROR)
def kubelet_reserved_mismatch(
    releases: Releases, reserved: Reserved, kubelet: EffectiveKubelet
) -> Iterator[Draft]:
    """The kubelet keeps pods from the CPUs that the profile reserves, and from no others."""
    profile = reserved.profile
    if profile is not None and profile.ovs_dpdk is not None and not releases.possibly(OVS_DPDK):
        profile = profile.without_ovs_dpdk()
    expected = profile.kubelet_cpus() if profile is not None else reserved.cpus
    for config in kubelet.configs:
        stated, generated = config.reserved, _is_generated(config, profile)
        if expected is None or stated is None or not stated.cpus or stated.cpus == expected:
            continue
        if reserved.profile is None and _may_have_more(config) and reserved.cpus <= stated.cpus:
            continue
        if profile and generated and stated.cpus == profile.kubelet_cpus(bootstrap=True):
            continue
        also = "" if expected == reserved.cpus else f", and {expected} with its other sets"
        repair = Fix(
            f"set reservedSystemCPUs to {expected}",
            (stated.replaced_by(expected.text),),
            Applicability.SAFE if generated else Applicability.UNSAFE,
        )
        yield finding(
            f"The kubelet reserves {stated.shown}, but {reserved.said_by} {reserved.cpus}{also}.",
            stated.ref.label("reserved for the system here"),
            reserved.labelled(),
            effect=difference(
                expected,
                stated.cpus,
                lacking="Given to pods exclusively although reserved",
                surplus="Kept from pods although not reserved",
            ),
            advice=f"Set reservedSystemCPUs to {expected}.",
            fix=repair if reserved.agreed else None,
        )


def _may_have_more(config: KubeletConfig) -> bool:
    """Say whether a profile that is out of sight may add other sets: the name is an operator's."""
    return config.name.startswith(GENERATED_KUBELET_CONFIG)


def _is_generated(config: KubeletConfig, profile: Profile | None) -> bool:
    return profile is not None and config.name == profile.generated_kubelet_config
