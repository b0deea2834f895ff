"""Plans to be reported: one of everything, without effect, of hostile names, a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import WORKER, custom_pool, infrastructure, machine_config, profile, rules
from plan.planning import state

from linter.engine.findings import Finding, Severity
from linter.engine.outcome import SkippedFile
from linter.engine.planning import plan
from linter.records import replace
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.engine.planning import Plan


def of(old: Mapping[str, str], new: Mapping[str, str]) -> Plan:
    """Return the plan of a change between files that stand nowhere."""
    return plan(state(old, "main", "main:"), state(new, "the work tree"), rules())


VERSION = (
    "apiVersion: config.openshift.io/v1\nkind: ClusterVersion\nmetadata:\n  name: version\n"
    "spec:\n  channel: stable-4.16\n"
)


def _cluster(name: str, topology: str, *texts: str) -> dict[str, str]:
    listed = (infrastructure(topology=topology), VERSION, *texts)
    return {f"{name}/openshift/{number}.yaml": text for number, text in enumerate(listed)}


def everything() -> Plan:
    """Return a plan with pods that move, a pool added, a cluster removed, and a quiet change."""
    worker = profile("0-3", "4-63", name="w", selector=WORKER)
    old = (
        _cluster("east", "SingleReplica", profile("0-1,32-33", "2-31,34-63"))
        | _cluster("north", "HighlyAvailable", profile("0-1", "2-63"), worker)
        | _cluster("south", "SingleReplica", profile("0-1", "2-7"))
        | _cluster("west", "SingleReplica", profile("0-1", "2-7"))
        | _cluster("quiet", "SingleReplica", profile("0-1", "2-7"))
    )
    new = (
        _cluster("east", "SingleReplica", profile("0-3,32-35", "4-31,36-63"))
        | _cluster(
            "north",
            "HighlyAvailable",
            profile("0-1", "2-63"),
            worker,
            custom_pool("cnf", inherits=False),
        )
        | _cluster("west", "SingleReplica", profile("0-1", "2-7"))
        | _cluster(
            "quiet",
            "SingleReplica",
            profile("0-1", "2-7"),
            machine_config("99-x", "infra", {"/a": "a"}),
        )
    )
    return of(old, new)


def nothing() -> Plan:
    """Return a plan without effect."""
    files = _cluster("east", "SingleReplica", profile("0-1", "2-7"))
    return of(files, files)


def empty() -> Plan:
    """Return a plan of no cluster."""
    return of({}, {})


NASTY = (
    "a|b`<img src=x onerror=alert(1)>](https://evil.example)@all #1 !2 ~x $1 "
    "\x1b[31m\u202e##[error]x ::error::"
)


def hostile() -> Plan:
    """Return a plan in which every text is out to do something."""
    made = everything()
    clusters = tuple(replace(one, name=NASTY, path=NASTY) for one in made.clusters)
    file = File(NASTY, "text\n")
    finding = Finding(
        "WPL850", "a-rule", Severity.ERROR, NASTY, (Ref(file, 0, 4).label(NASTY),),
        effect=NASTY, advice=NASTY, cluster=NASTY, pool=NASTY,
    )  # fmt: skip
    summary = replace(made.outcome.summary, skipped=(SkippedFile(NASTY, NASTY),))
    outcome = replace(made.outcome, findings=(finding,), notes=(NASTY,), summary=summary)
    return replace(made, old=NASTY, new=NASTY, clusters=clusters, outcome=outcome)


def large(number: int = 600) -> Plan:
    """Return a plan of so many clusters, with a finding in each."""
    made = everything()
    (east,) = [one for one in made.clusters if one.name == "east"]
    clusters = tuple(replace(east, name=f"site-{index:05d}") for index in range(number))
    file = File("profile.yaml", "text\n")
    findings = tuple(
        Finding("WPL850", "a-rule", Severity.WARNING, f"Cluster {one.name} says it.",
                (Ref(file, 0, 4).label("here"),), cluster=one.name)
        for one in clusters
    )  # fmt: skip
    return replace(made, clusters=clusters, outcome=replace(made.outcome, findings=findings))
