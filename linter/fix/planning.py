"""Planning one pass: which repairs are made now, and what the files then read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from linter.engine.findings import Applicability
from linter.fix.editing import check, edited
from linter.fix.guards import Builders, check_new, real_path
from linter.fix.layers import Claims, Layers
from linter.fix.outcome import RefusedError
from linter.fix.sheet import Sheet
from linter.records import dataclass, field
from linter.sources.text import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from linter.engine.findings import Finding, Fix
    from linter.sources.text import File, NewFile, Replacement

    Decide = Callable[[Finding, Sequence[tuple[File, str | None]]], str]

NEEDS_UNSAFE = "its repair is not certain to be what is meant: --unsafe-fixes makes it"
_AGREEMENT = "WPL3"
"""The codes of the rules about statements that should agree."""

_MOST_TRIES = 40
"""How often one file is edited anew to find out which repairs it does not take."""

NOW_IN_THE_WAY = "another repair of the same characters comes first"


class _Proposal:
    """A finding whose repair may be made, and its replacements by file; compared by identity."""

    __slots__ = ("by_file", "finding")

    def __init__(self, finding: Finding, by_file: dict[str, list[Replacement]]) -> None:
        self.finding = finding
        self.by_file = by_file

    @property
    def creations(self) -> tuple[NewFile, ...]:
        """The files that it adds."""
        return self.finding.fix.creations if self.finding.fix is not None else ()


@dataclass(slots=True)
class Plan:
    """One pass.

    Attributes:
        made: The findings that are repaired, with the edits of their files.
        texts: What each file reads afterwards, by its path; None for one that goes.
        created: The files that are new, by their path.
        reasons: Why other findings with a repair are left, by their fingerprint.

    """

    made: list[tuple[Finding, tuple[Edit, ...]]] = field(default_factory=list)
    texts: dict[str, tuple[File, str | None]] = field(default_factory=dict)
    created: dict[str, NewFile] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether anything reads otherwise afterwards."""
        return bool(self.texts or self.created)


