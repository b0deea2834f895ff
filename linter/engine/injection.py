"""The facts that a rule can ask for, by the name of its parameter.

Each fact belongs to a kind of subject. A rule is called once for each subject of the kind its
parameters belong to, and not at all for a subject of which a fact is absent or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from linter.facts.described import misfits
from linter.records import dataclass

Get = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that rules are about, and how to list those of a cluster, or of a review.

    ``of_run`` says that it is a review of the whole run that has them.
    """

    name: str
    of: Callable[[Any], Iterable[Any]]
    of_run: bool = False


CLUSTER = Subject("cluster", lambda cluster: (cluster,))
POOL = Subject("pool", lambda cluster: cluster.nodes)
PROFILE = Subject("profile", lambda cluster: cluster.matches)
CONFIG = Subject("MachineConfig", lambda cluster: cluster.contents)
KUBELET = Subject("KubeletConfig", lambda cluster: cluster.facts.kubelet_configs)
TUNED = Subject("Tuned", lambda cluster: cluster.facts.tuneds)
STATEMENT = Subject("CPU statement", lambda cluster: cluster.statements)
SIGNAL = Subject("enablement signal", lambda cluster: cluster.partitioning.signals)
DECLARED_POOL = Subject("MachineConfigPool", lambda cluster: cluster.facts.pools)
PROBLEM = Subject("unreadable text", lambda cluster: cluster.facts.unreadable)
INSTALLATION = Subject("installation", lambda cluster: cluster.facts.installations)
NODE_CPUSET = Subject("node of a SiteConfig", lambda cluster: cluster.facts.node_cpusets)
MISSING_KEY = Subject("missing key of a ConfigMap", lambda cluster: cluster.facts.missing_keys)
POLICY = Subject("policy", lambda cluster: cluster.facts.remarks)
MISFIT = Subject("value against its schema", lambda cluster: misfits(cluster.facts))
DUPLICATE = Subject("duplicate key", lambda cluster: cluster.facts.duplicate_keys)
POOL_CHANGE = Subject("pool in two states", lambda change: change.pools)
PROFILE_CHANGE = Subject("profile in two states", lambda change: change.profiles)

# What became of suppressions and of the baseline is known when all clusters have been judged.
SUPPRESSION = Subject("suppression", lambda review: review.suppressions, of_run=True)
UNKNOWN_RULE = Subject("unknown rule", lambda review: review.unknown, of_run=True)
UNUSED = Subject("unused suppression", lambda review: review.unused, of_run=True)
STALE = Subject("stale entry", lambda review: review.stale, of_run=True)

SUBJECTS: dict[str, tuple[Subject, Get]] = {
    # of the cluster: every rule may ask for these
    "cluster": (CLUSTER, lambda cluster: cluster),
    "releases": (CLUSTER, lambda cluster: cluster.releases),
    "partitioning": (CLUSTER, lambda cluster: cluster.partitioning),
    "size": (CLUSTER, lambda cluster: cluster.size),
    "artefacts": (CLUSTER, lambda cluster: cluster.artefacts or None),
    # of a pool
    "node": (POOL, lambda node: node),
    "pool": (POOL, lambda node: node.pool),
    "reserved": (POOL, lambda node: node.reserved),
    "pool_profile": (POOL, lambda node: node.profile),
    "merged": (POOL, lambda node: node.merged),
    "crio": (POOL, lambda node: node.crio),
    "pinning": (POOL, lambda node: node.pinning),
    "kubelet": (POOL, lambda node: node.kubelet),
    "kernel": (POOL, lambda node: node.kernel),
    "affinity": (POOL, lambda node: node.affinity),
    "topology": (POOL, lambda node: node.topology),
    "tuneds": (POOL, lambda node: node.tuneds or None),
    # of a profile
    "match": (PROFILE, lambda match: match),
    "profile": (PROFILE, lambda match: match.profile),
    "profile_settings": (PROFILE, lambda match: match.profile.settings),
    "snippet": (PROFILE, lambda match: match.profile.snippet),
    # of one object or statement
    "contents": (CONFIG, lambda contents: contents),
    "machine_config": (CONFIG, lambda contents: contents.machine_config),
    "kubelet_config": (KUBELET, lambda config: config),
    "tuned": (TUNED, lambda tuned: tuned),
    "statement": (STATEMENT, lambda statement: statement),
    "signal": (SIGNAL, lambda signal: signal),
    "installation": (INSTALLATION, lambda installation: installation),
    "node_cpuset": (NODE_CPUSET, lambda node_cpuset: node_cpuset),
    "missing_key": (MISSING_KEY, lambda missing_key: missing_key),
    "policy_remark": (POLICY, lambda remark: remark),
    "declared_pool": (DECLARED_POOL, lambda pool: pool),
    "unreadable": (PROBLEM, lambda problem: problem),
    "misfit": (MISFIT, lambda misfit: misfit),
    "duplicate_key": (DUPLICATE, lambda duplicate: duplicate),
    # of a cluster in two states
    "change": (CLUSTER, lambda change: change),
    "pool_change": (POOL_CHANGE, lambda pool_change: pool_change),
    "profile_change": (PROFILE_CHANGE, lambda profile_change: profile_change),
    # of the run
    "suppression": (SUPPRESSION, lambda suppression: suppression),
    "unknown_rule": (UNKNOWN_RULE, lambda unknown: unknown),
    "unused_suppression": (UNUSED, lambda unused: unused),
    "stale_entry": (STALE, lambda stale: stale),
}


@cache
def kind_of(wants: tuple[str, ...]) -> Subject:
    """Return the kind of subject that a rule is about, by the names of its parameters."""
    kinds = {SUBJECTS[name][0] for name in wants} - {CLUSTER}
    return min(kinds, key=lambda subject: subject.name) if kinds else CLUSTER


def subject_kinds(wants: tuple[str, ...]) -> set[str]:
    """Return the names of the kinds of subject that parameters belong to, the cluster left out."""
    return {SUBJECTS[name][0].name for name in wants} - {CLUSTER.name}
