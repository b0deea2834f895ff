"""The survey: every file is looked at once, and what cannot matter is dropped at once.

An installer directory describes its cluster by itself, so it is judged by itself as well, in
whatever process has time for it. What may have to do with other files, such as policies and the
clusters that they meet, is left for later.
"""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from linter.engine.loading import load_file, skipped
from linter.records import dataclass, field, replace
from linter.sources.candidates import KUSTOMIZATIONS, Candidate, Skipped
from linter.sources.prefilter import (
    CONFIG_MAP,
    INSTALL_CONFIG_KEYS,
    INVENTORIES,
    JOINING,
    NEEDLES,
    SUPPRESSION,
    UTF16_MARKS,
    Needles,
    may_matter,
)
from linter.sources.scopes import INSTALLER_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

    from linter.engine.judging import Judge
    from linter.engine.loading import Loaded, Reader
    from linter.engine.outcome import SkippedFile
    from linter.engine.verdict import Verdict
    from linter.facts.scope import Facts
    from linter.sources.scopes import Scope
    from linter.sources.yaml_tree import Node

_names_joining = Needles(JOINING, *INVENTORIES).may_be_in

_may_be_wanted = Needles((*NEEDLES, CONFIG_MAP), INSTALL_CONFIG_KEYS, *INVENTORIES).may_be_in
"""Says whether a file may matter, be it only to others that take a ConfigMap from it."""

_KUSTOMIZATION = tuple(KUSTOMIZATIONS)

_order = attrgetter("name", "path")

_CLUSTER = b"AgentClusterInstall"
"""Describes a cluster for policies, but not in a directory that an installer reads."""


class Marks(NamedTuple):
    """What the bytes of a file say of it, wherever it lies.

    ``matters``: it may state facts. ``joins``: it may have to do with other files. ``agent``: it
    may describe a cluster for policies, but for that in a directory of an installer.
    ``wanted``: others may take a ConfigMap from it. ``suppresses``: it may hold suppressions.
    """

    matters: bool = False
    joins: bool = False
    agent: bool = False
    wanted: bool = False
    suppresses: bool = False


def marks_of(data: bytes) -> Marks:
    """Return what the bytes of a file say of it."""
    wanted = _may_be_wanted(data)
    if not (wanted and may_matter(data)):
        return Marks(wanted=wanted, suppresses=_may_suppress(data))
    return Marks(True, _names_joining(data), _CLUSTER in data, wanted, _may_suppress(data))


