"""Bystanders: clusters that a change cannot concern, so that a plan need not look at them.

Two states of a repository have most files in common. A cluster states the same in both where its
own files are the same, its labels are, and so is everything that may reach it by them. What differs
is worked out from the files that differ and from what governs clusters
(:mod:`linter.engine.contrast`); of all other clusters nothing is read but their cards
(:mod:`linter.engine.cards`). Where it is not certain that one stands apart, it is looked at.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from linter.engine.contrast import Contrast, Rule, folders_of
from linter.engine.survey import joins, marked, marks_of
from linter.engine.together import Together
from linter.engine.verdict import Verdict
from linter.gitops.managed_cluster import read_clusters
from linter.gitops.policy import kind_by_name
from linter.gitops.sketches import joint_labels
from linter.gitops.source_crs import FOLDERS
from linter.records import dataclass, field
from linter.sources.candidates import KUSTOMIZATIONS, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from linter.engine.cards import Cards
    from linter.engine.scoping import Ground
    from linter.engine.side import Side
    from linter.engine.survey import Marks, Survey
    from linter.gitops.sketches import Sketch
    from linter.sources.candidates import Candidate
    from linter.sources.scopes import Scope


@dataclass(frozen=True, slots=True)
class Bystanders:
    """What a change cannot concern.

    Attributes:
        settled: The installer directories, by the places of their files, with how many objects in
            each of them matter.
        aside: The places of files that describe clusters.
        clusters: How many clusters these are.

    """

    settled: dict[tuple[str, ...], int] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    clusters: int = 0


class Selection:
    """Finds the bystanders of a change.

    Args:
        sides: Both states.
        grounds: What stands in them.
        cards: What is known of single files.

    Attributes:
        grounds: The same, ready to be read without the bystanders once these are found.

    """

    def __init__(
        self, sides: tuple[Side, Side], grounds: tuple[Ground, Ground], cards: Cards
    ) -> None:
        self._sides = sides
        self.grounds = grounds
        self._cards = cards
        old, new = sides
        self._same = {place for place, oid in new.ids.items() if old.ids.get(place) == oid}
        self._differing = (old.files.keys() | new.files.keys()) - self._same
        self._marks: dict[str, Marks | Skipped] = {}

    def found(self) -> Bystanders:
        """Return the bystanders, and make the grounds ready for all others to be read."""
        settled = self._settled()
        alone = self._alone()
        rules = self._rules(settled, alone)
        if not alone or rules is None:
            return Bystanders(settled)
        aside = frozenset(alone)
        touched = self._patched(rules)
        alone = {place: said for place, said in alone.items() if not touched(place)}
        if len(alone) < len(aside):  # who governs these may be another question with them
            rules = self._rules(settled, alone)
            if not alone or rules is None:
                return Bystanders(settled)
        named = {cluster.name for one in rules for cluster in read_clusters(one.repository)}
        kept = _Keeping(alone, named, Contrast(*rules, self._differing)).kept()
        for side, ground in self._newest_first():
            ground.admit(side.files[place] for place in kept)
        left = alone.keys() - kept
        names = {sketch.name for place in left for sketch in alone[place]}
        return Bystanders(settled, frozenset(left), len(names))

    def _rules(
        self, settled: dict[tuple[str, ...], int], alone: dict[str, Sequence[Sketch]]
    ) -> tuple[Rule, Rule] | None:
        """Return what governs clusters on both sides; None where nothing is to be governed."""
        self.grounds = (self.grounds[0].again(), self.grounds[1].again())
        rules: list[Rule] = []
        for side, ground in self._newest_first():
            verdicts = {
                scope.path: Verdict(manifests=settled[key])
                for scope in ground.scopes
                if scope.installer and (key := self._key(side, scope)) in settled
            }
            ground.take(self._marked(side, ground, alone), partial(dict, verdicts))
            if alone:
                rules.append(Rule(side, *ground.govern()))
        return (rules[1], rules[0]) if rules else None

    def _newest_first(self) -> list[tuple[Side, Ground]]:
        """Return both sides; what both have is named as it is now, so the new one comes first."""
        return list(zip(self._sides, self.grounds, strict=True))[::-1]

    def _patched(self, rules: tuple[Rule, Rule]) -> Callable[[str], bool]:
        """Return what says of a file whether it may be patched on its way, or be a patch."""
        names = {os.path.basename(p) for one in rules for p in one.repository.patch_files()}
        patched = {one.side.inside(path) for one in rules for path in one.governance.patched}
        return lambda place: place in patched or os.path.basename(place) in names

    def _marked(self, side: Side, ground: Ground, aside: Iterable[str]) -> Survey:
        return marked(
            ground.candidates,
            lambda candidate: self._marks_of(side, candidate),
            {side.files[place].path for place in aside},
        )

    def _marks_of(self, side: Side, candidate: Candidate) -> Marks | Skipped:
        place = side.place(candidate.path)
        if place in self._same:
            known = self._marks.get(place)
            if known is None:
                oid = side.ids[place]
                known = self._marks[place] = self._cards.marks(oid, candidate, side.source.read)
            return known
        data = side.source.read(candidate)
        return data if isinstance(data, Skipped) else marks_of(data)

    # -- installer directories --------------------------------------------------------------------

    def _settled(self) -> dict[tuple[str, ...], int]:
        """Return the installer directories that are the same in both states."""
        names = [
            {self._key(side, s): s.name for s in ground.scopes if s.installer}
            for side, ground in zip(self._sides, self.grounds, strict=True)
        ]
        found: dict[tuple[str, ...], int] = {}
        for scope in self.grounds[1].scopes:
            key = self._key(self._sides[1], scope) if scope.installer else ()
            if key and names[0].get(key) == scope.name and self._same.issuperset(key):
                manifests = self._manifests(scope)
                if manifests is not None:
                    found[key] = manifests
        return found

    def _key(self, side: Side, scope: Scope) -> tuple[str, ...]:
        return tuple(side.place(candidate.path) for candidate in scope.candidates)

    def _manifests(self, scope: Scope) -> int | None:
        """Return how many objects in a directory matter; None where others have a part in it."""
        side, number = self._sides[1], 0
        for candidate in scope.candidates:
            marks = self._marks_of(side, candidate)
            if isinstance(marks, Skipped) or (marks.matters and joins(candidate, marks)):
                return None
            if marks.matters:
                card = self._cards.card(
                    side.ids[side.place(candidate.path)], candidate, side.source.read
                )
                if card.manifests is None:
                    return None
                number += card.manifests
        return number

    # -- files of clusters ------------------------------------------------------------------------

    def _alone(self) -> dict[str, Sequence[Sketch]]:
        """Return the files, the same in both states, that describe clusters and nothing else."""
        side = self._sides[1]
        explicit = {path for path, _ in side.source.found.clusters}
        found: dict[str, Sequence[Sketch]] = {}
        read = side.source.read
        folders: dict[str, bool] = {}
        for place, candidate in side.files.items():
            if place not in self._same or candidate.path in explicit:
                continue
            marks = self._marks_of(side, candidate)
            if isinstance(marks, Skipped) or not marks.joins:
                continue
            folder, _, name = place.rpartition(os.sep)
            if folder not in folders:
                folders[folder] = FOLDERS.isdisjoint(folder.split(os.sep))
            if not folders[folder] or name in KUSTOMIZATIONS or kind_by_name(name) is not None:
                continue  # it may be read for what it is called or where it stands
            clusters = self._cards.card(side.ids[place], candidate, read).clusters
            if clusters:
                found[place] = clusters
        return found


class _Keeping:
    """Decides which files of clusters are to be read after all.

    Args:
        alone: The files, each with its clusters.
        named: The names of the clusters that are described elsewhere as well.
        contrast: What differs.

    """

    def __init__(
        self, alone: dict[str, Sequence[Sketch]], named: Iterable[str], contrast: Contrast
    ) -> None:
        self._alone = alone
        self._contrast = contrast
        self._together = Together(alone)
        self._met: set[Hashable] = set()
        for name in named:
            self._keep(name)

    def kept(self) -> set[str]:
        """Return the places of the files.

        Of the clusters that share what only they use, one is read at least, so that it is used; and
        one of all, so that there are some.
        """
        for name, several in self._together.by_name.items():
            if self._concerns(several):
                self._keep(name)
        for place, sketches in self._alone.items():
            used = {use for one in sketches if one.uses for use in self._uses(one, place)}
            if not used <= self._met:
                self._keep(sketches[0].name)
        if not self._together.kept:
            self._keep(next(iter(self._together.by_name)))
        return self._together.kept

    def _concerns(self, several: list[tuple[str, Sketch]]) -> bool:
        """Say whether a change may concern a cluster, given all its objects."""
        labels = joint_labels([sketch for _, sketch in several])
        return labels is None or any(
            self._contrast.concerns(one, labels, place) for place, one in several
        )

    def _keep(self, name: str) -> None:
        for place in self._together.keep(name):
            for sketch in self._alone[place]:
                self._met.update(self._uses(sketch, place))

    def _uses(self, sketch: Sketch, place: str) -> Iterator[Hashable]:
        """Yield what a cluster uses that is not looked at where nobody uses it."""
        yield from folders_of(sketch, place)
        for name in sketch.config_maps:
            if (sketch.namespace, name) in self._contrast.made_of_files:
                yield sketch.namespace, name
