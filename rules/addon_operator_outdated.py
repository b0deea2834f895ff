"""Manifests of the Performance Addon Operator that do not fit the release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, Fix, Replacement, finding, removing, rule
from linter.facts.operators import PACKAGE
from linter.facts.removals import removed_object
from linter.model.releases import ADDON_OPERATOR, Release, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster

_LONGEST_SHOWN = 40


@rule("WPL702", severity=WARNING)
def addon_operator_outdated(cluster: Cluster, releases: Releases) -> Iterator[Draft]:
    """The Performance Addon Operator is installed until 4.10 only, from the release's channel."""
    release, addons = releases.known, cluster.facts.addons
    if release is None or not addons:
        return
    claims = [claim.ref.label("the release") for claim in cluster.claims[:1]]
    if not releases.has(ADDON_OPERATOR):
        listed = sorted(addons, key=lambda addon: addon.manifest.kind != "Subscription")
        yield finding(
            f"{listed[0].manifest.identity} is here, but OpenShift {release} has no package "
            f"{PACKAGE}: the Node Tuning Operator does its work.",
            *(addon.ref.label("not needed since 4.11") for addon in listed[:3]),
            *claims,
            effect="4.11 and 4.12 remove what it installs, and later releases cannot install it.",
            advice="Remove these manifests.",
            fix=removing(
                "what installs the operator",
                *(removed_object(addon.manifest.root) for addon in addons),
            ),
        )
        return
    for addon in addons:
        channel = addon.channel
        stated = Release.mentioned_in(channel.text) if channel is not None else None
        if channel is None or stated is None or stated == release:
            continue
        yield finding(
            f"The channel of {addon.manifest.identity} is {channel.text[:_LONGEST_SHOWN]}, "
            f"but the cluster runs OpenShift {release}.",
            channel.ref.label("another release's channel"),
            *claims,
            effect="The operator is not installed, or one that does not fit the cluster.",
            advice=f"Set the channel to {release}.",
            fix=Fix(f"set the channel to {release}", (Replacement(channel.ref, f'"{release}"'),)),
        )
