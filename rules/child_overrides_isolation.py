"""Child TuneD profiles that change which CPUs are isolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.engine.differences import difference
from linter.model.children import affinity_setting, children, isolation_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster


@rule("WPL903", severity=ERROR, requires=("WPL202", "WPL309", "WPL310", "WPL311"))
def child_overrides_isolation(cluster: Cluster) -> Iterator[Draft]:
    """A child TuneD profile isolates the CPUs that its PerformanceProfile isolates."""
    for child in children(cluster):
        profile, wanted = child.parent, child.parent.isolated_cpus()
        written = profile.isolated
        if not wanted or written is None:
            continue
        listed = isolation_settings(child.inclusion.profile)
        affinity = affinity_setting(child.inclusion.profile)
        for stated in (*listed, *([affinity] if affinity is not None else [])):
            if not _contradicts(stated, profile, affinity=stated is affinity):
                continue
            one = "starts services on" if stated is affinity else "isolates"
            yield finding(
                f"TuneD profile {child.inclusion.profile.name} {one} {stated.shown}, "
                f"but profile {profile.name} isolates {wanted}.",
                stated.ref.label("replaces what is included"),
                written.ref.label("isolated here"),
                effect="Services run on CPUs of the workload, or are kept off reserved ones."
                if stated is affinity
                else difference(
                    wanted,
                    stated.cpus or wanted,
                    lacking="Isolated, but used by systemd and the kernel",
                    surplus="Closed to systemd and the kernel although not isolated",
                ),
                advice="Remove the setting: the child takes it from what it includes"
                + ("." if stated is affinity else f", isolated_cores={wanted}."),
                severity=ERROR if _is_certain(stated, profile) else WARNING,
            )


def _contradicts(stated: CpuStatement, profile: Profile, *, affinity: bool) -> bool:
    wanted, reserved = profile.isolated_cpus(), profile.reserved
    if stated.cpus is None or not wanted:
        return False
    if not affinity:
        return stated.cpus != wanted
    missing = reserved is not None and reserved.cpus is not None and reserved.cpus - stated.cpus
    return bool(stated.cpus & wanted or missing)


def _is_certain(stated: CpuStatement, profile: Profile) -> bool:
    """Say whether it concerns CPUs that the profile names, and not only further ones."""
    named = profile.isolated_cpus()
    reserved = profile.reserved.cpus if profile.reserved is not None else None
    if named is None or not stated.cpus:
        return False
    return bool(named - stated.cpus or (reserved is not None and reserved & stated.cpus))
