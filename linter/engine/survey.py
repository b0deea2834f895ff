"""The survey: every file is looked at once, and what cannot matter is dropped at once.

What may have to do with other files, such as policies and the clusters that they meet, is told from
the manifests of installer directories, which describe a cluster by themselves.
"""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from linter.engine.loading import skipped
from linter.records import dataclass, field
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
    from collections.abc import Callable, Collection, Iterable, Iterator

    from linter.engine.loading import Reader
    from linter.engine.looks import Look
    from linter.engine.outcome import SkippedFile
    from linter.sources.candidates import Candidates

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
    ``unread`` are those that could not be read, and ``skipped`` says why. ``looks`` tells what some
    of those that are ``left`` look like, by what opens them.
    """

    kustomizations: list[Candidate] = field(default_factory=list)
    joining: list[Candidate] = field(default_factory=list)
    left: list[Candidate] = field(default_factory=list)
    spare: list[Candidate] = field(default_factory=list)
    commented: list[Candidate] = field(default_factory=list)
    aside: list[Candidate] = field(default_factory=list)
    unread: list[Candidate] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    looks: dict[str, Look] = field(default_factory=dict)

    @property
    def relevant(self) -> int:
        """How many files matter."""
        return len(self.joining) + len(self.left) + len(self.aside)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met that could matter, be it together with other files."""
        return not (self.relevant or self.kustomizations or self.spare)

    def files(self) -> Iterator[Candidate]:
        """Yield all files that were met, each once."""
        for listed in (self.kustomizations, self.joining, self.left, self.spare, self.aside):
            yield from listed
        yield from self.unread

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
        self.looks |= other.looks

    def restricted(self, there: Candidates) -> Survey:
        """Return what was met in the files that there are, as these are called."""
        return self._each(lambda listed: there.among([one.path for one in listed]))

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
            self.looks,
        )


def survey(candidates: Iterable[Candidate], read: Reader, *, comparing: bool = False) -> Survey:
    """Look at some files.

    Args:
        candidates: The files.
        read: Returns the bytes of a file, or why there are none.
        comparing: Whether to tell what files look like that have nothing to do with others.

    """
    if comparing:
        from linter.engine.looks import look_of
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
        if matters and _joins(candidate, data):
            found.joining.append(candidate)
        elif matters:
            found.left.append(candidate)
            if comparing:
                found.looks[candidate.path] = look_of(data)
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
