"""Carrying over: a run that judges only what the files that have changed may concern.

What holds on from the run before are the verdicts of installer directories, and those of clusters
whose own files are what they were and that meet the same policies, in files that are what they
were. Everything else (policies by themselves, kustomizations, manifests in other directories) is
read and judged again. A run is not carried over where something has changed that any cluster may
take something from: a ConfigMap, a source CR, a patch.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.alone import standing_alone, verdict_alone
from linter.engine.governed import (
    Acquaintance,
    is_of_policies,
    lists_only,
    live_maps,
)
from linter.engine.kept import PARTS, kept
from linter.engine.loading import load_file
from linter.engine.scoping import Ground, Tally
from linter.engine.survey import Survey, survey
from linter.engine.together import Together
from linter.gitops.bystander import Bystander
from linter.gitops.documents import Repository
from linter.gitops.managed_cluster import read_clusters
from linter.gitops.shelf import Shelf
from linter.gitops.sketches import joint_labels
from linter.gitops.source_crs import FOLDERS
from linter.records import dataclass
from linter.sources.candidates import KUSTOMIZATIONS, Skipped, has_manifest_suffix
from linter.sources.discovery import discover
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from linter.engine.governed import Entry, Governed
    from linter.engine.judging import Judge
    from linter.engine.kept import Kept
    from linter.engine.loading import Loaded, Reader
    from linter.engine.verdict import Judged, Verdict
    from linter.sources.candidates import Candidate
    from linter.sources.listing import Listing
    from linter.sources.worktree import States


@dataclass(frozen=True, slots=True)
class Carried:
    """A run of which most was carried over: the clusters, which files matter, what was read."""

    judged: list[Judged]
    survey: Survey
    ground: Ground

    def kept(self, listing: Listing) -> list[bytes] | None:
        """Return it as it is kept, given the listing of what stands there."""
        return kept(listing, self.judged, self.survey, self.ground)


def carried(
    before: Before, paths: Sequence[str], judge: Judge, read: Reader, states: States
) -> Carried | None:
    """Judge what some changes may concern; None where that cannot be told.

    Args:
        before: The run before, and what has changed since.
        paths: The files and directories that the run is about.
        judge: Judges what is left.
        read: Returns the bytes of a file, or why there are none.
        states: What git says of the directories.

    """
    found = discover(paths, states)
    if found.notes or found.skipped or found.clusters or not before.is_apart():
        return None
    touched = before.touched
    ground = Ground(paths, Tally(), read, found, before.load, streaming=True, files=before.files)
    called = ground.candidates.named({*touched, *before.paths()})
    fresh = survey([called[path] for path in sorted(touched) if path in called], read)
    if not _are_apart(fresh, read):
        return None
    aside = before.aside(called)
    met = before.survey(called, fresh, aside)
    if met is None:
        return None
    ground.narrow(met)
    alone = before.alone(standing_alone(ground.scopes, met), judge, read)
    inside = {candidate.path for scope, _ in alone for candidate in scope.candidates}
    if not inside.issuperset(candidate.path for candidate in fresh.left):
        return None
    ground.take(met, lambda: {scope.path: verdict for scope, verdict in alone})
    gets = _stand_by(ground, before, called, aside) if before.governed.files else set()
    if gets is None:
        return None
    judged = [judge.judged(scope, stated) for scope, stated in ground.clusters()]
    if not _is_certain(ground, touched, inside, gets):
        return None
    return Carried(judged, met, ground)


class Before:
    """The run before, as far as it may be carried over.

    Args:
        run: The run.
        verdicts: Its verdicts; None stands for one on files that are not what they were.
        touched: The files that came, went or changed since.

    """

    def __init__(
        self, run: Kept, verdicts: Sequence[Verdict | None], touched: Iterable[str]
    ) -> None:
        self._verdicts = verdicts
        self.files = run.files
        self.touched = {path for path in touched if has_manifest_suffix(path)}
        self.governed: Governed = run.governed()
        self._directories = {one.path: one for one in run.directories()}
        self._others = run.others()

    def load(self, candidate: Candidate, data: bytes, whole: bool) -> Loaded:
        """Load a file, as the one that verdicts carried over name places in, if it is that."""
        return load_file(candidate, data, whole, self.files)

    def is_apart(self) -> bool:
        """Say whether no other cluster took anything from the files that have changed."""
        inside = {
            opens for one in self._directories.values() for opens, _, matter in one.files if matter
        }
        governed = self.governed
        known = (governed.files, governed.policies, governed.plain, inside)
        matter = {path for listed in self._others.values() for path in listed}
        return all(
            any(path in one for one in known) for path in self.touched if path in matter
        ) and all(FOLDERS.isdisjoint(path.split(os.sep)) for path in self.touched)

    def aside(self, called: Mapping[str, Candidate]) -> dict[str, tuple[Entry, ...]]:
        """Return the files of clusters that need not be read, as far as they tell themselves."""
        return {
            path: entries
            for path, entries in self.governed.files.items()
            if path in called
            and path not in self.touched
            and all(self.verdict(entry) is not None for entry in entries)
        }

    def paths(self) -> set[str]:
        """Return the files that mattered, be it to others."""
        inside = (opens for one in self._directories.values() for opens, _, _ in one.files)
        return {*self.governed.files, *inside}.union(*self._others.values())

    def verdict(self, entry: Entry) -> Verdict | None:
        """Return the verdict of a cluster."""
        return self._verdicts[entry.number] if entry.number is not None else None

    def survey(
        self, called: Mapping[str, Candidate], fresh: Survey, aside: Collection[str]
    ) -> Survey | None:
        """Return which files matter now; None where one that mattered went without a trace."""
        lists = dict(self._others)
        lists["left"] = lists["left"] + [
            opens
            for one in self._directories.values()
            for opens, _, matters in one.files
            if matters
        ]
        met = Survey(aside=[called[path] for path in aside])
        for name in PARTS:
            left = [path for path in lists[name] if path not in self.touched and path not in aside]
            if any(path not in called for path in left):
                return None
            getattr(met, name).extend(called[path] for path in left)
        met.add(fresh)
        return met.in_order()

    def alone(
        self, scopes: Iterable[Scope], judge: Judge, read: Reader
    ) -> list[tuple[Scope, Verdict]]:
        """Return the verdicts of the directories that stand alone now, carried over or new."""
        return [
            (scope, self._carried(scope) or verdict_alone(scope, read, judge)) for scope in scopes
        ]

    def _carried(self, scope: Scope) -> Verdict | None:
        one = self._directories.get(scope.path)
        if one is None:
            return None
        files = [opens for opens, _, matters in one.files if matters]
        if files != [candidate.path for candidate in scope.candidates]:
            return None
        verdict = self._verdicts[one.number]
        if verdict is None or not self.touched.isdisjoint(files):
            return None
        if one.name == scope.name:
            return verdict
        return verdict.of(scope) if verdict.is_clean else None


def _are_apart(fresh: Survey, read: Reader) -> bool:
    """Say whether no other cluster takes anything from files, given what they are now."""
    if fresh.skipped or fresh.spare:
        return False
    repository, shelf = Repository(), Shelf(lambda _: ())
    for candidate in (*fresh.joining, *fresh.kustomizations):
        data = read(candidate)
        file = load_file(candidate, data) if not isinstance(data, Skipped) else None
        if file is None or file.problem is not None or file.skipped is not None:
            return False
        if os.path.basename(candidate.path) in KUSTOMIZATIONS:
            if not all(map(lists_only, file.roots)):
                return False
            continue
        if not shelf.outlines(os.path.abspath(candidate.path), file.roots):
            repository.add(candidate.path, file.roots)
            if not is_of_policies(repository, os.path.abspath(candidate.path)):
                return False
    return True


def _stand_by(
    ground: Ground,
    before: Before,
    called: Mapping[str, Candidate],
    aside: Mapping[str, tuple[Entry, ...]],
) -> set[int] | None:
    """Let the ground know of clusters that get what they got; those that may not are read.

    Returns:
        The ids of the policies that these clusters get. None where it cannot be told.

    """
    repository, governance = ground.govern()
    acquaintance = Acquaintance(repository, governance)
    absolute = {path: os.path.abspath(path) for path in aside}
    if live_maps(repository, governance) != before.governed.maps or any(
        acquaintance.is_odd(absolute[path], [entry.sketch.kind for entry in entries])
        for path, entries in aside.items()
    ):
        return None
    keeping = Together({path: [one.sketch for one in ones] for path, ones in aside.items()})
    entries = {(path, one.sketch.name): one for path, ones in aside.items() for one in ones}
    for cluster in read_clusters(repository):
        keeping.keep(cluster.name)
    standing: list[tuple[Bystander, Verdict]] = []
    gets: set[int] = set()
    got: set[tuple[bool, int]] = set()
    for name, several in keeping.by_name.items():
        labels = joint_labels([sketch for _, sketch in several])
        path, sketch = next((one for one in several if one[1].installed), several[0])
        entry = entries[path, name]
        verdict = before.verdict(entry)
        if labels is None or verdict is None:
            keeping.keep(name)
            continue
        met, mine = acquaintance.met(absolute[path], labels)
        used = {(met[0], policy) for policy in mine}
        same = met == entry.met and before.touched.isdisjoint(policy for policy, *_ in met[1])
        if not (same and used <= got):  # of those that get a policy one is read, so that it is used
            keeping.keep(name)
        got |= used
        gets |= mine
        scope = Scope(name, called[path].name, (), installer=False)
        standing.append((Bystander(scope, sketch, absolute[path], path), verdict))
    if not keeping.kept and keeping.by_name:  # so that there are some
        keeping.keep(next(iter(keeping.by_name)))
    ground.admit(called[path] for path in keeping.kept)
    ground.stand_by(
        [one for one in standing if one[0].opened not in keeping.kept],
        [
            (path, absolute[path], entry.sketch)
            for path, entries in aside.items()
            for entry in entries
            if path not in keeping.kept
        ],
    )
    return gets


def _is_certain(
    ground: Ground, touched: Collection[str], inside: Collection[str], gets: set[int]
) -> bool:
    """Say whether what was carried over stands, now that all is known.

    Args:
        ground: What was read.
        touched: The files that have changed.
        inside: The files in installer directories that stand alone.
        gets: The ids of the policies that clusters get which were not read.

    """
    if ground.joined is None:
        return True
    gitops = ground.joined[1]
    if not gitops.left_alone.isdisjoint(gets):  # others get less of a policy than all of it
        return False
    used, material = gitops.used, gitops.material()
    paths = {path: os.path.abspath(path) for path in touched}
    return used.isdisjoint(paths.values()) and not any(
        absolute in material for path, absolute in paths.items() if path in inside
    )
