"""A workload type that nothing in OpenShift uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import WARNING, Draft, finding, rule
from linter.facts.crio import ANNOTATIONS, MANAGEMENT, WORKLOADS
from linter.sources.fields import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.crio import CrioWorkload
    from linter.model.contents import ConfigContents

_TABLE = f"[crio.runtime.workloads.{MANAGEMENT}]"
_KEY = f'"{MANAGEMENT}": {{"cpuset": …}}'


@rule("WPL325", severity=WARNING)
def workload_type_unknown(contents: ConfigContents) -> Iterator[Draft]:
    """The only workload type that OpenShift partitions is called management."""
    named = [
        (workload.name, workload.ref, _effect(workload), _TABLE)
        for drop_in in contents.drop_ins
        if drop_in.is_partitioning
        for workload in drop_in.workloads.values()
    ]
    if contents.pinning is not None:
        unread = "The kubelet does not read the list, but whoever does is misled."
        named += [(name, ref, unread, _KEY) for name, ref in contents.pinning.workloads.items()]
    for name, ref, effect, text in named:
        if name not in WORKLOADS and not is_template(name):
            yield finding(
                f"The workload type '{name}' is not one that OpenShift uses; "
                f"management pods are of type '{MANAGEMENT}'.",
                ref.label("unknown type"),
                effect=effect,
                advice=f"Call it {MANAGEMENT} ({text}), or remove it.",
            )


def _effect(workload: CrioWorkload) -> str:
    activation = workload.activation_annotation
    if activation is not None and activation[0] == ANNOTATIONS["activation_annotation"]:
        return (
            f"The operator's table is called {MANAGEMENT} and does not replace this one: "
            "with both it is not defined which of them pins a pod."
        )
    return "No pod asks for this type, so nothing is pinned by it."
