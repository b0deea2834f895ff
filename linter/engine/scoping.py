"""Scoping: from files to clusters, each with what its manifests state."""

from __future__ import annotations

import os
from copy import copy
from typing import TYPE_CHECKING

from linter.engine.directories import by_liveness, holds_several, one_by_one, set_apart
from linter.engine.loading import Library, add_file, skipped
from linter.engine.outcome import SkippedFile
from linter.engine.survey import survey
from linter.engine.verdict import Verdict
from linter.records import dataclass, field
from linter.sources.candidates import KUSTOMIZATIONS, Candidates
from linter.sources.discovery import discover
from linter.sources.reading import read
from linter.sources.scopes import Folders, Scope, scopes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from linter.engine.division import Division
    from linter.engine.loading import Load, Reader
    from linter.engine.suppressions import Suppression
    from linter.engine.survey import Survey
    from linter.facts.scope import Facts
    from linter.gitops.bystander import Bystander
    from linter.gitops.documents import Repository
    from linter.gitops.governance import Governance
    from linter.gitops.memory import Memory
    from linter.gitops.recognised import Stated
    from linter.gitops.repository import GitOps
    from linter.gitops.shelf import Shelf
    from linter.gitops.sketches import Sketch
    from linter.sources.candidates import Candidate, Discovery
    from linter.sources.scopes import Folder
    from linter.sources.text import File


