"""The join: every cluster with the objects that policies put on it."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from linter.facts.policies import Carrier
from linter.facts.scope import Facts
from linter.gitops.bystander import Bystander
from linter.gitops.documents import nearest
from linter.gitops.ownership import owned_twice, owners
from linter.gitops.recognised import Recognised
from linter.records import replace
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.gitops.documents import Document
    from linter.gitops.extra_manifests import ExtraManifests
    from linter.gitops.governance import Governance
    from linter.gitops.inventory import Inventory
    from linter.gitops.kustomizations import Liveness
    from linter.gitops.managed_cluster import ManagedCluster
    from linter.gitops.policy import Policy, PolicyObject
    from linter.gitops.recognised import Stated
    from linter.gitops.resolution import Piece, Resolver

_MOST_VARIANTS = 4


class Join:
    """Puts the objects of policies on the clusters that they are meant for.

    Attributes:
        seen: The ids of the objects that some live cluster got so far.

    """

    def __init__(
        self,
        governance: Governance,
        resolver: Resolver,
        extra: ExtraManifests,
        inventory: Inventory,
    ) -> None:
        self._meeting = governance.meeting
        self._liveness = governance.liveness
        self._resolver = resolver
        self._extra = extra
        self._inventory = inventory
        self.seen: set[int] = set()

    def scopes(
        self, clusters: Iterable[ManagedCluster | Bystander]
    ) -> Iterator[tuple[Scope, Stated]]:
        """Yield clusters with their facts, one after the other.

        Where it is not clear which of several policies a cluster gets, these are all that its facts
        may be: only what holds for each of them is so. Of a bystander there are none.
        """
        for cluster in clusters:
            if isinstance(cluster, Bystander):
                self._extra.use(cluster.path, cluster.sketch)
                yield cluster.scope, [Facts()]
                continue
            met = self._met(cluster)
            stated: Stated
            if cluster.template is None or any(facts.unlike for facts in met):
                stated = self._completed(cluster, met)
                if not stated:  # its file has changed, which is told
                    continue
            else:
                own = (cluster.template, cluster.number, self._extra.takes_cpusets(cluster))
                facts = partial(self._completed, cluster, met)
                stated = Recognised(cluster.place.opened, met, own, facts)
            yield scope_of(cluster), stated

    def _met(self, cluster: ManagedCluster) -> list[Facts]:
        """Return all that the facts of a cluster may be, without what its own file states."""
        pieces, whole = self._meeting.pieces(cluster, self._resolver)
        dormant = not self._liveness.is_live(cluster.place.path)
        installed, own = self._extra.of_cluster(cluster)
        variants = _variants(pieces, cluster.place.folder)
        if not dormant:
            self.seen.update(id(piece.origin) for piece in _in_all(variants))
        in_use = not dormant and not self._meeting.is_sample(cluster)
        remarks = list(owned_twice(pieces, in_use=in_use))
        met: list[Facts] = []
        for variant in variants:
            facts = collected(variant)
            facts.unlike = own
            for one in installed:
                add_facts(facts, one)
            facts.machines.extend(self._inventory.of(cluster))
            facts.profiles_open = not whole or len(variant) < len(pieces)
            facts.dormant = dormant
            facts.remarks.extend(remarks)
            met.append(facts)
        return met

    def _completed(self, cluster: ManagedCluster, met: Iterable[Facts]) -> list[Facts]:
        """Add to the facts of a cluster what its file states; return none where that has changed.

        Args:
            cluster: The cluster.
            met: All that they may be without that.

        """
        statement = cluster.stated()
        if statement is None:
            return []
        unlike = any(one.manifest is not None for one in statement.installations)
        cpusets = self._extra.cpusets_of(cluster, statement)
        described_at = statement.root.ref
        return [
            replace(
                facts,
                installations=list(statement.installations),
                node_cpusets=cpusets,
                described_at=described_at,
                carriers=[*facts.carriers, Carrier(described_at, statement.identity)],
                unlike=facts.unlike or unlike,
            )
            for facts in met
        ]


def scope_of(cluster: ManagedCluster) -> Scope:
    """Return a cluster as people are told of it."""
    return Scope(cluster.name, cluster.place.shown, (), installer=False)


def objects_left(
    policies: Iterable[Policy], seen: set[int]
) -> list[tuple[Policy, tuple[PolicyObject, ...]]]:
    """Return the policies with objects that no cluster gets, each with these."""
    left = (
        (policy, tuple(origin for origin in policy.objects if id(origin) not in seen))
        for policy in policies
    )
    return [(policy, origins) for policy, origins in left if origins]


def collected(pieces: Iterable[Piece]) -> Facts:
    """Return the facts of some objects together."""
    facts = Facts(bound=True, pools_open=True)
    for piece in pieces:
        add_facts(facts, piece.facts)
    return facts


def add_facts(facts: Facts, one: Facts) -> None:
    """Add the facts of some objects to those of a cluster."""
    facts.profiles.extend(one.profiles)
    facts.pools.extend(one.pools)
    facts.machine_configs.extend(one.machine_configs)
    facts.kubelet_configs.extend(one.kubelet_configs)
    facts.tuneds.extend(one.tuneds)
    facts.manifests.extend(one.manifests)
    facts.passages.extend(one.passages)
    facts.missing_keys.extend(one.missing_keys)
    facts.carriers.extend(one.carriers)


def stand_alone(
    policy: Policy, origins: Iterable[PolicyObject], resolver: Resolver, liveness: Liveness
) -> tuple[Scope, Facts]:
    """Return objects that no cluster gets, with the labels that their policy's binding asks for."""
    labels = policy.binding.stated_labels()
    read = [resolver.piece(policy, origin, None, labels) for origin in origins]
    facts = collected(piece for piece in read if piece is not None)
    facts.profiles_open = True
    facts.dormant = not liveness.is_live(policy.document.path)
    name = policy.name or os.path.basename(policy.document.path)
    return Scope(name, _shown(policy.document), (), installer=False), facts


