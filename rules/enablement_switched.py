"""Partitioning that is switched on or off in the manifests of a cluster that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.model.partitioning import Mode
from linter.model.releases import CPU_PARTITIONING_API
from linter.sources.fields import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.plan.change import ClusterChange


@rule("WPL850", severity=ERROR)
def enablement_switched(change: ClusterChange) -> Iterator[Draft]:
    """Workload partitioning stays as the cluster was installed."""
    old, new = change.before.partitioning, change.after.partitioning
    if {old.mode, new.mode} != {Mode.ALL_NODES, Mode.OFF}:
        return
    now_on = new.mode is Mode.ALL_NODES
    before = old.signals[0] if now_on else old.enabled_by
    after = new.enabled_by if now_on else new.signals[0]
    if before is None or after is None or not change.releases.has(CPU_PARTITIONING_API):
        return
    if not now_on and not any(isinstance(signal.mode, Value) for signal in new.signals):
        return  # nothing says so any more, which is another finding
    yield finding(
        f"Workload partitioning is switched {'on' if now_on else 'off'} by {after.carrier}, "
        "but a cluster is partitioned when it is installed or not at all.",
        after.ref.label("AllNodes now" if now_on else "no longer AllNodes"),
        before.ref.label("not switched on before" if now_on else "AllNodes before"),
        effect="A running cluster does not read it again; forced into the Infrastructure object, "
        + (
            "nodes without the kubelet's pinning file are refused."
            if now_on
            else "the operator renders profiles without pinning, and pods keep requests that "
            "nothing accounts for."
        ),
        advice="Install the cluster anew with the new mode, or take the change back.",
    )
