"""Pools that join a cluster which makes nothing of their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Draft, finding, rule
from linter.facts.manifests import ROLE_LABEL, Labels
from linter.model.operator import missing_operator
from linter.model.pools import WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange
    from linter.plan.effects import PoolChange


@rule("WPL854", severity=WARNING)
def pool_added_without_operator(change: ClusterChange, pool_change: PoolChange) -> Iterator[Draft]:
    """The operator is there that makes something of the profile of a pool that is added."""
    new = pool_change.new
    if pool_change.old is not None or new is None or new.pool.ref is None:
        return
    profile = new.node.profile
    if profile is None or not new.holds_nodes or change.releases.known is None:
        return
    missing = missing_operator(change.after)
    if missing is None:
        return
    selector = new.pool.machine_config_selector
    enabled = change.new.switch.enabled
    takes = selector is not None and new.pool.selects(Labels({ROLE_LABEL: WORKER}, selector.ref))
    rejected = enabled and takes is False and missing.certain
    if rejected:
        effect = "Without it nothing brings the pinning file, so its nodes are refused."
    elif enabled:
        effect = "Its nodes join unpinned: management pods run on all of their CPUs."
    else:
        effect = "Its nodes get nothing of the profile until somebody installs the operator."
    yield finding(
        f"Pool {new.pool.name} is added with profile {profile.name}, but {missing.name} that "
        "makes something of it is not here.",
        new.pool.ref.label("added here"),
        profile.ref.label("nothing is made of it"),
        *([missing.ref.label("left out here")] if missing.ref is not None else []),
        effect=effect,
        advice="Add the capability NodeTuning to additionalEnabledCapabilities first."
        if missing.certain
        else "Install the operator first, unless it is installed otherwise.",
        severity=ERROR if rejected else WARNING,
    )
