"""Recall: what the last run found, as far as it still holds.

Where the listing of what stands there is the same, so are the verdicts. Where some files have
changed, each is looked at: one that did not matter and does not matter now changes nothing, and one
in an installer directory changes the verdict of that directory alone. Where more has changed, but
only what can be told apart (:mod:`linter.engine.carried`), the clusters are judged that it may
concern. After any other change everything is read again.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from linter.engine.alone import standing_alone, verdict_alone
from linter.engine.kept import Kept
from linter.engine.parcels import StaleParcelError
from linter.engine.survey import survey, touches_nothing
from linter.sources.candidates import Candidate, has_manifest_suffix
from linter.sources.listing import NoListingError, begin_listing
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from linter.engine.cache import Cache
    from linter.engine.judging import Judge
    from linter.engine.kept import Directory
    from linter.engine.loading import Reader
    from linter.engine.scoping import Tally
    from linter.engine.verdict import Verdict
    from linter.sources.worktree import States


def recalled(
    cache: Cache, key: str, paths: Sequence[str], judge: Judge, read: Reader, *, states: States
) -> tuple[list[Verdict], Tally] | None:
    """Return what a run would find; None where it has to be run."""
    data = cache.read(key)
    if data is None:
        return None
    listing = begin_listing(paths, states)
    try:
        try:
            run = Kept(data)
            verdicts, tally = run.outcome(read)  # while git looks at all files
        finally:
            now = listing()
        changes = now.changes_since(run.listing)
        if changes is None:
            return None
        revised = None if changes.moved else _revised(run, changes.touched, judge, read)
    except (StaleParcelError, NoListingError):
        return None
    if revised is not None:
        told = [revised.get(number, one) for number, one in enumerate(verdicts)]
        known = [one for one in told if one is not None]
        if len(known) == len(told):
            return known, tally
    from linter.engine.carried import Before, carried

    found = carried(Before(run, verdicts, changes.touched), paths, judge, read, states)
    if found is None:
        return None
    parts = found.kept(now) if now.lasts else None
    if parts is not None:
        cache.write(key, parts)
    return [one.verdict for one in found.judged], found.ground.tally


def _revised(
    run: Kept, touched: Collection[str], judge: Judge, read: Reader
) -> dict[int, Verdict] | None:
    """Return the verdicts that changed files bring about, by the number of the cluster.

    None where they may bring about more than that.
    """
    directories: dict[int, Directory] = {}
    for path in touched:
        if not has_manifest_suffix(path):
            continue
        directory = run.directory_with(path)
        if directory is not None:
            directories[directory.number] = directory
        elif run.may_matter(path) or not touches_nothing(path, read):
            return None
    verdicts: dict[int, Verdict] = {}
    for one in directories.values():
        listed = tuple(Candidate(opens, shown) for opens, shown, _ in one.files)
        found = survey(listed, read)
        alone = standing_alone([Scope(one.name, one.path, listed, installer=True)], found)
        matter = [candidate.path for candidate in found.left]
        if any(candidate.path in touched for candidate in found.commented):
            return None
        if found.skipped or matter != [opens for opens, _, relevant in one.files if relevant]:
            return None
        if not alone:
            return None
        verdict = verdict_alone(alone[0], read, judge)
        if (verdict.manifests > 0) != one.matters:
            return None
        verdicts[one.number] = verdict
    return verdicts


def key_of(paths: Sequence[str], words: Iterable[str]) -> str:
    """Return the key of runs over some paths, from where we are, under some conditions."""
    places = [os.getcwd(), *(f"{path}\0{os.path.realpath(path)}" for path in paths)]
    said = "\0\0".join((*places, *words))
    return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
