"""One run: from paths to an outcome. Nothing here prints."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from linter.engine.alone import standing_alone, verdict_alone
from linter.engine.findings import Finding
from linter.engine.gate import Gate
from linter.engine.judging import Judge
from linter.engine.lookout import FEW, PIECES, Lookout, guesses
from linter.engine.outcome import Outcome, Summary
from linter.engine.scoping import Ground, Tally
from linter.engine.shipped import about_manifests, all_ship, words_for
from linter.engine.workers import Crew
from linter.records import dataclass, replace
from linter.sources.discovery import discover
from linter.sources.reading import read as from_disk
from linter.sources.reading import read_no_link
from linter.sources.worktree import States

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from linter.engine.cache import Cache
    from linter.engine.loading import Reader
    from linter.engine.looks import Look
    from linter.engine.outcome import ClusterOutcome, RuleFailure
    from linter.engine.rules import Rule
    from linter.engine.survey import Survey
    from linter.engine.verdict import Judged, Verdict
    from linter.model.releases import Release
    from linter.sources.candidates import Discovery
    from linter.sources.listing import Listing
    from linter.sources.scopes import Scope
    from linter.topology.machine import Topologies

    Watcher = Callable[[int, int | None], None]


def lint(
    paths: Sequence[str],
    rules: Sequence[Rule],
    release: Release | None = None,
    read: Reader = from_disk,
    *,
    topologies: Topologies | None = None,
    broken: Iterable[RuleFailure] = (),
    found: Discovery | None = None,
    gate: Gate | None = None,
    processes: int = 1,
    cache: Cache | None = None,
    watcher: Watcher | None = None,
) -> Outcome:
    """Judge everything beneath some paths.

    Args:
        paths: Files and directories.
        rules: The rules to run; those about a change have nothing to say here.
        release: The target release where it is known.
        read: Returns the bytes of a file, or why there are none; from the disk if left out.
        topologies: The CPUs of the machines, by pool, where they are known.
        broken: Rules that cannot even be loaded.
        found: The files beneath the paths, where that is known.
        gate: What is let pass besides what the manifests themselves suppress.
        processes: How many processes may read and judge; few files are left to this one.
        cache: Where runs are kept; ``read`` must then read from the disk.
        watcher: Is told how many pieces of how many are read, then how many clusters are judged.

    Raises:
        PathError: A path does not exist.
        WorkerError: One of the processes broke.

    """
    rules = about_manifests(rules)
    judge = Judge(rules, release, topologies)
    key = ""
    if cache is not None and topologies is None and all(map(os.path.isdir, paths)):
        key = _key(paths, rules, release)
    watcher = watcher or _nobody
    with States(kept=bool(key)) as states:
        if cache is not None and key:
            from linter.engine.recall import recalled

            known = recalled(cache, key, paths, judge, read, states=states)
            if known is not None:
                return (gate or Gate()).applied(outcome_of(*known, rules, broken), rules)
        seen = _looked_at(
            paths, read, found,
            states=states, judge=judge, watcher=watcher, processes=processes, keeping=bool(key),
        )  # fmt: skip
    ground = seen.ground
    judged = _judged(seen, judge, read, watcher, processes if ground.tally.files > FEW else 1)
    if cache is not None and seen.listing is not None:
        from linter.engine.kept import kept

        parts = kept(seen.listing, judged, seen.met, ground)
        if parts is not None:
            cache.write(key, parts)
    outcome = outcome_of((one.verdict for one in judged), ground.tally, rules, broken)
    if topologies is not None:
        lost = _without_pool(topologies, outcome.clusters)
        outcome = replace(outcome, notes=(*outcome.notes, *lost))
    return (gate or Gate()).applied(outcome, rules)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands there, which of it matters, and a listing of it where the run is to be kept."""

    ground: Ground
    met: Survey
    listing: Listing | None


def _looked_at(
    paths: Sequence[str],
    read: Reader,
    found: Discovery | None,
    *,
    states: States,
    judge: Judge,
    watcher: Watcher,
    processes: int,
    keeping: bool,
) -> _Seen:
    """Look at all files, in several processes.

    The others look at what git knows by name while this process sees what there is, for which git
    has to look at each directory; meanwhile everything is made ready.
    """
    # What a run is kept with says of each file whether git knows it. Else it is enough that each
    # can be read, which is seen on the way.
    sure = keeping or read is not from_disk
    guessed = guesses(paths) if found is None and processes > 1 else []
    with Lookout(guessed, read, processes, None if sure else read_no_link) as lookout:
        guessed.clear()
        for directory in lookout.directories:
            states.begin(directory, sure=sure)
        if lookout.directories:
            judge.load()
        there = discover(paths, states) if found is None else found
        ground = Ground(paths, Tally(), read, there, streaming=True)
        listing = _listing(paths, states) if keeping and ground.tally.files > FEW else None
        if not (lookout.gather(there.candidates, watcher) or sure):
            there = discover(paths)
            ground = Ground(paths, Tally(), read, there, streaming=True)
        met = lookout.survey(there.candidates, watcher)
    ground.narrow(met)
    return _Seen(ground, met, listing)


