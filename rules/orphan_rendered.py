"""Rendered objects whose profile is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, removing, rule
from linter.engine.enumeration import MOST, enumeration
from linter.facts.removals import removed_object
from linter.model.rendered import RenderedObject, rendered_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster


@rule("WPL804", severity=WARNING)
def orphan_rendered(cluster: Cluster) -> Iterator[Draft]:
    """The profile of every rendered object is there."""
    facts = cluster.facts
    if facts.unreadable or not all(profile.manifest.named for profile in facts.profiles):
        return
    known = {profile.name for profile in facts.profiles}
    if not known and not cluster.installer:  # the output of render by itself, or a dump
        return
    orphans: dict[str, list[RenderedObject]] = {}
    for item in rendered_objects(facts):
        if item.profile not in known:
            orphans.setdefault(item.profile, []).append(item)
    for name, items in orphans.items():
        labelled = any(item.labelled for item in items)
        certain = labelled or any(
            item.owned or item.manifest.kind != "KubeletConfig" for item in items
        )
        if not certain or not (labelled or known):
            continue
        listed = enumeration([item.manifest.identity for item in items])
        yield finding(
            f"{listed} {'were' if len(items) > 1 else 'was'} rendered from PerformanceProfile "
            f"{name}, but there is no such profile.",
            *(item.manifest.name_ref.label(f"made of {name}") for item in items[:MOST]),
            effect="Nodes keep its CPU lists, and nothing keeps them up to date.",
            advice=f"Delete the rendered files, or bring profile {name} back.",
            fix=removing(
                f"what was rendered from {name}",
                *(removed_object(item.manifest.root) for item in items),
            ),
        )