def plan_pass(
    findings: Iterable[Finding],
    roots: Sequence[str],
    *,
    folders: Sequence[str] = (),
    unsafe: bool = False,
    decide: Decide | None = None,
    held: Mapping[str, str] = MappingProxyType({}),
    barred: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """Choose the repairs of one pass.

    Args:
        findings: What was found, in report order.
        roots: The directories in which files may be changed.
        folders: The directories in which files may be added.
        unsafe: Whether unsafe repairs are made too.
        decide: Asked about every repair that could be made, with the files that it would change
            and their text afterwards; it returns why not to make it, or an empty text.
        held: Clusters whose statements are not made to agree, and why.
        barred: Findings, by their fingerprint, that are not repaired, and why.

    """
    plan = Plan()
    layers = Layers()
    claims = Claims(layers)
    sheets = Sheets(roots)
    proposals: list[_Proposal] = []
    for item in findings:
        fix = item.fix
        if fix is None or not (fix.replacements or fix.creations):
            continue
        if reason := barred.get(item.fingerprint) or _kept_back(item, fix, held, unsafe=unsafe):
            plan.reasons[item.fingerprint] = reason
            continue
        try:
            proposal = _Proposal(item, _by_file(fix))
            for path, wishes in proposal.by_file.items():
                check(sheets.of(path, wishes[0].ref.file), wishes, layers)
            for new in fix.creations:
                check_new(new, folders)
            reason = decide(item, _texts_of(proposal, sheets, layers)) if decide else ""
        except RefusedError as refused:
            reason = str(refused)
        if reason:
            plan.reasons[item.fingerprint] = reason
            continue
        if _is_free(fix, proposals) and claims.take(fix.replacements):
            proposals.append(proposal)
        else:
            plan.reasons[item.fingerprint] = NOW_IN_THE_WAY
    making = _Making(proposals, plan, sheets, layers)
    making.run()
    for proposal in proposals:
        if proposal not in making.dropped:
            changed = [edit for path in proposal.by_file for edit in making.edits[path]]
            for new in proposal.creations:
                plan.created[new.path] = new
                changed.append(Edit(new.file, 0, 0, new.content))
            plan.made.append((proposal.finding, tuple(changed)))
    return plan


def _kept_back(item: Finding, fix: Fix, held: Mapping[str, str], *, unsafe: bool) -> str:
    """Say why a repair is not wanted; nothing where it is."""
    if fix.applicability is Applicability.UNSAFE and not unsafe:
        return NEEDS_UNSAFE
    if item.rule.startswith(_AGREEMENT):
        return held.get(item.cluster, "")
    return ""


def _is_free(fix: Fix, proposals: Sequence[_Proposal]) -> bool:
    """Say whether no other repair writes a new file of the same name with another text."""
    taken = {new.path: new.text for proposal in proposals for new in proposal.creations}
    return all(taken.get(new.path, new.text) == new.text for new in fix.creations)


def _by_file(fix: Fix) -> dict[str, list[Replacement]]:
    by_file: dict[str, list[Replacement]] = {}
    for replacement in fix.replacements:
        by_file.setdefault(replacement.ref.file.path, []).append(replacement)
    return by_file


def _texts_of(proposal: _Proposal, sheets: Sheets, layers: Layers) -> list[tuple[File, str | None]]:
    changed = [(sheets.known[path], wishes) for path, wishes in proposal.by_file.items()]
    texts = [(sheet.file, edited(sheet, wishes, layers)[0]) for sheet, wishes in changed]
    return [*texts, *((new.file, new.content) for new in proposal.creations)]


class Sheets:
    """The files of one pass; each is looked at once."""

    def __init__(self, roots: Sequence[str]) -> None:
        self.roots = roots
        self.known: dict[str, Sheet] = {}
        self._refused: dict[str, str] = {}

    def of(self, path: str, file: File) -> Sheet:
        """Return the sheet of a file.

        Raises:
            RefusedError: It may not be written, or nothing in it may be edited.

        """
        if path in self._refused:
            raise RefusedError(self._refused[path])
        if path not in self.known:
            try:
                real_path(path, self.roots)
                self.known[path] = Sheet(file)
            except RefusedError as refused:
                self._refused[path] = str(refused)
                raise
        return self.known[path]


class _Making:
    """The files of one pass as they are edited; no repair is made in a part of its files only."""

    def __init__(
        self,
        proposals: Sequence[_Proposal],
        plan: Plan,
        sheets: Sheets,
        layers: Layers,
    ) -> None:
        self.plan = plan
        self.sheets = sheets.known
        self.builders = Builders(sheets.roots)
        self.layers = layers
        self.edits: dict[str, tuple[Edit, ...]] = {}
        self.dropped: set[_Proposal] = set()
        self.by_file: dict[str, list[_Proposal]] = {}
        for proposal in proposals:
            for path in proposal.by_file:
                self.by_file.setdefault(path, []).append(proposal)

    def run(self) -> None:
        """Edit every file; what one of its files does not take is taken back in the others."""
        waiting = dict.fromkeys(sorted(self.by_file))
        while waiting:
            path = next(iter(waiting))
            del waiting[path]
            dropped = self._fill(path)
            self.dropped.update(dropped)
            for other in dict.fromkeys(file for proposal in dropped for file in proposal.by_file):
                self.by_file[other] = [p for p in self.by_file[other] if p not in self.dropped]
                if other != path:
                    waiting[other] = None

    def _fill(self, path: str) -> list[_Proposal]:
        """Make in a file all repairs that it takes together; return the others."""
        self.plan.texts.pop(path, None)
        taken: list[_Proposal] = []
        dropped: list[_Proposal] = []
        groups = [self.by_file[path]] if self.by_file[path] else []
        tries = _MOST_TRIES
        while groups:
            group = groups.pop()
            tries -= 1
            try:
                self._edit(path, [*taken, *group])
            except RefusedError as refused:
                half = len(group) // 2
                if half and tries > 0:
                    groups += (group[half:], group[:half])
                    continue
                for proposal in group:
                    self.plan.reasons[proposal.finding.fingerprint] = str(refused)
                dropped += group
            else:
                taken += group
        return dropped

    def _edit(self, path: str, proposals: Sequence[_Proposal]) -> None:
        wishes = [wish for proposal in proposals for wish in proposal.by_file[path]]
        sheet = self.sheets[path]
        text, edits = edited(sheet, wishes, self.layers)
        if text is None:
            self.builders.check_removed(sheet.file)
        self.edits[path] = edits
        self.plan.texts[path] = (sheet.file, text)
