"""What a run lets pass: severities of one's own, suppressions, known findings, unchanged files.

:meth:`Gate.applied` is a pure function of what was found and what the manifests and settings say
about it. It never takes a finding away without keeping it, with the reason, among those that are
suppressed; only findings that do not touch changed files are dropped, as their judging was not
asked for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.findings import Finding
from linter.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from linter.engine.baseline import Baseline
    from linter.engine.findings import Severity
    from linter.engine.outcome import Outcome
    from linter.engine.passing import Holding
    from linter.engine.rules import Rule
    from linter.sources.globs import Glob
    from linter.sources.text import Ref


@dataclass(frozen=True, slots=True)
class Section:
    """Settings for the files that a glob matches, with rules by their codes.

    ``folder`` is the directory that the glob is relative to; ``ignore`` says for each word of the
    settings which rules it names; ``ref`` is the place of these words.
    """

    glob: Glob
    folder: str
    ignore: Mapping[str, Collection[str]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    reason: str = ""
    ref: Ref | None = None

    def holds_for(self, path: str) -> bool:
        """Say whether a file is among those that the glob matches."""
        below = os.path.relpath(os.path.realpath(path), self.folder)
        return not below.startswith(os.pardir) and self.glob.matches(below.replace(os.sep, "/"))


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run lets pass.

    ``known`` are the rules that there are, whether they run or not; where it is empty, those that
    run. ``severity`` is by code. ``narrow`` leaves out what nobody asked for and
    says so. ``moved`` are a directory whose files are taken as if they were in another one, and
    that.
    """

    known: Sequence[Rule] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    baseline: Baseline | None = None
    narrow: Callable[[Sequence[Finding], Outcome], tuple[list[Finding], str]] | None = None
    moved: tuple[str, str] | None = None

    def applied(self, outcome: Outcome, rules: Sequence[Rule]) -> Outcome:
        """Return the outcome with what is let pass taken out of its findings.

        Args:
            outcome: What was found and which suppressions were met.
            rules: The rules that ran, and those about suppressions that are to run.

        """
        if not self._has_a_say(outcome):
            return outcome
        from linter.engine.fingerprints import told_apart
        from linter.engine.passing import Holding, Passed, reviewed, unknown_rules
        from linter.engine.review import Review

        holding = Holding(self.sections, outcome.read, self.moved)
        findings = [self._graded(item, holding) for item in outcome.findings]
        passed = Passed()
        findings = passed.by_sections(findings, holding)
        findings = passed.by_manifests(findings, outcome.suppressions)
        broken = {failure.rule for failure in outcome.failures}
        if outcome.suppressions or self.sections:
            ran = [rule for rule in rules if rule.code not in broken]
            review = Review(
                suppressions=outcome.suppressions,
                unknown=tuple(unknown_rules(outcome.suppressions, self.known or rules)),
                unused=tuple(passed.unused(outcome, holding, ran, findings)),
            )
            own = [self._graded(item, holding) for item in reviewed(review, rules)]
            findings += passed.by_sections(own, holding)
        findings = told_apart(findings)
        if self.baseline is not None:
            findings = passed.by_baseline(findings, self.baseline)
            codes = {rule.code for rule in rules} - broken
            stale = Review(stale=tuple(passed.stale(self.baseline, outcome, codes)))
            findings += [self._graded(item, holding) for item in reviewed(stale, rules)]
        notes = outcome.notes
        if self.narrow is not None:
            findings, note = self.narrow(findings, outcome)
            notes = (*notes, note)
        return replace(
            outcome,
            notes=notes,
            findings=tuple(sorted(findings, key=Finding.order)),
            suppressed=tuple(sorted(passed.suppressed, key=lambda item: item.finding.order())),
        )

    def _has_a_say(self, outcome: Outcome) -> bool:
        """Say whether anything can be let pass, or is to be said of what was to be."""
        judging = (self.sections, self.baseline is not None, self.narrow is not None)
        return any((outcome.findings, outcome.suppressions, *judging))

    def _graded(self, item: Finding, holding: Holding) -> Finding:
        """Give a finding the severity that the settings say; the last of them counts."""
        if item.dormant or not (self.severity or self.sections):
            return item
        severity = self.severity.get(item.rule, item.severity)
        for section in holding.of(item.primary.ref.file.path):
            severity = section.severity.get(item.rule, severity)
        return item if severity is item.severity else replace(item, severity=severity)
