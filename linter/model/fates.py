"""What can become of a pool's nodes, in the words of a report."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from linter.sources.text import Ref


class Fate(Enum):
    """What becomes of a pool's nodes, the worst first."""

    BOOTSTRAP_ABORTS = "bootstrap aborts"
    CRIO_FAILS = "CRI-O will not start"
    KUBELET_FAILS = "kubelet will not start"
    REJECTED = "nodes rejected"
    NOT_MUTATED = "pods not mutated"
    FLOATING = "partitioned, floating"
    CONTESTED = "depends on creation order"
    PINNED = "partitioned, pinned"
    PLAIN = "not partitioned"
    UNKNOWN = "unknown"
    NO_NODES = "no nodes"

    @property
    def rank(self) -> int:
        """Its place among the fates: 0 is the worst."""
        return list(Fate).index(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate, why in one sentence, and the places that decide it."""

    fate: Fate
    why: str
    places: tuple[Ref, ...] = ()
