"""``wplint lint --fix``, ``--diff`` and ``--interactive``: repair manifests and report."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from linter.cli.outputs import write_outputs
from linter.cli.streams import StandardError, StandardOutput
from linter.cli.usage import UsageError
from linter.fix import BusyError, FixOptions, FixOutcome, Preference, fix_tree
from linter.fix.asking import TerminalAsker, can_ask
from linter.fix.difference import differences
from linter.fix.summary import fix_summary
from linter.sources.candidates import PathError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.cli.lint import LintRequest
    from linter.cli.outputs import Output
    from linter.engine.configuration import Configuration
    from linter.engine.gate import Gate
    from linter.engine.outcome import RuleFailure
    from linter.engine.rules import Rule
    from linter.model.releases import Release
    from linter.topology.machine import Topologies

SOMETHING_TO_FIX = 1


def run_fix(
    request: LintRequest,
    outputs: Sequence[Output],
    rules: Sequence[Rule],
    release: Release | None,
    *,
    gate: Gate,
    topologies: Topologies | None = None,
    broken: tuple[RuleFailure, ...] = (),
    configuration: Configuration,
) -> int:
    """Repair manifests, or show how, and return the exit status.

    Raises:
        UsageError: Options do not go together, there is nobody to ask, or a report cannot be
            written.

    """
    outputs = _without_standard_output(outputs) if request.diff else outputs
    options = FixOptions(
        unsafe=request.unsafe_fixes,
        prefer=Preference(request.prefer) if request.prefer is not None else None,
        write=not request.diff,
        asker=_asker() if request.interactive else None,
        topologies=topologies,
        broken=broken,
        gate=gate,
        configuration=configuration,
    )
    try:
        repair = fix_tree(request.paths, rules, release, options)
    except (PathError, BusyError) as error:
        raise UsageError(str(error)) from error
    from linter.cli.lint import judged, status_of, summarize

    after = judged(repair.after, request)
    outcome = judged(repair.before, request) if request.diff else after
    if request.diff:
        with StandardOutput() as stream:
            stream.write(differences(repair.changes))
    try:
        write_outputs(outputs, outcome)
    finally:
        with StandardError() as stream:
            stream.write(fix_summary(repair))
        summarize(outcome, request)
    return _status(repair, request, status_of(after, request))


def check_fix_options(request: LintRequest) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: One of them needs another one, or excludes it.

    """
    if request.diff and request.interactive:
        raise UsageError("--diff writes nothing, so there is nothing to ask: leave one out")
    for option, given in (
        ("--unsafe-fixes", request.unsafe_fixes),
        ("--prefer", request.prefer is not None),
    ):
        if given and not request.fixing:
            raise UsageError(f"{option} says how to fix: add --fix, --diff or --interactive")


def _status(repair: FixOutcome, request: LintRequest, status: int) -> int:
    """Return the status of what is left, and at least 1 where something could be repaired still."""
    unfinished = bool(repair.refusal) or (request.diff and bool(repair.changes))
    if unfinished and not request.exit_zero:
        return max(status, SOMETHING_TO_FIX)
    return status


def _asker() -> TerminalAsker:
    if sys.stdin is None or sys.stderr is None or not can_ask(sys.stdin, sys.stderr):
        raise UsageError(
            "--interactive asks on a terminal, so standard input and standard error must be one; "
            "in a pipe use --fix, or --diff to see what it would do"
        )
    return TerminalAsker(sys.stdin, sys.stderr)


def _without_standard_output(outputs: Sequence[Output]) -> list[Output]:
    """Leave out the usual report: the difference stands in its place."""
    for output in outputs:
        if output.path is None and output.format_name != "full":
            raise UsageError(
                "--diff prints the difference on standard output; send the report to a file, "
                f"as in --output {output.format_name}=FILE"
            )
    return [output for output in outputs if output.path is not None]
