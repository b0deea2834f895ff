"""Passes: repair and look again, until nothing changes; then write everything or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.explicit_clusters import assigned
from linter.engine.run import lint
from linter.fix.asking import Memory
from linter.fix.guards import folders_of, roots_of
from linter.fix.journal import recover
from linter.fix.outcome import Fixed, FixOptions, FixOutcome, Left
from linter.fix.overlay import Overlay
from linter.fix.planning import plan_pass
from linter.fix.preference import preference_rules
from linter.fix.regression import culprits, new_errors, worse
from linter.fix.transaction import TransactionError, commit
from linter.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome
    from linter.engine.rules import Rule
    from linter.fix.planning import Plan
    from linter.model.releases import Release

MOST_PASSES = 10
MOST_TAKEN_BACK = 10
"""How often a repair begins anew without what would bring an error."""

NO_REPAIR = "a person must decide"
NO_CHANGE = "its repair changes nothing"
UNCOVERED = "it was out of sight until now"
WITHHELD = "all repairs are made together or not at all"


class FixCycleError(RuntimeError):
    """Rules whose repairs undo each other: a bug of theirs, never of the manifests."""


@dataclass(slots=True)
class _Repair:
    """A repair under way."""

    paths: Sequence[str]
    release: Release | None
    options: FixOptions
    roots: tuple[str, ...]
    barred: dict[str, str] = field(default_factory=dict)
    overlay: Overlay = field(default_factory=Overlay)
    memory: Memory = field(default_factory=Memory)
    fixed: list[Fixed] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    held: dict[str, str] = field(default_factory=dict)

    def lint(self, rules: Sequence[Rule]) -> Outcome:
        options = self.options
        found = self.overlay.files(self.paths)
        if options.configuration is not None and options.configuration.clusters:
            found = assigned(found, options.configuration)
        return lint(
            self.paths,
            rules,
            self.release,
            self.overlay.read,
            topologies=options.topologies,
            broken=options.broken,
            found=found,
            gate=options.gate,
        )

    def run(self, before: Outcome, rules: Sequence[Rule]) -> tuple[Outcome, Plan]:
        """Make passes until nothing changes; return what is found then, and the last plan.

        Raises:
            FixCycleError: That never happens.

        """
        self.prefer()
        after = self.lint(rules) if self.fixed else before
        plan = self.make(after.findings)
        passes = 1
        while plan.changes:
            if passes == MOST_PASSES:
                raise FixCycleError(_cycle(plan, f"still change files after {MOST_PASSES} passes"))
            after = self.lint(rules)
            plan = self.make(after.findings)
            passes += 1
        return after, plan

    def without(self, findings: Sequence[Finding], words: str) -> _Repair:
        """Return the same repair, not begun yet, that leaves some findings as they are."""
        barred = self.barred | {item.fingerprint: f"it {words}" for item in findings}
        again = _Repair(self.paths, self.release, self.options, self.roots, barred)
        again.memory = self.memory
        return again

    def prefer(self) -> None:
        """Make the statements follow that somebody prefers.

        Where that cannot be done nothing else is made to agree in the cluster: the usual order
        would go against what was asked for.
        """
        for rule in preference_rules(self.options):
            plan = self.make(self.lint([rule]).findings)
            for item in self.lint([rule]).findings if self.options.prefer is not None else ():
                why = plan.reasons.get(item.fingerprint, "its CPU sets do not allow it")
                self.held.setdefault(item.cluster, f"the profile could not be changed first: {why}")

    def make(self, findings: Sequence[Finding]) -> Plan:
        """Make one pass over what was found.

        Raises:
            FixCycleError: The files read now what they read before.

        """
        asker = self.options.asker
        plan = plan_pass(
            findings,
            self.roots,
            folders=folders_of(self.paths),
            unsafe=self.options.unsafe,
            decide=self.memory.decider(asker) if asker is not None else None,
            held=self.held,
            barred=self.barred,
        )
        if plan.changes:
            self.states.add(self.overlay.state())
            self.overlay.put(plan.texts[path] for path in sorted(plan.texts))
            self.overlay.create(plan.created[path] for path in sorted(plan.created))
            self.fixed.extend(Fixed(item, edits) for item, edits in plan.made)
            if self.overlay.state() in self.states:
                raise FixCycleError(_cycle(plan, "undo each other"))
        return plan


def fix_tree(
    paths: Sequence[str],
    rules: Sequence[Rule],
    release: Release | None = None,
    options: FixOptions | None = None,
) -> FixOutcome:
    """Repair everything beneath some paths.

    Args:
        paths: Files and directories.
        rules: The rules to run.
        release: The target release where it is known.
        options: How to repair; the safe fixes, written to the disk, if left out.

    Raises:
        PathError: A path does not exist.
        FixCycleError: Rules undo each other's repairs.
        BusyError: Another repair of the same directory is running.

    """
    options = options or FixOptions()
    roots = roots_of(paths)
    recovered = recover(roots[0]) if options.write and roots else ()
    repair = _Repair(paths, release, options, roots)
    before = repair.lint(rules)
    after, plan = repair.run(before, rules)
    changes = repair.overlay.changes()
    for _ in range(MOST_TAKEN_BACK):
        found = worse(before, after, changes)
        if found is None or found.error is None:
            break
        repair = repair.without(culprits(found.error, repair.fixed), found.words)
        after, plan = repair.run(before, rules)
        changes = repair.overlay.changes()
    found = worse(before, after, changes)
    refusal = f"the repairs {found.words}" if found is not None else ""
    if changes and options.write and not refusal:
        try:
            commit(changes, roots[0], roots)
        except TransactionError as error:
            refusal = str(error)
    if refusal:
        left = tuple(Left(item, _reason(item, plan.reasons, WITHHELD)) for item in before.findings)
        return FixOutcome(before, before, (), left, (), False, refusal, recovered)
    return FixOutcome(
        before=before,
        after=after,
        fixed=tuple(repair.fixed),
        left=tuple(_left(before, after, plan)),
        changes=changes,
        written=bool(changes) and options.write,
        recovered=recovered,
    )


def _left(before: Outcome, after: Outcome, plan: Plan) -> Iterator[Left]:
    """Yield what is left and why; what was out of sight before the repairs is marked as such."""
    uncovered = {item.fingerprint for item in new_errors(before.findings, after.findings)}
    for item in after.findings:
        reason = _reason(item, plan.reasons)
        yield Left(item, f"{UNCOVERED}; {reason}" if item.fingerprint in uncovered else reason)


def _reason(item: Finding, reasons: dict[str, str], otherwise: str = NO_CHANGE) -> str:
    if item.fix is None:
        return NO_REPAIR
    return reasons.get(item.fingerprint, otherwise)


def _cycle(plan: Plan, words: str) -> str:
    rules = ", ".join(sorted({item.rule for item, _ in plan.made}))
    return f"the repairs of {rules} {words}"
