"""What a run lets pass: severities of one's own, suppressions, known findings, unchanged files.

:meth:`Gate.applied` is a pure function of what was found and what the manifests and settings say
about it. It never takes a finding away without keeping it, with the reason, among those that are
suppressed; only findings that do not touch changed files are dropped, as their judging was not
asked for.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from linter.engine.findings import Finding, Severity
from linter.engine.fingerprints import text_fingerprint, told_apart
from linter.engine.outcome import BASELINE, CONFIGURATION, Suppressed
from linter.engine.review import Review, StaleEntry, UnknownRule, UnusedWish
from linter.engine.rulebook import Table, prepared
from linter.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from linter.engine.baseline import Baseline
    from linter.engine.outcome import Outcome
    from linter.engine.rules import Rule
    from linter.engine.suppressions import Suppression
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

    known: tuple[Rule, ...] = ()
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
        holding = _Holding(self.sections, outcome.read, self.moved)
        findings = [self._graded(item, holding) for item in outcome.findings]
        passed = _Passed()
        findings = passed.by_sections(findings, holding)
        findings = passed.by_manifests(findings, outcome.suppressions)
        ran = [rule for rule in rules if rule.code not in {f.rule for f in outcome.failures}]
        review = Review(
            suppressions=outcome.suppressions,
            unknown=tuple(_unknown(outcome.suppressions, self.known or tuple(rules))),
            unused=tuple(passed.unused(outcome, holding, ran, findings)),
        )
        more = partial(_reviewed, rules=rules)
        own = [self._graded(item, holding) for item in more(review)]
        findings += passed.by_sections(own, holding)
        findings = told_apart(findings)
        if self.baseline is not None:
            findings = passed.by_baseline(findings, self.baseline)
            codes = {rule.code for rule in ran}
            stale = Review(stale=tuple(passed.stale(self.baseline, outcome, codes)))
            findings += [self._graded(item, holding) for item in more(stale)]
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

    def _graded(self, item: Finding, holding: _Holding) -> Finding:
        """Give a finding the severity that the settings say; the last of them counts."""
        if item.dormant or not (self.severity or self.sections):
            return item
        severity = self.severity.get(item.rule, item.severity)
        for section in holding.of(item.primary.ref.file.path):
            severity = section.severity.get(item.rule, severity)
        return item if severity is item.severity else replace(item, severity=severity)


class _Holding:
    """Which sections hold for which files."""

    def __init__(
        self,
        sections: Sequence[Section],
        files: Sequence[str],
        moved: tuple[str, str] | None = None,
    ) -> None:
        self._sections = sections
        self._moved = moved
        self._by_path: dict[str, list[Section]] = {}
        self._files = files

    @property
    def none(self) -> bool:
        """Whether there are no sections at all."""
        return not self._sections

    def of(self, path: str) -> list[Section]:
        """Return the sections for a file, in their order."""
        if path not in self._by_path:
            place = self._place(path)
            self._by_path[path] = [part for part in self._sections if part.holds_for(place)]
        return self._by_path[path]

    def _place(self, path: str) -> str:
        """Return where a file counts as standing."""
        if self._moved is None:
            return path
        below = os.path.relpath(path, self._moved[0])
        inside = below != os.pardir and not below.startswith(os.pardir + os.sep)
        return os.path.join(self._moved[1], below) if inside else path

    def met(self) -> list[Section]:
        """Return the sections that hold for any file that was read."""
        return [
            part
            for part in self._sections
            if any(part is held for path in self._files for held in self.of(path))
        ]


class _Passed:
    """What is let pass, and on whose word."""

    def __init__(self) -> None:
        self.suppressed: list[Suppressed] = []
        self._used: set[tuple[int, str]] = set()
        """Sections and suppressions by their identity, each with a word of theirs."""
        self._matched: set[str] = set()

    def by_sections(self, findings: Iterable[Finding], holding: _Holding) -> list[Finding]:
        """Take out what sections of the settings ignore."""
        if holding.none:
            return list(findings)
        kept = []
        for item in findings:
            reason = None
            for section in holding.of(item.primary.ref.file.path):
                for word, codes in section.ignore.items():
                    if item.rule in codes:
                        self._used.add((id(section), word))
                        reason = reason or section.reason
            if reason is None:
                kept.append(item)
            else:
                self.suppressed.append(Suppressed(item, reason, CONFIGURATION))
        return kept

    def by_manifests(
        self, findings: Iterable[Finding], suppressions: Sequence[Suppression]
    ) -> list[Finding]:
        """Take out what comments and annotations suppress."""
        by_path: dict[str, list[Suppression]] = {}
        for wish in suppressions:
            if not wish.fault:
                by_path.setdefault(wish.path, []).append(wish)
        if not by_path:
            return list(findings)
        kept = []
        for item in findings:
            granted = None
            for wish in _touching(item, by_path):
                for ref in wish.rules:
                    if _names(ref.text, item):
                        self._used.add((id(wish), ref.text))
                        if wish.reason:
                            granted = granted or wish
            if granted is None:
                kept.append(item)
            else:
                self.suppressed.append(Suppressed(item, granted.reason, granted.kind))
        return kept

    def by_baseline(self, findings: Iterable[Finding], baseline: Baseline) -> list[Finding]:
        """Take out what is known."""
        kept = []
        for item in findings:
            entry = baseline.entries.get(item.fingerprint)
            if entry is None:
                kept.append(item)
            else:
                self._matched.add(entry.fingerprint)
                self.suppressed.append(Suppressed(item, entry.reason, BASELINE))
        return kept

    def unused(
        self,
        outcome: Outcome,
        holding: _Holding,
        ran: Sequence[Rule],
        findings: Sequence[Finding],
    ) -> Iterable[UnusedWish]:
        """Yield the words that suppress nothing although their rule had its say.

        A finding that keeps others at its place from being found, or one that holds in some
        releases only, may stand for what would be suppressed.
        """
        decided = {rule.code: rule for rule in ran if rule.code not in outcome.undecided}
        by_name = {rule.name: rule for rule in decided.values()}
        standing: dict[str, list[tuple[int, Finding]]] = {}
        found = [*findings, *(item.finding for item in self.suppressed)]
        for item in found if outcome.suppressions else ():
            for label in item.labels:
                places = standing.setdefault(label.ref.file.path, [])
                places.append((label.ref.in_file().start, item))
        for wish in outcome.suppressions:
            if wish.fault or not wish.reason:
                continue
            for ref in wish.rules:
                rule = decided.get(ref.text.upper()) or by_name.get(ref.text.lower())
                if rule is None or (id(wish), ref.text) in self._used:
                    continue
                hidden = any(
                    wish.begin <= start <= wish.end and _hides(item, rule)
                    for start, item in standing.get(wish.path, ())
                )
                if not hidden:
                    yield UnusedWish(ref, rule.code, wish.kind)
        for section in holding.met():
            for word, codes in section.ignore.items():
                fresh = (id(section), word) not in self._used
                if fresh and codes and section.ref is not None and decided.keys() >= set(codes):
                    yield UnusedWish(section.ref, word, CONFIGURATION)

    def stale(
        self, baseline: Baseline, outcome: Outcome, ran: Collection[str]
    ) -> Iterable[StaleEntry]:
        """Yield the entries of a baseline that no finding matches although they were judged."""
        judged = baseline.judged(outcome, ran)
        for entry in baseline.entries.values():
            if entry.fingerprint not in self._matched and judged(entry) and entry.ref is not None:
                yield StaleEntry(entry.ref, entry.rule, entry.cluster, entry.resource)


def _hides(item: Finding, rule: Rule) -> bool:
    """Say whether a finding keeps those of a rule at its place from being found.

    What cannot be read (errors of the groups 0 and 1) cannot be compared.
    """
    unread = item.rule[3] in "01" and item.severity is Severity.ERROR
    return item.rule in rule.requires or (unread and item.rule != rule.code)


def _touching(item: Finding, by_path: Mapping[str, Sequence[Suppression]]) -> Iterable[Suppression]:
    """Yield the suppressions that hold for a place which a finding labels.

    Of a file there may be two states, each with its own.
    """
    for label in item.labels:
        place = label.ref.in_file()
        for wish in by_path.get(label.ref.file.path, ()):
            here = wish.begin <= place.start <= wish.end
            if here and wish.ref.in_file().source.text == place.source.text:
                yield wish


def _names(word: str, item: Finding) -> bool:
    return word.upper() == item.rule or word.lower() == item.name


def _unknown(suppressions: Iterable[Suppression], known: Sequence[Rule]) -> Iterable[UnknownRule]:
    names = {rule.code.lower() for rule in known} | {rule.name for rule in known}
    for wish in suppressions:
        for ref in wish.rules if not wish.fault else ():
            if ref.text.lower() not in names:
                yield UnknownRule(ref, _nearest(ref.text, known))


def _nearest(word: str, known: Sequence[Rule]) -> str:
    from difflib import get_close_matches

    names = [rule.name for rule in known] + [rule.code for rule in known]
    close = get_close_matches(word.lower(), names, 1) or get_close_matches(word.upper(), names, 1)
    return close[0] if close else ""


def _reviewed(review: Review, rules: Sequence[Rule]) -> list[Finding]:
    """Run the rules about suppressions and baselines."""
    found: list[Finding] = []
    table = Table(review)
    for one in map(prepared, rules):
        if not one.kind.of_run:
            continue
        rule = one.rule
        for _, facts in table.calls(one):
            for draft in rule.check(*facts):
                severity = draft.severity or rule.severity
                item = Finding(
                    rule.code, rule.name, severity, draft.message, draft.labels,
                    draft.effect, draft.advice,
                    fingerprint=text_fingerprint(rule.code, draft.labels[0].ref.text),
                )  # fmt: skip
                found.append(item)
    return sorted(found, key=Finding.order)