@dataclass(slots=True)
class Tally:
    """What was met while reading, for the summary."""

    files: int = 0
    relevant: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    not_understood: list[SkippedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    passing: bool = False
    """Whether something was met that may be otherwise although no file changes."""

    def begin(self, found: Discovery) -> None:
        """Note which files there are."""
        self.files = len(found.candidates)
        self.notes.extend(found.notes)
        self.skipped.extend(skipped(skip) for skip in found.skipped)
        self.passing = bool(found.notes or found.skipped)

    @property
    def unread(self) -> list[SkippedFile]:
        """The files that were not read, and what was not understood in those that were."""
        return [*self.skipped, *self.not_understood]


def read_scopes(
    paths: Sequence[str],
    tally: Tally,
    read: Reader = read,
    *,
    found: Discovery | None = None,
    load: Load | None = None,
) -> list[tuple[Scope, Facts]]:
    """Find and read everything beneath some paths.

    Args:
        paths: Files and directories.
        tally: Counts what was met; it is filled here.
        read: Returns the bytes of a file, or why there are none; from the disk if left out.
        found: The files beneath the paths; looked for on the disk if left out.
        load: Composes the documents of a file, in a way of its own if need be.

    Raises:
        PathError: A path does not exist.

    """
    from linter.gitops.recognised import facts_of

    ground = Ground(paths, tally, read, discover(paths) if found is None else found, load)
    ground.take(survey(ground.candidates, read))
    return [
        (scope, facts)
        for scope, stated in ground.clusters()
        if not isinstance(stated, Verdict)  # without a judge there is none
        for facts in facts_of(stated)
    ]


def alternatives(
    scopes: Iterable[tuple[Scope, Facts]],
) -> Iterator[tuple[Scope, list[Facts]]]:
    """Yield each scope once, with all that its facts may be."""
    from itertools import groupby

    for _, listed in groupby(scopes, key=lambda pair: id(pair[0])):
        pairs = list(listed)
        yield pairs[0][0], [facts for _, facts in pairs]


class Ground:
    """What stands beneath some paths, and which of it describes a cluster together.

    Attributes:
        candidates: All files.
        explicit: Those that were known beforehand, which have nothing to do with others.
        tally: Counts what is met.
        patches: The files that only matter because kustomizations take patches from them.
        joined: Clusters and policies, once they have been joined.
        aside: The files that were not read, as :meth:`stand_by` took them.
        described_in: The files that describe clusters, by the id of the scope of each.

    Args:
        paths: Files and directories.
        tally: Counts what is met.
        read: Returns the bytes of a file, or why there are none.
        found: The files beneath the paths.
        load: Composes the documents of a file, in a way of its own if need be.
        memory: What was read of the same documents elsewhere.
        streaming: Whether each cluster is dropped before the next one is asked for. Then files that
            hold nothing else are read again for each of them, and not held.
        files: Texts of files by path, in which places are named already.

    """

    def __init__(
        self,
        paths: Sequence[str],
        tally: Tally,
        read: Reader,
        found: Discovery,
        load: Load | None = None,
        *,
        memory: Memory | None = None,
        streaming: bool = False,
        files: Mapping[str, File] | None = None,
    ) -> None:
        tally.begin(found)
        self._found = found
        self._governed: tuple[Repository, list[Candidate], Governance] | None = None
        self._paths = paths
        self.tally = tally
        self._read = read
        self._load = load
        self._memory = memory
        self._streaming = streaming
        self._files = files
        self._listed = dict(found.clusters)
        self.candidates = found.candidates
        self._candidates = found.candidates
        if self._listed:
            self._candidates = Candidates(
                candidate for candidate in found.candidates if candidate.path not in self._listed
            )
        self._places = Folders(self._candidates, paths)
        self._folders: list[Folder] | None = None
        self._scopes: list[Scope] | None = None
        self.explicit: list[Scope] = []
        if found.clusters:
            from linter.engine.explicit_clusters import scopes_of_clusters

            self.explicit = scopes_of_clusters(found)
        self.patches: list[Candidate] = []
        self.joined: tuple[Repository, GitOps] | None = None
        self.aside: list[tuple[str, str, Sketch]] = []
        self.described_in: dict[int, str] = {}
        self._bystanders: list[Bystander] = []
        self._known: dict[int, Verdict] = {}

    def narrow(self, met: Survey) -> None:
        """Let the scopes have no other files than what was met; else they have all files."""
        listed = met.files()
        if self._listed:
            listed = (candidate for candidate in listed if candidate.path not in self._listed)
        self._folders = self._places.holding(listed)

    @property
    def folders(self) -> list[Folder]:
        """The directories, each with its files."""
        if self._folders is None:
            self._folders = self._places.holding(self._candidates)
        return self._folders

    @property
    def scopes(self) -> list[Scope]:
        """The clusters as far as places alone tell."""
        if self._scopes is None:
            self._scopes = scopes_of(self.folders)
        return self._scopes

    def again(self) -> Ground:
        """Return the same ground, to be looked at once more, with a tally of its own."""
        _ = self.folders  # known to both from here on, since the places tell them once
        other = copy(self)
        other.tally = type(self.tally)()
        other.tally.begin(self._found)
        return other

    def take(
        self,
        found: Survey,
        verdicts: Callable[[], Mapping[str, Verdict]] = dict,
        division: Division | None = None,
    ) -> None:
        """Take in which files matter.

        Args:
            found: What was met.
            verdicts: Returns those of the directories that stand alone, as far as they are judged,
                by directory; it is asked when there is nothing else left to do.
            division: Who judges clusters that policies are bound to, where there are many; nobody
                does if left out.

        """
        self._division = division
        self.tally.relevant = found.relevant
        self.tally.skipped.extend(found.skipped)
        self._survey = found
        self._verdicts = verdicts
        self._governed = None
        self._shelf: Shelf | None = None
        self._library = Library(
            self._read,
            found.joining,
            found.left,
            found.kustomizations,
            self._load,
            files=self._files,
        )

    def clusters(self) -> Iterator[tuple[Scope, Stated | Verdict]]:
        """Yield the clusters, each with all that its facts may be, or with its verdict."""
        if self._survey.is_empty:
            return
        from linter.engine.embedded import Embedded

        governed = self._governed
        repository, patches = self._gathered() if governed is None else governed[:2]
        for scope in self.explicit:
            yield scope, [self._facts(scope)]
            self._library.forget(scope.candidates)
        if repository.is_gitops or repository.kustomizations:
            yield from self._joined(repository)
        else:
            embedded = Embedded(repository)
            verdicts = self._verdicts()
            for scope in self.scopes:
                verdict = verdicts.get(scope.path) if scope.installer else None
                if verdict is None:
                    facts = self._facts(scope)
                    embedded.add_to(facts, self._loaded_of(scope))
                    yield scope, [facts]
                else:
                    yield scope, verdict
                self._library.forget(scope.candidates)
            yield from alternatives(embedded.rest())
        patched = {candidate.path for candidate in patches}
        for candidate in self._survey.commented:
            if candidate.path in self._library and candidate.path not in patched:
                self.tally.suppressions.extend(self._suppressions(candidate))
        for candidate in patches:
            self.tally.suppressions.extend(self._suppressions(candidate))
        read = {candidate.path for candidate in self._library}
        read.update(opened for opened, _, _ in self.aside)
        self.tally.read.extend(sorted(read))
        self.tally.skipped.extend(self._library.skipped)
        self.tally.passing |= bool(self._library.missed)

    def govern(self) -> tuple[Repository, Governance]:
        """Return the repository, and what governs its clusters, before any of them is read."""
        from linter.gitops.governance import Governance

        repository, patches = self._gathered()
        self._complete(repository)
        governance = Governance(repository)
        self._governed = (repository, patches, governance)
        return repository, governance

    def admit(self, candidates: Iterable[Candidate]) -> None:
        """Read files of clusters after all that were aside when :meth:`govern` was called.

        None of them may hold anything else, nor be patched or a patch.
        """
        if self._governed is not None:
            listed = self._beyond(candidates)
            self._library.keep(listed)
            for candidate in listed:
                self._add(self._governed[0], candidate)

    def stand_by(
        self,
        known: Iterable[tuple[Bystander, Verdict]],
        files: Iterable[tuple[str, str, Sketch]],
    ) -> None:
        """Take in clusters of which the verdict is known, in files that are aside.

        Args:
            known: The clusters.
            files: The files, as they are opened and absolute, with each cluster that one describes.

        """
        for bystander, verdict in known:
            self._bystanders.append(bystander)
            self._known[id(bystander.scope)] = verdict
            self.described_in[id(bystander.scope)] = bystander.opened
        self.aside.extend(files)

    def is_told_apart(self, path: str) -> bool:
        """Say whether a file holds clusters and nothing else that is looked at, whoever asks."""
        return self._library.is_released(path) and not self._library.asks(path)

    def _gathered(self) -> tuple[Repository, list[Candidate]]:
        """Return the repository of what may have to do with other files, and files with patches."""
        from linter.gitops.documents import Repository

        repository = Repository((p for p in self._paths if os.path.isdir(p)), self._memory)
        repository.add_unread(candidate.path for candidate in self._survey.aside)
        joining = self._beyond([*self._survey.joining, *self._survey.kustomizations])
        # Kustomizations come first: they say of which files all documents are to be read.
        first = [c for c in joining if os.path.basename(c.path) in KUSTOMIZATIONS]
        others = [c for c in joining if os.path.basename(c.path) not in KUSTOMIZATIONS]
        for candidate in first:
            repository.add(candidate.path, self._library.roots(candidate.path))
        patches = self._library.add_patches(self._candidates, repository.patch_files())
        for candidate in others:
            self._add(repository, candidate)
        for candidate in patches:
            repository.add(candidate.path, self._library.roots(candidate.path))
        self.patches = patches
        return repository, patches

    def _add(self, repository: Repository, candidate: Candidate) -> None:
        """Add a file to the repository, and drop it if all that matters of it is kept there."""
        if not (self._streaming and self._is_shelved(repository, candidate)):
            repository.add(candidate.path, self._library.roots(candidate.path))

    def _is_shelved(self, repository: Repository, candidate: Candidate) -> bool:
        """Put a file on the shelf; say whether it describes clusters only, so that it may be."""
        from linter.gitops.documents import Place, absolute
        from linter.gitops.shelf import Shelf

        library, path = self._library, candidate.path
        data = library.data(path)
        if data is None:
            return False
        if self._shelf is None:
            self._shelf = Shelf(library.again)
        place = Place(absolute(path), candidate.name, path)
        outlines = self._shelf.recognised(place, data) if not library.is_whole(path) else []
        text = data.decode() if outlines else None
        if not outlines:
            file = library.get(path)
            if file is None or file.problem is not None or file.skipped is not None:
                return False
            outlines = self._shelf.outlines(place.path, file.roots)
        if outlines:
            repository.shelve(place.path, path, outlines, self._shelf)
            library.release(path, text)
        return bool(outlines)

    def _complete(self, repository: Repository) -> None:
        """Add what is asked for by its path alone, and the ConfigMaps that templates read."""
        for candidate in self._beyond(self._survey.left):
            repository.add_later(candidate.path, self._library.roots)
        spare = self._library.add_config_maps(self._beyond(self._survey.spare))
        self.tally.relevant += len(spare)
        for candidate in spare:
            repository.add(candidate.path, self._library.roots(candidate.path))

    def _suppressions(self, candidate: Candidate) -> tuple[Suppression, ...]:
        file = self._library.get(candidate.path)
        self._library.forget([candidate])
        return file.suppressions if file is not None else ()

    def _beyond(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return those files, in their order, that are in no cluster that was known beforehand."""
        return sorted((c for c in candidates if c.path not in self._listed), key=_order)

    def _loaded_of(self, scope: Scope) -> set[str]:
        """Return the files of a scope that matter, by absolute path."""
        return {os.path.abspath(c.path) for c in scope.candidates if c.path in self._library}

    def _joined(self, repository: Repository) -> Iterator[tuple[Scope, Stated | Verdict]]:
        """Join clusters and policies; other manifests are taken directory by directory.

        Where a directory holds two profiles for the same nodes, it is taken file by file.
        """
        from linter.gitops.recognised import described_in
        from linter.gitops.repository import GitOps

        governance = self._governed[2] if self._governed is not None else None
        if governance is None:
            self._complete(repository)
        name = os.path.basename(os.path.abspath(self._paths[0]))
        gitops = GitOps(repository, name, governance, self._bystanders)
        self.joined = (repository, gitops)
        self.tally.not_understood.extend(
            SkippedFile(name, why) for name, why in gitops.not_understood
        )
        if repository.is_gitops:
            if self._division is not None and self._division.pays(gitops.count):
                clusters = self._division.judged(gitops, repository, self._library)
                for scope, verdict, described in clusters:
                    self._describe(scope, described)
                    yield scope, verdict
            else:
                for scope, stated in gitops.joined(0, gitops.count):
                    self._describe(scope, described_in(stated))
                    yield scope, self._known.get(id(scope), stated)
            yield from gitops.rest()
            yield from self._beside(gitops, apart=True)
            return
        yield from _opened(self._all(gitops), gitops, self._facts)

    def _describe(self, scope: Scope, opened: str | None) -> None:
        """Note what opens the file that describes a cluster, if any does."""
        if opened is not None:
            self.described_in[id(scope)] = opened

    def _all(self, gitops: GitOps) -> Iterator[tuple[Scope, list[Facts] | Verdict]]:
        from linter.gitops.recognised import facts_of

        for scope, stated in gitops.scopes():
            yield scope, facts_of(stated)
        yield from self._beside(gitops, apart=False)

    def _beside(
        self, gitops: GitOps, *, apart: bool
    ) -> Iterator[tuple[Scope, list[Facts] | Verdict]]:
        """Yield what is no part of the scopes of kustomizations, clusters and policies."""
        material, plain = set_apart(self.folders, gitops.material())
        yield from self._unreadable(material)
        judged = {scope.path: scope for scope in self.scopes if scope.installer}
        folders = scopes_of(plain, apart=apart)
        verdicts = self._verdicts()
        for folder in folders:
            if not folder.installer:
                yield from self._plain(folder, gitops, apart=apart)
                continue
            verdict = verdicts.get(folder.path)
            if verdict is not None and folder.candidates == judged[folder.path].candidates:
                if folder.name == judged[folder.path].name:
                    yield folder, verdict
                    continue
                if verdict.is_clean:
                    yield folder, verdict.of(folder)
                    continue
            yield folder, [self._facts(folder, gitops)]
            self._library.forget(folder.candidates)

    def _plain(
        self, folder: Scope, gitops: GitOps, *, apart: bool
    ) -> Iterator[tuple[Scope, list[Facts]]]:
        """Yield what a directory that describes no cluster of its own holds."""
        matter = self._library.among(folder.candidates)
        if not matter:
            return
        is_live = gitops.liveness.is_live if apart else gitops.liveness.is_listed
        for scope, live in by_liveness(folder, matter, is_live):
            facts = self._facts(scope, gitops)
            parts = [(scope, facts)]
            if apart and holds_several(facts):
                parts = [(part, self._facts(part, gitops)) for part in one_by_one(scope)]
            for part, stated in parts:
                stated.dormant = not live
                stated.pools_open = stated.profiles_open = apart or gitops.has_builds
                yield part, [stated]
        self._library.forget(folder.candidates)

    def _unreadable(self, material: Collection[str]) -> Iterator[tuple[Scope, list[Facts]]]:
        """Yield a scope for each file that others use and that cannot be read."""
        from linter.facts.scope import Facts

        for candidate in sorted(self._library, key=_order):
            if candidate.path not in material or self._library.is_released(candidate.path):
                continue
            file = self._library.get(candidate.path)
            if file is not None and file.problem is not None:
                facts = Facts(unreadable=[file.problem])
                yield Scope(candidate.name, candidate.name, (candidate,), installer=False), [facts]

    def _facts(self, scope: Scope, gitops: GitOps | None = None) -> Facts:
        """Return the facts of the files of a scope, without what describes a cluster by itself."""
        from linter.facts.scope import Facts

        facts = Facts()
        for candidate in scope.candidates:
            if self._library.is_released(candidate.path):
                continue  # all that is in it describes clusters
            file = self._library.get(candidate.path)
            if file is not None:
                add_file(facts, file, gitops.is_taken if gitops is not None else None)
        return facts


def _opened(
    clusters: Iterator[tuple[Scope, list[Facts] | Verdict]],
    gitops: GitOps,
    read: Callable[[Scope, GitOps], Facts],
) -> Iterator[tuple[Scope, list[Facts] | Verdict]]:
    """Yield clusters; where there is but one, its kustomizations say whether it is whole.

    They are held until there are two that matter.
    """
    held: list[tuple[Scope, list[Facts] | Verdict]] = []
    matter = 0
    for scope, stated in clusters:
        held.append((scope, stated))
        matter += _matters(stated)
        if matter > 1:
            yield from held
            held.clear()
            yield from clusters
            return
    for scope, stated in held:
        if matter != 1:
            yield scope, stated
            continue
        variants = [read(scope, gitops)] if isinstance(stated, Verdict) else stated
        for facts in variants:
            facts.pools_open = facts.profiles_open = not gitops.whole
        yield scope, variants


def _matters(stated: list[Facts] | Verdict) -> bool:
    """Say whether anything that matters is known of a cluster."""
    if isinstance(stated, Verdict):
        return stated.manifests > 0
    return any(facts.relevant > 0 for facts in stated)


def _order(candidate: Candidate) -> tuple[str, str]:
    return (candidate.name, candidate.path)
