"""The meeting of clusters and policies, by labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.gitops.policy_index import PolicyIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from linter.gitops.kustomizations import Liveness
    from linter.gitops.managed_cluster import Labelling, ManagedCluster
    from linter.gitops.policy import Policy
    from linter.gitops.resolution import Piece, Resolver


class Meeting:
    """Decides which policies a cluster meets.

    Only live policies count, and samples meet only what is a sample of the same directory.
    """

    def __init__(
        self, policies: Sequence[Policy], liveness: Liveness, sample_of: Callable[[str], str]
    ) -> None:
        self._sample_of = sample_of
        self._live = [p for p in policies if liveness.is_live(p.document.path)]
        self._samples = {p.document.path: sample_of(p.document.path) for p in policies}
        self._index = PolicyIndex(self._live)
        self.bound: set[int] = set()
        """The ids of the policies that some cluster has met so far, or may have."""

    def met(self, path: str, labels: Labelling) -> Iterator[tuple[Policy, bool | None]]:
        """Yield the policies that a cluster meets; None tells that it may meet one, or may not.

        Args:
            path: The file that describes the cluster.
            labels: Its labels.

        """
        sample = self._sample_of(path)
        for policy in self._index.candidates(labels.values, labels.unknown):
            if sample != self._samples[policy.document.path]:
                continue
            answer = policy.binding.holds(labels.values, labels.unknown)
            if answer is not False:
                self.bound.add(id(policy))
                yield policy, answer

    def pieces(self, cluster: ManagedCluster, resolver: Resolver) -> tuple[list[Piece], bool]:
        """Return the objects that policies put on a cluster, and whether these are all."""
        pieces: list[Piece] = []
        whole = cluster.complete
        for policy, answer in self.met(cluster.place.path, cluster.labelling):
            if answer is None or not cluster.complete:
                whole = False
                continue
            read = [
                resolver.piece(policy, origin, cluster.name, cluster.labels)
                for origin in policy.objects
            ]
            whole &= policy.whole and None not in read
            pieces.extend(piece for piece in read if piece is not None)
        return pieces, whole

    def is_sample(self, cluster: ManagedCluster) -> bool:
        """Say whether a cluster only shows how one is described."""
        return bool(self._sample_of(cluster.place.path))

    def unbound(self) -> list[Policy]:
        """Return the live policies that no cluster has met so far, nor may have."""
        return [policy for policy in self._live if id(policy) not in self.bound]