def _judged(
    seen: _Seen, judge: Judge, read: Reader, watcher: Watcher, processes: int
) -> list[Judged]:
    """Judge all clusters, in several processes where there are many.

    Others judge directories that stand alone while this process joins all the rest; where there are
    few of these, joining is divided as well.
    """
    ground, met = seen.ground, seen.met
    alone = standing_alone(ground.scopes, met)
    if processes > 1 and alone:
        judge.load()
    division = None
    if processes > 1:
        from linter.engine.division import Division

        division = Division(judge, processes, len(alone))
    judged: list[Judged] = []
    with _alone(alone, met.looks, judge, read, processes) as crew:
        ground.take(
            met, lambda: {path: one for part in crew.results() for path, one in part}, division
        )
        for scope, stated in ground.clusters():
            judged.append(judge.judged(scope, stated))
            watcher(len(judged), None)
    return judged


def _key(paths: Sequence[str], rules: Sequence[Rule], release: Release | None) -> str:
    """Return the key under which a run is kept; empty where it cannot be, as rules may differ."""
    if not all_ship(rules):  # others may look at anything
        return ""
    from linter.engine.cache import program_digest
    from linter.engine.recall import key_of

    return key_of(paths, (*words_for(rules), str(release), program_digest(), sys.version))


def _listing(paths: Sequence[str], states: States) -> Listing | None:
    """Return what stands there; None where a listing cannot tell."""
    from linter.sources.listing import NoListingError, listing_of

    try:
        listing = listing_of(paths, states)
    except NoListingError:
        return None
    return listing if listing.lasts else None


def _nobody(done: int, total: int | None) -> None:
    """Let nobody know."""


def _alone(
    scopes: Sequence[Scope],
    looks: Mapping[str, Look],
    judge: Judge,
    read: Reader,
    processes: int,
) -> Crew[list[tuple[str, Verdict]]]:
    """Return who judges the installer directories that stand alone, some at a time."""
    size = max(10, len(scopes) // (PIECES * processes))
    pieces = [scopes[start : start + size] for start in range(0, len(scopes), size)]
    only = len(scopes) == 1

    def judged(number: int) -> list[tuple[str, Verdict]]:
        verdicts: list[tuple[str, Verdict]] = []
        for one in pieces[number]:
            seen = [looks.get(candidate.path) for candidate in one.candidates]
            verdicts.append((one.path, verdict_alone(one, read, judge, seen, only=only)))
        return verdicts

    return Crew(judged, len(pieces), processes)


def _without_pool(topologies: Topologies, clusters: Sequence[ClusterOutcome]) -> Iterator[str]:
    """Yield a note for each topology that is for a pool which no cluster has."""
    names = {pool.name for cluster in clusters for pool in cluster.pools}
    names |= {f"{cluster.name}/{pool.name}" for cluster in clusters for pool in cluster.pools}
    for name in topologies.pools():
        if name not in names:
            yield f"a topology is given for '{name}', but no cluster has such a pool"


def _agreed(common: Iterable[Finding], verdicts: Iterable[Verdict]) -> Iterable[Finding]:
    """Return findings of several clusters once, with the repairs that all of these ask for."""
    from linter.engine.sharing import Shares, shared

    shares = Shares()
    for reading in (reading for one in verdicts for reading in one.readings):
        shares.add(reading)
    return shares.agreed(shared(common))


def outcome_of(
    verdicts: Iterable[Verdict],
    tally: Tally,
    rules: Sequence[Rule],
    broken: Iterable[RuleFailure] = (),
) -> Outcome:
    """Put together what is said of all clusters and what was met while reading."""
    verdicts = tuple(verdicts)
    findings = [item for one in verdicts if not one.common for item in one.findings]
    common = [item for one in verdicts if one.common for item in one.findings]
    if common:
        findings += _agreed(common, verdicts)
    skipped = {*tally.skipped, *(item for one in verdicts for item in one.skipped)}
    return Outcome(
        findings=tuple(sorted(findings, key=Finding.order)),
        clusters=tuple(one.cluster for one in verdicts if one.cluster is not None),
        summary=Summary(
            tally.files,
            tally.relevant,
            sum(one.manifests for one in verdicts),
            sum(one.templated for one in verdicts),
            tuple(sorted(skipped, key=lambda skip: (skip.name, skip.reason))),
            tuple(sorted(tally.not_understood, key=lambda skip: (skip.name, skip.reason))),
            len({ref for one in verdicts for ref in one.unreadable}),
        ),
        failures=(*broken, *(failure for one in verdicts for failure in one.failures)),
        notes=(*tally.notes, *(note for one in verdicts for note in one.notes)),
        rules=rules,
        suppressions=tuple(sorted(tally.suppressions, key=lambda wish: wish.ref.order())),
        undecided=frozenset(code for one in verdicts for code in one.undecided),
        read=tuple(sorted(tally.read)),
    )