def _shown(document: Document) -> str:
    """Return the name of a file as people are shown it."""
    return document.manifest.ref.file.name


def _variants(pieces: list[Piece], folder: str) -> list[list[Piece]]:
    """Return the sets of objects that a cluster may get.

    Two policies that hold one object are two ways to configure a cluster, of which the repository
    shows both: the nearer one is meant, and of two equally near ones it may be either. Where one
    directory holds an object twice, it is not clear what becomes of it, so it is left out.
    """
    pieces = _without_farther(pieces, folder)
    contested = _contested(pieces)
    if not contested:
        return [pieces]
    folders = sorted({piece.policy.document.folder for piece in pieces if id(piece) in contested})
    if len(folders) > _MOST_VARIANTS:
        return [[piece for piece in pieces if id(piece) not in contested]]
    variants: list[list[Piece]] = []
    for chosen in folders:
        kept = [
            piece
            for piece in pieces
            if id(piece) not in contested or piece.policy.document.folder == chosen
        ]
        twice = _contested(kept, by_nodes=False)
        variants.append([piece for piece in kept if id(piece) not in twice])
    return variants


def _in_all(variants: list[list[Piece]]) -> list[Piece]:
    """Return the objects that a cluster gets in any case; others are checked by themselves too."""
    rest = [{id(piece) for piece in variant} for variant in variants[1:]]
    return [piece for piece in variants[0] if all(id(piece) in ids for ids in rest)]


def _contested(pieces: list[Piece], *, by_nodes: bool = True) -> set[int]:
    return {id(piece) for listed in owners(pieces, by_nodes=by_nodes) for piece in listed}


def _without_farther(pieces: list[Piece], folder: str) -> list[Piece]:
    """Leave out objects of which one is nearer to the cluster."""
    farther: set[int] = set()
    for listed in owners(pieces):
        near = nearest((piece.policy.document.folder for piece in listed), folder)
        farther.update(id(p) for p in listed if p.policy.document.folder not in near)
    return [piece for piece in pieces if id(piece) not in farther]