@dataclass(slots=True)
class Survey:
    """What was met, each part in the order of the files.

    Of the files that matter, ``joining`` may have to do with files in other directories, and
    ``left`` are all others. ``kustomizations`` do not matter by themselves, nor do ``spare``, which
    hold a ConfigMap. ``commented`` are those of all these that may hold suppressions. ``aside`` are
    files that describe clusters, and of which nothing more is to be known than that they are there.
    ``unread`` are those that could not be read, and ``skipped`` says why.
    """

    kustomizations: list[Candidate] = field(default_factory=list)
    joining: list[Candidate] = field(default_factory=list)
    left: list[Candidate] = field(default_factory=list)
    spare: list[Candidate] = field(default_factory=list)
    commented: list[Candidate] = field(default_factory=list)
    aside: list[Candidate] = field(default_factory=list)
    unread: list[Candidate] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)

    @property
    def relevant(self) -> int:
        """How many files matter."""
        return len(self.joining) + len(self.left) + len(self.aside)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met that could matter, be it together with other files."""
        return not (self.relevant or self.kustomizations or self.spare)

    def files(self) -> dict[str, Candidate]:
        """Return all files that were met, by what opens them."""
        parts = (self.kustomizations, self.joining, self.left, self.spare, self.aside, self.unread)
        return {candidate.path: candidate for listed in parts for candidate in listed}

    def add(self, other: Survey) -> None:
        """Take in what was met elsewhere."""
        self.kustomizations += other.kustomizations
        self.joining += other.joining
        self.left += other.left
        self.spare += other.spare
        self.commented += other.commented
        self.aside += other.aside
        self.unread += other.unread
        self.skipped += other.skipped

    def restricted(self, called: Mapping[str, Candidate]) -> Survey:
        """Return what was met in some of the files, by their paths, as they are called here."""

        def among(listed: list[Candidate]) -> list[Candidate]:
            return [called[one.path] for one in listed if one.path in called]

        return self._each(among)

    def in_order(self) -> Survey:
        """Return the same in the order of the files."""
        return self._each(lambda listed: sorted(listed, key=_order))

    def _each(self, change: Callable[[list[Candidate]], list[Candidate]]) -> Survey:
        return Survey(
            change(self.kustomizations),
            change(self.joining),
            change(self.left),
            change(self.spare),
            change(self.commented),
            change(self.aside),
            change(self.unread),
            self.skipped,
        )


def survey(candidates: Iterable[Candidate], read: Reader) -> Survey:
    """Look at some files.

    Args:
        candidates: The files.
        read: Returns the bytes of a file, or why there are none.

    """
    found = Survey()
    for candidate in candidates:
        data = read(candidate)
        if isinstance(data, Skipped):
            found.unread.append(candidate)
            found.skipped.append(skipped(data))
            continue
        wanted = _may_be_wanted(data)
        if not wanted and not candidate.path.endswith(_KUSTOMIZATION):
            continue  # nine of ten files
        matters = wanted and may_matter(data)
        if not _is_noted(candidate, found, matters=matters, wanted=wanted):
            continue
        if matters:
            (found.joining if _joins(candidate, data) else found.left).append(candidate)
        if _may_suppress(data):
            found.commented.append(candidate)
    return found


def marked(
    candidates: Iterable[Candidate],
    marks: Callable[[Candidate], Marks | Skipped],
    aside: Collection[str],
) -> Survey:
    """Return what there is in some files, where it is known what they say of themselves.

    Args:
        candidates: The files.
        marks: Returns what a file says of itself, or why it cannot be read.
        aside: The files that describe clusters of which nothing is to be known.

    """
    found = Survey()
    for candidate in candidates:
        said = marks(candidate)
        if isinstance(said, Skipped):
            found.unread.append(candidate)
            found.skipped.append(skipped(said))
            continue
        if not _is_noted(candidate, found, matters=said.matters, wanted=said.wanted):
            continue
        if said.suppresses:
            found.commented.append(candidate)
        if candidate.path in aside:
            found.aside.append(candidate)
        elif said.matters:
            (found.joining if joins(candidate, said) else found.left).append(candidate)
    return found


def standing_alone(scopes: Iterable[Scope], found: Survey) -> list[Scope]:
    """Return the installer directories that nothing elsewhere has to do with.

    Args:
        scopes: All clusters.
        found: What was met in them.

    Returns:
        Those in which anything matters, each with these files only.

    """
    joining = {candidate.path for candidate in (*found.joining, *found.aside)}
    left = {candidate.path for candidate in found.left}
    alone: list[Scope] = []
    for scope in scopes:
        if scope.installer and joining.isdisjoint(c.path for c in scope.candidates):
            matter = tuple(c for c in scope.candidates if c.path in left)
            if matter:
                alone.append(replace(scope, candidates=matter))
    return alone


def touches_nothing(path: str, read: Reader) -> bool:
    """Say whether a file can be read, and nothing in it matters, be it for others."""
    candidate = Candidate(path, path)
    data = read(candidate)
    if isinstance(data, Skipped) or _is_kustomization(candidate):
        return False
    return not _may_be_wanted(data)


def _is_noted(candidate: Candidate, found: Survey, *, matters: bool, wanted: bool) -> bool:
    """Say whether anything may come of a file; note it if it does not matter by itself."""
    if matters:
        return True
    if candidate.path.endswith(_KUSTOMIZATION) and _is_kustomization(candidate):
        found.kustomizations.append(candidate)
        return True
    if wanted:
        found.spare.append(candidate)
    return wanted


def _is_kustomization(candidate: Candidate) -> bool:
    return os.path.basename(candidate.path) in KUSTOMIZATIONS


def _may_suppress(data: bytes) -> bool:
    return SUPPRESSION in data or data.startswith(UTF16_MARKS)


def joins(candidate: Candidate, marks: Marks) -> bool:
    """Say whether a file that matters may have to do with files in other directories."""
    if marks.joins or _is_kustomization(candidate):
        return True
    folder = os.path.basename(os.path.dirname(candidate.path))
    return marks.agent and folder not in INSTALLER_FOLDERS


def _joins(candidate: Candidate, data: bytes) -> bool:
    return joins(candidate, Marks(True, _names_joining(data), _CLUSTER in data))


def verdict_alone(scope: Scope, read: Reader, judge: Judge, *, only: bool = False) -> Verdict:
    """Judge an installer directory that stands alone, unless it is like one that was judged.

    Args:
        scope: The directory, with those of its files that matter.
        read: Returns the bytes of a file, or why there are none.
        judge: Judges it.
        only: Whether there is no other, which it could be like.

    """
    there: list[tuple[Candidate, bytes]] = []
    unread: list[SkippedFile] = []
    for candidate in scope.candidates:
        data = read(candidate)
        if isinstance(data, Skipped):  # it went away since it was looked at
            unread.append(skipped(data))
        else:
            there.append((candidate, data))
    if only or unread:
        loaded = [load_file(candidate, data) for candidate, data in there]
        return _verdict_of(scope, loaded, unread, judge)
    from linter.engine.twins import digest, install_config, is_own, looks_of

    own = is_own([data for _, data in there])
    looks = looks_of([data for _, data in there], own)
    known = judge.twin(scope, looks) if looks is not None else None
    if known is not None:
        return known
    files: list[Loaded | None] = []
    stand_for: list[Hashable] = []
    for (candidate, data), mine in zip(there, own, strict=True):
        file = load_file(candidate, data) if mine else None
        stated = install_config(file) if file is not None else None
        files.append(file)
        stand_for.append(digest(data) if stated is None else stated)
    likeness = tuple(stand_for)
    verdict = judge.twin(scope, likeness)
    if verdict is None:
        loaded = [
            file if file is not None else load_file(candidate, data)
            for (candidate, data), file in zip(there, files, strict=True)
        ]
        verdict = _verdict_of(scope, loaded, [], judge)
        judge.remember(scope, likeness, verdict)
    if looks is not None:
        judge.remember(scope, looks, verdict)
    return verdict


def _verdict_of(
    scope: Scope, files: Iterable[Loaded], unread: Iterable[SkippedFile], judge: Judge
) -> Verdict:
    """Judge a directory by its files; ``unread`` are more of them."""
    from linter.facts.scope import Facts

    facts, skips = Facts(), [*unread]
    for file in files:
        add_file(facts, file)
        if file.skipped is not None:
            skips.append(file.skipped)
    return replace(judge.verdict(scope, [facts]), skipped=tuple(skips))


def add_file(facts: Facts, file: Loaded, is_taken: Callable[[Node], bool] | None = None) -> None:
    """Read the documents of a file into the facts of its cluster, but for those taken elsewhere."""
    from linter.facts.scope import add_document

    for root in file.roots:
        if is_taken is None or not is_taken(root):
            add_document(facts, root)
    if file.problem is not None:
        facts.unreadable.append(file.problem)
