"""TuneD's isolated cores against those of the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.differences import difference
from linter.model.releases import OVS_DPDK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster


@rule("WPL309", severity=ERROR)
def tuned_isolated_mismatch(profile: Profile, cluster: Cluster) -> Iterator[Draft]:
    """TuneD isolates the CPUs that the profile isolates."""
    if profile.ovs_dpdk is not None and not cluster.releases.possibly(OVS_DPDK):
        profile = profile.without_ovs_dpdk()
    isolated, expected = profile.isolated, profile.isolated_cpus()
    if isolated is None or not expected:
        return
    for stated in cluster.generated_isolated_cores(profile):
        if stated.cpus is None or stated.cpus == expected:
            continue
        yield finding(
            f"TuneD isolates {stated.shown or 'no CPU'}, but the profile isolates {expected}.",
            stated.ref.label("isolated here"),
            isolated.ref.label("profile isolates here"),
            effect=difference(
                expected,
                stated.cpus,
                lacking="Isolated, but used by systemd and the kernel",
                surplus="Closed to systemd and the kernel although not isolated",
            ),
            advice=f"Set isolated_cores to {expected}.",
            fix=Fix(f"set isolated_cores to {expected}", (stated.replaced_by(expected.text),)),
        )
