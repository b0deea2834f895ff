"""A repository as a whole: its clusters, its policies, and what is odd about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linter.facts.scope import Facts
from linter.gitops.build_scopes import BuildScopes
from linter.gitops.builds import Builds
from linter.gitops.bystander import Bystander
from linter.gitops.config_maps import ConfigMaps
from linter.gitops.extra_manifests import ExtraManifests, of_config_map
from linter.gitops.governance import Governance
from linter.gitops.inventory import Inventory
from linter.gitops.join import Join, add_facts, objects_left, scope_of, stand_alone
from linter.gitops.managed_cluster import in_order, read_clusters
from linter.gitops.node_pools import NodePools, is_for_node_pools
from linter.gitops.remarks import policy_remarks
from linter.gitops.resolution import Resolver
from linter.gitops.source_crs import Material
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Repository
    from linter.gitops.recognised import Stated
    from linter.sources.yaml_tree import Node


class Traces(NamedTuple):
    """What joining clusters leaves behind, for what is yielded once all of them were joined.

    Objects are named by their ids, which a process shares with those that it forks.

    Attributes:
        seen: The objects of policies that some live cluster got.
        met: The policies that some cluster met.
        used: The files that some cluster is installed with.
        used_maps: The ConfigMaps that some cluster is installed with.

    """

    seen: set[int]
    met: set[int]
    used: set[str]
    used_maps: set[int]

    def since(self, before: Traces) -> Traces:
        """Return what there was not before."""
        return Traces(
            self.seen - before.seen,
            self.met - before.met,
            self.used - before.used,
            self.used_maps - before.used_maps,
        )


class GitOps:
    """The scopes of a GitOps repository.

    Attributes:
        governance: What governs its clusters.
        left_alone: The ids of the policies with objects that none of the clusters read gets, once
            all scopes were yielded.
        liveness: Which of its files are live.
        source_crs: Its source CRs.
        whole: Whether its kustomizations take nothing that is remote or unknown.
        has_builds: Whether some of its kustomizations hold plain manifests.
        not_understood: The files with objects that nobody reads, and why.

    """

    def __init__(
        self,
        repository: Repository,
        name: str,
        governance: Governance | None = None,
        bystanders: Iterable[Bystander] = (),
    ) -> None:
        governance = governance if governance is not None else Governance(repository)
        policies = governance.policies
        self.governance = governance
        self.liveness = governance.liveness
        self.source_crs = governance.source_crs
        clusters = read_clusters(repository)
        self._repository = repository
        self._name = name
        self._any_clusters = bool(clusters)
        self._clusters = in_order([*clusters, *bystanders])
        self._extra = ExtraManifests(repository, clusters)
        self._resolver = Resolver(ConfigMaps(repository, self.liveness))
        self._join = Join(governance, self._resolver, self._extra, Inventory(repository))
        self.left_alone: set[int] = set()
        self.not_understood = [
            (policy.document.manifest.ref.file.name, "object-templates-raw, not read")
            for policy in policies
            if policy.raw
        ]
        self.not_understood += [
            (document.place.shown, f"a patched {document.shape[1]}, not read")
            for document in governance.left_out
        ]
        statements = (cluster.statement for cluster in clusters)
        self._taken = {id(statement.root) for statement in statements if statement is not None}
        self._builds = BuildScopes(Builds(repository), self.is_taken)
        self.not_understood += [
            (name, "patched in a way that is not worked out")
            for name in self._builds.not_understood
        ]
        self.whole = self._builds.whole
        self.has_builds = bool(self._builds.scopes)

    def scopes(self) -> Iterator[tuple[Scope, Stated]]:
        """Yield its clusters, each with all that its facts may be, and what meets none of them.

        They are put together one after the other, so that none need be held.
        """
        yield from self.joined(0, self.count)
        yield from self.rest()

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self._clusters)

    def joined(self, start: int, end: int) -> Iterator[tuple[Scope, Stated]]:
        """Yield some of its clusters, by their numbers, each with all that its facts may be."""
        return self._join.scopes(self._clusters[start:end])

    def place(self, number: int) -> tuple[Scope, str]:
        """Return a cluster that is joined, and what opens the file that describes it."""
        cluster = self._clusters[number]
        if isinstance(cluster, Bystander):
            return cluster.scope, cluster.opened
        return scope_of(cluster), cluster.place.opened

    def rest(self) -> Iterator[tuple[Scope, Stated]]:
        """Yield what meets none of its clusters, once all of these were joined."""
        policies = self.governance.policies
        left = objects_left(policies, self._join.seen)
        self.left_alone = {id(policy) for policy, _ in left}
        for policy, origins in left:
            scope, facts = stand_alone(policy, origins, self._resolver, self.liveness)
            yield scope, [facts]
        for scope, facts in self._beside():
            yield scope, [facts]

    def traces(self) -> Traces:
        """Return what joining clusters has left behind so far."""
        extra = self._extra
        met = self.governance.meeting.bound
        return Traces(set(self._join.seen), set(met), set(extra.used), set(extra.used_maps))

    def follow(self, traces: Traces) -> None:
        """Take in what joining clusters has left behind in another process of the same kind."""
        self._join.seen |= traces.seen
        self.governance.meeting.bound |= traces.met
        self._extra.used |= traces.used
        self._extra.used_maps |= traces.used_maps

    def _beside(self) -> Iterator[tuple[Scope, Facts]]:
        """Yield what has no part in the join, and what is odd about policies."""
        yield from self._builds.scopes
        yield from self._config_maps(self._repository)
        yield from NodePools(self._repository).scopes
        remarks = policy_remarks(
            self._repository,
            self.liveness,
            self.governance.policies,
            self.governance.meeting.unbound(),
            clusters=self._any_clusters,
        )
        facts = Facts(bound=True, pools_open=True, profiles_open=True, remarks=list(remarks))
        if facts.remarks:
            yield Scope(self._name, self._name, (), installer=False), facts

    def is_taken(self, root: Node) -> bool:
        """Say whether a document describes one of the clusters."""
        return id(root) in self._taken

    @property
    def used(self) -> set[str]:
        """The files that policies and clusters take something from, as far as they were asked."""
        return self._extra.used | self.source_crs.used

    def material(self) -> Material:
        """Return which files are read through what uses them."""
        return Material(self.used | self._builds.used)

    def _config_maps(self, repository: Repository) -> Iterator[tuple[Scope, Facts]]:
        """Yield the ConfigMaps with manifests that no cluster here is installed with."""
        for document in repository.of("", "ConfigMap"):
            if id(document) in self._extra.used_maps or is_for_node_pools(document):
                continue
            found = of_config_map(document)
            if found.manifests:
                facts = Facts(bound=True, pools_open=True, profiles_open=True)
                add_facts(facts, found)
                facts.dormant = not self.liveness.is_live(document.path)
                name, path = document.manifest.name, document.manifest.ref.file.name
                yield Scope(name, path, (), installer=False), facts
