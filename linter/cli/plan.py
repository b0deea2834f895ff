"""``wplint plan``: what a change of manifests does to the clusters that run already."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from linter.cli.garbage import look_seldom
from linter.cli.lint import BROKEN, FINDINGS
from linter.cli.outputs import read_outputs, write_file, write_outputs
from linter.cli.own_rules import available_rules
from linter.cli.release import read_configuration, read_release
from linter.cli.selection import words_of
from linter.cli.streams import StandardError, StandardOutput
from linter.cli.topology import topologies_for
from linter.cli.usage import UsageError
from linter.engine import explicit_clusters
from linter.engine.cache import Cache, program_digest, usual_folder
from linter.engine.cards import Cards
from linter.engine.configuration import ConfigurationError
from linter.engine.findings import Severity, worst
from linter.engine.gate_settings import gate_for
from linter.engine.loader import RuleError, is_rule, select_rules
from linter.engine.lookout import FEW
from linter.engine.planning import Targets, plan
from linter.engine.recall import key_of
from linter.engine.state_sources import WORK_TREE, directories, revisions
from linter.plan.effects import Effect
from linter.records import dataclass, replace
from linter.report import FORMATS
from linter.report.plan import concise, lines, markdown, summary_lines, text
from linter.report.styled import EMPTY, plain
from linter.report.terminal import DEFAULT_WIDTH, width_of, write
from linter.sources.candidates import PathError
from linter.sources.revision import RevisionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.cli.outputs import Output
    from linter.engine.configuration import Configuration
    from linter.engine.planning import Plan
    from linter.engine.rules import Rule
    from linter.engine.side import StateSource

MANY_OBJECTS = 1_000_000
"""Objects made, less objects freed, until garbage is looked for.

Both states of the clusters that a change concerns are kept to the end, so there is hardly any, and
looking for it would take an eighth of the time.
"""

OWN_FORMATS = ("full", "concise", "json", "markdown")
"""The formats that show a plan; all others show its findings."""


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is to be compared and how: the options of the command, as they were written."""

    paths: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    cluster: str | None = None
    pool: str | None = None
    outputs: tuple[str, ...] = ("full",)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_level: Severity | None = None
    fail_on: tuple[str, ...] = ()
    openshift_version: str | None = None
    to_version: str | None = None
    topology: tuple[tuple[str, str], ...] = ()
    exit_zero: bool = False
    baseline: str | None = None
    cache: bool = True
    cache_dir: str | None = None


def run_plan(request: PlanRequest) -> int:
    """Compare two states, print and write the reports, and return the exit status.

    Raises:
        UsageError: An option, a path or a revision cannot be used, or a report cannot be written.

    """
    look_seldom(MANY_OBJECTS)
    if request.baseline is not None:
        raise UsageError(
            "--baseline: a change happens once, so none is known beforehand; suppress what is "
            "meant by a comment or in the settings"
        )
    outputs = read_outputs(request.outputs, (*FORMATS, "markdown"))
    forbidden = _effects(request.fail_on)
    configuration = read_configuration(request.paths[-1:])
    request = _completed(request, configuration)
    targets = Targets(
        read_release(request.openshift_version, configuration),
        read_release(request.to_version, configuration) if request.to_version else None,
        topologies_for(request.topology, configuration),
    )
    available, broken = available_rules(configuration)
    rules = _rules(request, configuration, available, lenient=bool(broken))
    try:
        gate = gate_for(configuration, available, lenient=bool(broken))
    except ConfigurationError as error:
        raise UsageError(str(error)) from None
    try:
        old, new = _states(request)
        if configuration.clusters:
            old = _with_clusters(old, new.root, configuration)
            new = _with_clusters(new, new.root, configuration)
        made = _planned(old, new, rules, targets, request)
    except (PathError, RevisionError) as error:
        raise UsageError(str(error)) from error
    level = request.fail_level or Severity.ERROR
    gate = replace(gate, moved=(old.root, new.root) if old.root != new.root else None)
    outcome = gate.applied(made.outcome, rules)
    failures = (*broken, *outcome.failures)
    made = replace(made, outcome=replace(outcome, failures=failures, fail_level=level))
    _check_names(made, request)
    try:
        _write(outputs, made, request)
    finally:
        with StandardError() as stream:
            write([EMPTY, *summary_lines(made, width_of(stream))], stream)
    return _status(made, request, forbidden)


def _states(request: PlanRequest) -> tuple[StateSource, StateSource]:
    """Return the two states that are asked for.

    Raises:
        UsageError: It is not clear which.

    """
    paths = request.paths
    if request.old is None:
        if request.new is not None:
            raise UsageError("--to needs --from, the revision to compare it with")
        if request.to_version is not None and len(paths) < 2:
            here = paths[0] if paths else "."
            old, new = directories(here, here)
            return old, replace(new, words=f"the same in OpenShift {request.to_version}")
        if len(paths) != 2:
            raise UsageError(
                "name what to compare: wplint plan --from REVISION, or wplint plan OLD NEW"
            )
        return directories(*paths)
    if len(paths) > 1:
        raise UsageError("--from compares one directory; name it alone")
    return revisions(paths[0] if paths else ".", request.old, request.new or WORK_TREE)


