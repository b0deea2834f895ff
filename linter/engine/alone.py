"""Directories of installers that stand alone: nothing elsewhere has to do with them.

Each is judged by itself, in whatever process has time for it, unless it is like one that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.loading import add_file, load_file, skipped
from linter.records import replace
from linter.sources.candidates import Skipped

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from linter.engine.judging import Judge
    from linter.engine.loading import Loaded, Reader
    from linter.engine.looks import Look
    from linter.engine.outcome import SkippedFile
    from linter.engine.survey import Survey
    from linter.engine.verdict import Verdict
    from linter.sources.candidates import Candidate
    from linter.sources.scopes import Scope


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


def verdict_alone(
    scope: Scope,
    read: Reader,
    judge: Judge,
    looks: Sequence[Look | None] = (),
    *,
    only: bool = False,
) -> Verdict:
    """Judge an installer directory that stands alone, unless it is like one that was judged.

    Args:
        scope: The directory, with those of its files that matter.
        read: Returns the bytes of a file, or why there are none.
        judge: Judges it.
        looks: What its files look like, where that is known.
        only: Whether there is no other, which it could be like.

    """
    from linter.engine.looks import look_of, own_among, together

    seen = [look for look in looks if look is not None]
    if seen and len(seen) == len(scope.candidates):
        known = _twin(judge, scope, together(seen))
        if known is not None:
            return known
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
    seen = [look_of(data) for _, data in there]  # they may have changed
    alike = together(seen)
    known = _twin(judge, scope, alike)
    if known is not None:
        return known
    from linter.engine.twins import install_config

    own = own_among(seen)
    files: list[Loaded | None] = []
    stand_for: list[Hashable] = []
    for (candidate, data), mine, look in zip(there, own, seen, strict=True):
        file = load_file(candidate, data) if mine else None
        stated = install_config(file) if file is not None else None
        files.append(file)
        stand_for.append(look.whole if stated is None else stated)
    likeness = tuple(stand_for)
    verdict = judge.twin(scope, likeness)
    if verdict is None:
        loaded = [
            file if file is not None else load_file(candidate, data)
            for (candidate, data), file in zip(there, files, strict=True)
        ]
        verdict = _verdict_of(scope, loaded, [], judge)
        judge.remember(scope, likeness, verdict)
    if alike is not None:
        judge.remember(scope, alike, verdict)
    return verdict


def _twin(judge: Judge, scope: Scope, looks: Hashable | None) -> Verdict | None:
    return judge.twin(scope, looks) if looks is not None else None


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
