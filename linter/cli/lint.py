"""``wplint lint``: judge manifests and report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.garbage import look_seldom
from linter.cli.outputs import read_outputs, write_outputs
from linter.cli.own_rules import available_rules
from linter.cli.progress import progress_on
from linter.cli.release import read_configuration, read_release
from linter.cli.streams import StandardError, StandardOutput
from linter.cli.topology import topologies_for
from linter.cli.usage import UsageError
from linter.engine.cache import Cache, usual_folder
from linter.engine.findings import Severity, worst
from linter.engine.gate import Gate
from linter.engine.run import lint
from linter.engine.workers import processors
from linter.records import dataclass, replace
from linter.report import print_statistics, print_summary
from linter.sources import standard_input
from linter.sources.candidates import PathError
from linter.sources.reading import read as from_disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.configuration import Configuration
    from linter.engine.loading import Reader
    from linter.engine.outcome import Outcome, RuleFailure
    from linter.engine.rules import Rule
    from linter.model.releases import Release
    from linter.sources.candidates import Discovery
    from linter.topology.machine import Topologies

FINDINGS = 1
BROKEN = 2


@dataclass(frozen=True, slots=True)
class LintRequest:
    """What is to be judged and how: the options of the command, as they were written."""

    paths: tuple[str, ...] = (".",)
    outputs: tuple[str, ...] = ("full",)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_level: Severity | None = None
    openshift_version: str | None = None
    exit_zero: bool = False
    fix: bool = False
    diff: bool = False
    interactive: bool = False
    unsafe_fixes: bool = False
    prefer: str | None = None
    show_settings: bool = False
    topology: tuple[tuple[str, str], ...] = ()
    cache: bool = True
    cache_dir: str | None = None
    strict: bool = False
    statistics: bool = False
    stdin_filename: str | None = None
    show_suppressed: bool = False
    baseline: str | None = None
    update_baseline: bool = False
    prune_baseline: bool = False
    changed: bool = False
    changed_since: str | None = None
    profile_rules: bool = False
    watch: bool = False

    @property
    def fixing(self) -> bool:
        """Whether anything is to be repaired, be it in memory."""
        return self.fix or self.diff or self.interactive


def run_lint(request: LintRequest) -> int:
    """Judge manifests, print and write the reports, and return the exit status.

    Raises:
        UsageError: An option or a path cannot be used, or a report cannot be written.

    """
    look_seldom()
    if request.watch:
        from linter.cli.watching import watch

        return watch(request, run_lint)
    outputs = read_outputs(request.outputs)
    if standard_input.NAME in request.paths:
        _check_standard_input(request)
    configuration = read_configuration(
        (request.stdin_filename,) if request.stdin_filename is not None else request.paths
    )
    if request.show_settings:
        return show_settings(request, configuration)
    request = with_configuration(request, configuration)
    release = read_release(request.openshift_version, configuration)
    available, broken = available_rules(configuration)
    rules = choose_rules(request, available, broken)
    topologies = topologies_for(request.topology, configuration)
    gate = gate_of(request, configuration, available, broken)
    clock = None
    if request.profile_rules:
        from linter.cli.rule_clock import RuleClock

        clock = RuleClock()
        rules = clock.timed(rules)
    if request.fixing or request.unsafe_fixes or request.prefer is not None:
        from linter.cli.fix import check_fix_options, run_fix

        check_fix_options(request)
        status = run_fix(
            request, outputs, rules, release,
            gate=gate, topologies=topologies, broken=broken, configuration=configuration,
        )  # fmt: skip
        if clock is not None:
            clock.print()
        return status
    outcome = _outcome(
        request, rules, release,
        gate=gate, topologies=topologies, broken=broken, configuration=configuration,
        alone=clock is not None,
    )  # fmt: skip
    if request.update_baseline or request.prune_baseline:
        from linter.cli.gate import written_baseline

        outcome = written_baseline(request, gate, outcome, rules)
    outcome = judged(outcome, request)
    try:
        write_outputs(outputs, outcome)
    finally:
        summarize(outcome, request)
        if clock is not None:
            clock.print()
    return status_of(outcome, request)


def _outcome(
    request: LintRequest,
    rules: Sequence[Rule],
    release: Release | None,
    *,
    gate: Gate,
    topologies: Topologies | None,
    broken: Sequence[RuleFailure],
    configuration: Configuration,
    alone: bool,
) -> Outcome:
    """Judge what is asked for; ``alone`` in this one process, and nothing from earlier runs.

    Raises:
        UsageError: A path cannot be used.

    """
    try:
        read: Reader = from_disk
        found: Discovery | None
        if request.paths == (standard_input.NAME,):
            read, found = standard_input.reader(), standard_input.discovery(request.stdin_filename)
        else:
            found = _explicit(request, configuration)
        spread = not alone and request.paths != (standard_input.NAME,)
        keep = request.cache and found is None and not alone
        with progress_on() as watcher:
            return lint(
                request.paths,
                rules,
                release,
                read,
                topologies=topologies,
                broken=broken,
                found=found,
                gate=gate,
                processes=processors() if spread else 1,
                cache=Cache(request.cache_dir or usual_folder()) if keep else None,
                watcher=watcher,
            )
    except PathError as error:
        raise UsageError(str(error)) from error


def _explicit(request: LintRequest, configuration: Configuration) -> Discovery | None:
    """Return the files with the clusters that the configuration names, if it names any."""
    if not configuration.clusters:
        return None
    from linter.engine import explicit_clusters

    return explicit_clusters.discovery(request.paths, configuration)


def _check_standard_input(request: LintRequest) -> None:
    """Raise UsageError where standard input is asked for beside something that it excludes."""
    if len(request.paths) > 1:
        raise UsageError("'-', which is standard input, stands for all files; name no other path")
    if request.fixing:
        raise UsageError("what is read from standard input cannot be repaired; name a file")


def show_settings(request: LintRequest, configuration: Configuration) -> int:
    """Print what holds and who says so, and return the exit status."""
    from linter.cli.settings import settings_text

    with StandardOutput() as stream:
        stream.write(settings_text(request, configuration))
    return 0


def judged(outcome: Outcome, request: LintRequest) -> Outcome:
    """Add to an outcome what makes the run fail."""
    short: tuple[str, ...] = ()
    if request.strict:
        from linter.engine.strictness import shortfalls

        short = shortfalls(outcome.summary)
    return replace(
        outcome,
        fail_level=request.fail_level or Severity.ERROR,
        show_suppressed=request.show_suppressed,
        shortfalls=short,
    )


def summarize(outcome: Outcome, request: LintRequest) -> None:
    """Tell people on standard error what was found and understood."""
    with StandardError() as stream:
        print_summary(outcome, stream)
        if request.statistics:
            print_statistics(outcome, stream)


def with_configuration(request: LintRequest, configuration: Configuration) -> LintRequest:
    """Fill in what the command line left open; what it says beats the file."""
    level = request.fail_level
    if level is None and configuration.fail_level is not None:
        level = Severity(configuration.fail_level)
    return replace(
        request,
        select=request.select or configuration.select,
        ignore=request.ignore or configuration.ignore,
        fail_level=level,
    )


def gate_of(
    request: LintRequest,
    configuration: Configuration,
    available: Sequence[Rule],
    broken: Sequence[RuleFailure],
) -> Gate:
    """Return what is let pass besides what manifests suppress.

    Raises:
        UsageError: The settings, or options about the baseline, cannot be used.

    """
    writing = request.update_baseline or request.prune_baseline
    narrowed = request.changed or request.changed_since
    if not (configuration.path or request.baseline or writing or narrowed):
        return Gate(available)
    from linter.cli.gate import check_baseline_options, read_gate

    check_baseline_options(request)
    return read_gate(request, configuration, available, lenient=bool(broken))


def choose_rules(
    request: LintRequest, available: Sequence[Rule], broken: Sequence[RuleFailure]
) -> Sequence[Rule]:
    """Return the rules that are to run: all of them, not looked at yet, if nobody chooses.

    Where rules are broken, a word that names none may name one of these, and is passed over: the
    status will tell of them.

    Raises:
        UsageError: A word names no rule, or no rule is left.

    """
    if not (request.select or request.ignore):
        return available
    from linter.cli.selection import words_of
    from linter.engine.loader import RuleError, is_rule, select_rules

    select, ignore = words_of(request.select), words_of(request.ignore)
    if broken:
        kept = [word for word in select if is_rule(available, word)]
        if select and not kept:
            return ()
        select, ignore = kept, [word for word in ignore if is_rule(available, word)]
    try:
        rules = select_rules(available, select, ignore)
    except RuleError as error:
        raise UsageError(str(error)) from error
    if request.select and rules and all(rule.about_change for rule in rules):
        raise UsageError(f"{rules[0].code} judges what a change does; wplint plan runs it")
    if not rules:
        raise UsageError("no rule is left to run: --ignore takes away all that --select names")
    return rules


def status_of(outcome: Outcome, request: LintRequest) -> int:
    """Return the exit status: that of a broken rule, else that of the findings."""
    if outcome.failures:
        return BROKEN
    highest = worst(outcome.findings)
    fails = highest is not None and highest >= outcome.fail_level
    if request.exit_zero or not (fails or outcome.shortfalls):
        return 0
    return FINDINGS
