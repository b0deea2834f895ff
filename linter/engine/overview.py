"""Overview of a repository: one standing for each pool of each cluster. Nothing here prints."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from linter.engine.findings import Severity
from linter.engine.rulebook import Rulebook
from linter.engine.runner import check_cluster
from linter.engine.scoping import alternatives
from linter.engine.sharing import held_by_all, settled
from linter.model.cluster import build_cluster, target_releases
from linter.model.node import Readers
from linter.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from linter.engine.findings import Finding
    from linter.engine.rules import Rule
    from linter.facts.scope import Facts
    from linter.model.cluster import Cluster
    from linter.model.node import NodeConfig
    from linter.model.releases import Release
    from linter.sources.scopes import Scope
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Standing:
    """A pool of a cluster: what configures it, and what is found about it.

    Attributes:
        cluster: The name of the cluster, or of a policy that is meant for none.
        path: The file or directory that describes it.
        bound: Whether there is such a cluster; False for a policy that stands alone.
        pool: The name of the pool.
        profile: The name of the profile that configures it; None where it has none.
        reserved: The CPUs that it reserves, as they are written.
        isolated: The CPUs that it isolates, as they are written.
        places: Where these are written.
        found: How many findings there are of each severity, those of the whole cluster included.

    """

    cluster: str
    path: str
    bound: bool
    pool: str
    profile: str | None
    reserved: str | None
    isolated: str | None
    places: tuple[Ref, ...] = ()
    found: Mapping[Severity, int] = field(default_factory=dict)

    @property
    def worst(self) -> Severity | None:
        """The highest severity of what is found."""
        return max((severity for severity, count in self.found.items() if count), default=None)

    def order(self) -> tuple[object, ...]:
        """Return a key that sorts the worst first, then by name."""
        counts = (-self.found.get(severity, 0) for severity in reversed(Severity))
        return (*counts, self.cluster, self.path, self.pool)


def overview(
    scopes: Iterable[tuple[Scope, Facts]], rules: Sequence[Rule], release: Release | None
) -> list[Standing]:
    """Judge every cluster and return its pools, the worst first.

    Args:
        scopes: The clusters, as they were read.
        rules: The rules to run.
        release: The target release where it is known.

    """
    rulebook = Rulebook([rule for rule in rules if not rule.about_change])
    standings: list[Standing] = []
    for scope, variants in alternatives(scopes):
        judged: list[list[Finding]] = []
        first: Cluster | None = None
        for facts in variants:
            if not facts.relevant:
                continue
            build = partial(
                build_cluster,
                scope.name,
                scope.path,
                facts,
                installer=scope.installer,
                readers=Readers(),
            )
            found, cluster, _, _ = check_cluster(build, target_releases(facts, release), rulebook)
            judged.append(settled(found, facts))
            first = first or cluster
        if first is not None and _is_cluster(first, judged):
            standings += _standings(first, held_by_all(judged))
    return sorted(standings, key=Standing.order)


def _is_cluster(cluster: Cluster, judged: Sequence[Sequence[Finding]]) -> bool:
    """Say whether manifests describe a cluster, or say something worth a line."""
    facts = cluster.facts
    return bool(
        facts.profiles or facts.described_at is not None or facts.installations or any(judged)
    )


def _standings(cluster: Cluster, findings: Sequence[Finding]) -> Iterator[Standing]:
    """Yield the pools of a cluster that have a profile or findings of their own; at least one."""
    told = {item.pool for item in findings}
    nodes = [n for n in cluster.nodes if n.profiles or n.pool.name in told] or cluster.nodes[:1]
    for node in nodes:
        mine = (item.severity for item in findings if item.pool in {"", node.pool.name})
        yield _standing(cluster, node, Counter(mine))


def _standing(cluster: Cluster, node: NodeConfig, found: Mapping[Severity, int]) -> Standing:
    profile = node.profile
    stated = [] if profile is None else [profile.reserved, profile.isolated]
    reserved, isolated = (s.text if s is not None else None for s in stated or (None, None))
    return Standing(
        cluster.name,
        cluster.path,
        not cluster.facts.bound or cluster.facts.described_at is not None,
        node.pool.name,
        profile.name if profile is not None else None,
        reserved,
        isolated,
        tuple(statement.ref for statement in stated if statement is not None),
        found,
    )
