"""Profiles without reserved or isolated CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.sources.fields import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster
    from linter.sources.text import Label


@rule("WPL201", severity=ERROR)
def profile_cpu_missing(cluster: Cluster, profile: Profile) -> Iterator[Draft]:
    """A profile names its reserved and its isolated CPUs."""
    if profile.partial and profile.node_selector is None and not cluster.installer:
        return
    for name, stated in (("reserved", profile.reserved), ("isolated", profile.isolated)):
        if stated is None:
            said, place = "does not say", profile.cpu_ref.label(f"no {name} CPUs here")
        elif stated.cpus is not None and not stated.cpus and not stated.found:
            said, place = "says nothing of", stated.written.label("empty")
        else:
            continue
        yield finding(
            f"{profile.manifest.identity} {said} which CPUs are {name}: "
            f"spec.cpu.{name} is {'missing' if stated is None else 'empty'}.",
            place,
            *_needed(profile, name),
            *cluster.misspelt(profile.manifest, "spec", "spec.cpu", f"spec.cpu.{name}"),
            effect="The API refuses the profile, and the operator makes no configuration of it.",
            advice=f"Set spec.cpu.{name}; every CPU of the machine is either reserved or isolated.",
            severity=ERROR if cluster.installer or not profile.partial else WARNING,
        )


def _needed(profile: Profile, name: str) -> list[Label]:
    networking = profile.settings.user_level_networking
    if name == "reserved" and known(networking):
        return [networking.ref.label("one queue for each reserved CPU")]
    return []
