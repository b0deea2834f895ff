"""A key that CRI-O does not know where ``cpuset`` should stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, Replacement, finding, rule
from linter.formats.cpuset import CpuListError, parse_cpuset
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.crio import CrioWorkload
    from linter.model.contents import ConfigContents

_MEANT = {"cpus", "cpu", "cpu_set", "cpu-set", "cpusets"}


@rule("WPL318", severity=ERROR)
def crio_wrong_key(contents: ConfigContents) -> Iterator[Draft]:
    """A CRI-O workload for partitioning names its CPUs under the key cpuset of its resources."""
    for drop_in in contents.drop_ins:
        for workload in drop_in.workloads.values():
            if workload.cpuset is not None or not workload.is_partitioning:
                continue
            wrong = [key for key in workload.resources if key.lower() in _MEANT]
            outside = [key for key in workload.keys if key.lower() in _MEANT | {"cpuset"}]
            places = [(key, "resources", workload.resources[key]) for key in wrong]
            places += [(key, f"workload {workload.name}", workload.keys[key]) for key in outside]
            for key, where, ref in places:
                yield finding(
                    f"CRI-O's workload {workload.name} names its CPUs under '{key}' of {where}, "
                    "which CRI-O does not know.",
                    ref.label("unknown key"),
                    workload.ref.label("in this workload"),
                    effect="CRI-O ignores the key, so the workload's pods are pinned nowhere.",
                    advice="Name the CPUs under the key cpuset of resources.",
                    fix=_renamed(workload, key) if wrong == [key] and not outside else None,
                )


def _renamed(workload: CrioWorkload, key: str) -> Fix | None:
    """Return the fix, unless CRI-O would then refuse the list: it does not start with such a one.

    White space in it, as old documentation had it, is taken out.
    """
    text, value = workload.texts.get(key, ("", None))
    clean = "".join(text.split())
    try:
        parse_cpuset(clean)
    except CpuListError:
        return None
    if value is None:
        return None
    ref = workload.resources[key]
    between = Ref(ref.source, ref.end, value.start).text
    entry = Ref(ref.source, ref.start, value.end)
    return Fix("call the key cpuset", (Replacement(entry, f'"cpuset"{between}{clean}'),))
