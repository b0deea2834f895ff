"""What a run lets pass, as the command line and the configuration file say, and its baseline."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.streams import complain
from linter.cli.usage import UsageError
from linter.engine.baseline import Baseline, BaselineError, read_baseline, updated, write_baseline
from linter.engine.configuration import ConfigurationError, repository_of
from linter.engine.gate_settings import gate_for
from linter.engine.outcome import BASELINE, Suppressed
from linter.records import replace
from linter.sources.candidates import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.cli.lint import LintRequest
    from linter.engine.configuration import Configuration
    from linter.engine.gate import Gate
    from linter.engine.narrowing import Narrowing
    from linter.engine.outcome import Outcome
    from linter.engine.rules import Rule


def read_gate(
    request: LintRequest,
    configuration: Configuration,
    known: Sequence[Rule],
    *,
    lenient: bool = False,
) -> Gate:
    """Return what is let pass.

    Args:
        request: The options; that of a baseline beats the file.
        configuration: What the file says.
        known: The rules that there are.
        lenient: Whether a word may name a rule that cannot be loaded.

    Raises:
        UsageError: The file names a rule that there is not, or the baseline cannot be used.

    """
    writing = request.update_baseline or request.prune_baseline
    try:
        path = _baseline_path(request, configuration)
        if path is None and writing:
            raise UsageError(
                "there is no baseline to write: name it with --baseline FILE, or in the settings"
            )
        baseline = None
        if path is not None:
            baseline = read_baseline(path, absent_is_empty=request.update_baseline)
            baseline = replace(baseline, whole=_is_whole(request.paths, path, configuration))
        gate = gate_for(configuration, known, baseline, lenient=lenient)
        return replace(gate, narrow=_narrowing(request))
    except (BaselineError, ConfigurationError) as error:
        raise UsageError(str(error)) from None


def _narrowing(request: LintRequest) -> Narrowing | None:
    """Return what leaves out findings about what has not changed, where that is asked for.

    pre-commit says what it compares with where it is run for the commits of a branch.
    """
    if not (request.changed or request.changed_since):
        return None
    from linter.engine.narrowing import Narrowing
    from linter.sources.changes import ChangesError, changes_since

    revision = request.changed_since or os.environ.get("PRE_COMMIT_FROM_REF") or None
    path = request.paths[0] if request.paths else "."
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    try:
        changes = changes_since(folder, revision)
    except ChangesError as error:
        raise UsageError(f"--changed: {error}") from None
    return Narrowing(changes)


def check_baseline_options(request: LintRequest) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: They do not.

    """
    if request.update_baseline and request.prune_baseline:
        raise UsageError("--update-baseline takes away what --prune-baseline does: leave one out")
    writing = request.update_baseline or request.prune_baseline
    if writing and (request.changed or request.changed_since):
        raise UsageError("a baseline is written of all that is found: leave --changed out")
    if writing and request.fixing:
        raise UsageError("repair first, then write the baseline: leave one of the options out")


def written_baseline(
    request: LintRequest, gate: Gate, outcome: Outcome, rules: Sequence[Rule]
) -> Outcome:
    """Write the baseline anew after a run that was held against it; return what is left to report.

    Raises:
        UsageError: It cannot be written.

    """
    if gate.baseline is None or not (request.update_baseline or request.prune_baseline):
        return outcome
    broken = {failure.rule for failure in outcome.failures}
    ran = {rule.code for rule in rules} - broken
    entries = updated(gate.baseline, outcome, ran, add=request.update_baseline)
    try:
        write_baseline(gate.baseline.path, entries)
    except BaselineError as error:
        raise UsageError(str(error)) from None
    fingerprints = {entry.fingerprint for entry in entries}
    before = gate.baseline.entries.keys()
    complain(
        f"{shown(gate.baseline.path)}: {len(fingerprints)} known, {len(fingerprints - before)} "
        f"of them new; {len(before - fingerprints)} taken away"
    )
    return _known_now(outcome, gate.baseline, fingerprints)


def _known_now(outcome: Outcome, baseline: Baseline, fingerprints: set[str]) -> Outcome:
    """Move what has become known to what is suppressed, and drop what is said of stale entries."""
    left = [
        item
        for item in outcome.findings
        if item.fingerprint not in fingerprints and item.primary.ref.file.path != baseline.path
    ]
    known = [item for item in outcome.findings if item.fingerprint in fingerprints]
    return replace(
        outcome,
        findings=tuple(left),
        suppressed=(*outcome.suppressed, *(Suppressed(item, "", BASELINE) for item in known)),
    )


def _baseline_path(request: LintRequest, configuration: Configuration) -> str | None:
    if request.baseline is not None:
        return os.path.abspath(request.baseline)
    if configuration.baseline is None:
        return None
    return configuration.resolved(configuration.baseline, "baseline")


def _is_whole(paths: Sequence[str], baseline: str, configuration: Configuration) -> bool:
    """Say whether everything is looked at that a baseline may be about: all of its repository."""
    home = configuration.root or repository_of(baseline)
    return any(
        os.path.isdir(path) and os.path.commonpath((home, os.path.realpath(path))) == real
        for path in paths
        for real in (os.path.realpath(path),)
    )