def _planned(
    old: StateSource,
    new: StateSource,
    rules: Sequence[Rule],
    targets: Targets,
    request: PlanRequest,
) -> Plan:
    """Compare two states; of large ones, what single files say is kept for the next time."""
    few = max(len(one.found.candidates) for one in (old, new)) <= FEW
    if few or not request.cache:
        return plan(old, new, rules, targets, cards=Cards())
    cache = Cache(request.cache_dir or usual_folder())
    key = key_of([new.root], ("cards", program_digest(), sys.version))
    cards = Cards(cache.read(key))
    made = plan(old, new, rules, targets, cards=cards)
    if cards.grown:
        cache.write(key, cards.packed())
    return made


def _with_clusters(source: StateSource, root: str, configuration: Configuration) -> StateSource:
    """Return a state with the clusters of the configuration, taken as if it were in ``root``."""
    found = explicit_clusters.assigned(source.found, configuration, (source.root, root))
    return replace(source, found=found)


def _completed(request: PlanRequest, configuration: Configuration) -> PlanRequest:
    """Fill in what the command line left open; what it says beats the file."""
    level = request.fail_level
    if level is None and configuration.fail_level is not None:
        level = Severity(configuration.fail_level)
    return replace(request, ignore=request.ignore or configuration.ignore, fail_level=level)


def _rules(
    request: PlanRequest,
    configuration: Configuration,
    available: Sequence[Rule],
    *,
    lenient: bool,
) -> tuple[Rule, ...]:
    """Return the rules that are to run, which are about changes.

    Most of what the file selects is for ``lint``, so that it counts only if it names any of these.

    Raises:
        UsageError: A word names no rule, or no such rule is left.

    """
    select, ignore = words_of(request.select), words_of(request.ignore)
    own = list(configuration.select)
    if lenient:  # a word that names no rule may name one that cannot be loaded
        select, ignore, own = (
            [word for word in words if is_rule(available, word)] for words in (select, ignore, own)
        )
    try:
        if not request.select and own and _about_change(select_rules(available, own)):
            select = own
        chosen = select_rules(available, select, ignore)
    except RuleError as error:
        raise UsageError(str(error)) from error
    rules = _about_change(chosen)
    if request.select and chosen and not rules:
        raise UsageError(f"{chosen[0].code} judges what is there; wplint lint runs it")
    return rules


def _about_change(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.about_change)


def _effects(words: Sequence[str]) -> frozenset[Effect]:
    """Read the values of ``--fail-on``.

    Raises:
        UsageError: One of them names no effect.

    """
    known = {effect.slug: effect for effect in Effect}
    for word in words_of(words):
        if word not in known:
            raise UsageError(f"--fail-on: '{word}' is no effect; there are {', '.join(known)}")
    return frozenset(known[word] for word in words_of(words))


def _check_names(made: Plan, request: PlanRequest) -> None:
    """Refuse a cluster or pool that the change does not touch.

    Raises:
        UsageError: There is none of the name.

    """
    touched = [one.name for one in made.clusters]
    if request.cluster is not None and request.cluster not in touched:
        some = ", ".join(touched[:6]) or "none"
        raise UsageError(
            f"--cluster: the change touches no cluster '{request.cluster}'; it touches {some}"
        )
    pools = sorted(
        {
            pool.name
            for one in made.clusters
            if one.change is not None and request.cluster in {None, one.name}
            for pool in one.change.pools
        }
    )
    if request.pool is not None and request.pool not in pools:
        some = ", ".join(pools) or "none"
        raise UsageError(f"--pool: no cluster here has a pool '{request.pool}'; there are {some}")


def _write(outputs: Sequence[Output], made: Plan, request: PlanRequest) -> None:
    """Write every report; the one on standard output comes first."""
    cluster, pool = request.cluster, request.pool
    for output in sorted(outputs, key=lambda output: output.path is not None):
        if output.format_name not in OWN_FORMATS:
            write_outputs([output], made.outcome)
        elif output.path is None and output.format_name == "full":
            with StandardOutput() as stream:
                write(lines(made, width_of(stream), cluster, pool), stream)
        else:
            document = _document(output.format_name, made, request)
            if output.path is not None:
                write_file(output.path, document)
                continue
            with StandardOutput() as stream:
                stream.write(document)


def _document(format_name: str, made: Plan, request: PlanRequest) -> str:
    if format_name == "json":
        return text(made, request.cluster, request.pool)
    if format_name == "markdown":
        return markdown(made)
    if format_name == "concise":
        return concise(made)
    return plain(lines(made, DEFAULT_WIDTH, request.cluster, request.pool))


def _status(made: Plan, request: PlanRequest, forbidden: frozenset[Effect]) -> int:
    """Return the exit status: that of a broken rule, else of the findings and effects."""
    if made.outcome.failures:
        return BROKEN
    if request.exit_zero:
        return 0
    highest = worst(made.outcome.findings)
    failing = highest is not None and highest >= made.outcome.fail_level
    met = any(
        effect in forbidden
        for cluster in made.clusters
        for change in cluster.changes
        for effect in change.effects
    )
    return FINDINGS if failing or met else 0
