"""What is let pass, and on whose word; and what the rules about such words say of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.engine.findings import Finding, Severity
from linter.engine.fingerprints import text_fingerprint
from linter.engine.outcome import BASELINE, CONFIGURATION, Suppressed
from linter.engine.review import StaleEntry, UnknownRule, UnusedWish

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from linter.engine.baseline import Baseline
    from linter.engine.gate import Section
    from linter.engine.outcome import Outcome
    from linter.engine.review import Review
    from linter.engine.rules import Rule
    from linter.engine.suppressions import Suppression


class Holding:
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


class Passed:
    """What is let pass, and on whose word."""

    def __init__(self) -> None:
        self.suppressed: list[Suppressed] = []
        self._used: set[tuple[int, str]] = set()
        """Sections and suppressions by their identity, each with a word of theirs."""
        self._matched: set[str] = set()

    def by_sections(self, findings: Iterable[Finding], holding: Holding) -> list[Finding]:
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
        holding: Holding,
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


def unknown_rules(
    suppressions: Iterable[Suppression], known: Sequence[Rule]
) -> Iterable[UnknownRule]:
    """Yield the words of suppressions that name none of the rules that there are."""
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


def reviewed(review: Review, rules: Sequence[Rule]) -> list[Finding]:
    """Run the rules about suppressions and baselines."""
    from linter.engine.rulebook import Table, prepared

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
