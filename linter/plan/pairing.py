"""Which things of two states of the manifests are the same thing.

They are paired by what they are and never by the file that they stand in, so that moving, renaming
and splitting files is no change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from linter.facts.scope import Facts
    from linter.sources.scopes import Scope

T = TypeVar("T")
Pair = tuple[T | None, T | None]


@dataclass(frozen=True, slots=True)
class Described:
    """A cluster of one state.

    Attributes:
        scope: Its scope.
        variants: Its facts; several where it is not clear which of several policies it gets.
        place: Its directory, relative to the one that is compared.

    """

    scope: Scope
    variants: tuple[Facts, ...]
    place: str

    @property
    def facts(self) -> Facts:
        """Its facts, those of the first variant."""
        return self.variants[0]

    @property
    def kind(self) -> str:
        """What kind of source describes it."""
        if self.scope.installer:
            return "installer"
        kinds = sorted({one.kind for one in self.facts.installations if one.kind})
        return "+".join(kinds) if self.facts.bound else "directory"

    @property
    def stated_name(self) -> str:
        """The name that its manifests give it, empty where none does."""
        names = {
            one.name
            for one in self.facts.installations
            if one.name and one.kind in _NAMING and one.name != "cluster"
        }
        return names.pop() if len(names) == 1 else ""


_NAMING = frozenset({"install-config", "AgentClusterInstall", "SiteConfig", "ClusterInstance"})


def pair_clusters(old: Sequence[Described], new: Sequence[Described]) -> list[Pair[Described]]:
    """Pair clusters: by place and name, by the name they give themselves, by directory name.

    Clusters that are left over on both sides and state the same objects are one cluster that was
    renamed. The rest was added or removed.
    """
    pairs: list[Pair[Described]] = []
    rest_old, rest_new = list(old), list(new)
    keys: tuple[Callable[[Described], Hashable], ...] = (
        lambda one: (one.kind, one.scope.name, one.place),
        lambda one: (one.kind, one.stated_name) if one.stated_name else None,
        lambda one: (one.kind, one.scope.name),
        lambda one: one.stated_name or None,
        lambda one: one.place,
        _contents,
    )
    for key in keys:
        found, rest_old, rest_new = pair_unique(rest_old, rest_new, key)
        pairs.extend(found)
    pairs.extend((one, None) for one in rest_old)
    pairs.extend((None, one) for one in rest_new)
    return pairs


def pair_unique(
    old: Iterable[T], new: Iterable[T], key: Callable[[T], Hashable]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Pair what has the same key and is alone with it on either side.

    Returns:
        The pairs, and what is left over of both sides. A key of None pairs nothing.

    """
    left, right = list(old), list(new)
    one, other = _by_key(left, key), _by_key(right, key)
    pairs: list[tuple[T, T]] = []
    paired: set[int] = set()
    for name, mine in one.items():
        theirs = other.get(name, [])
        if len(mine) == len(theirs) == 1:
            pairs.append((mine[0], theirs[0]))
            paired |= {id(mine[0]), id(theirs[0])}
    return (
        pairs,
        [item for item in left if id(item) not in paired],
        [item for item in right if id(item) not in paired],
    )


def _by_key(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    found: dict[Hashable, list[T]] = {}
    for item in items:
        if (name := key(item)) is not None:
            found.setdefault(name, []).append(item)
    return found


def _contents(one: Described) -> Hashable:
    """Return what a cluster's objects are, in any order; None where it has none."""
    listed = sorted((manifest.identity, manifest.ref.text) for manifest in one.facts.manifests)
    return (one.kind, *listed) if listed else None
