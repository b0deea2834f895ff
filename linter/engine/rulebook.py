"""Rules made ready to run: in order, each knowing what it will be called with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.engine.injection import CLUSTER, SUBJECTS, kind_of
from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.injection import Subject
    from linter.engine.review import Review
    from linter.engine.rules import Rule
    from linter.model.cluster import Cluster
    from linter.plan.change import ClusterChange


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule, the kind of thing that it is about, and the names of the facts that it wants."""

    rule: Rule
    kind: Subject
    wants: tuple[str, ...]


class Rulebook:
    """The rules about clusters, each after those that make it noise."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        about = (one for one in map(prepared, rules) if not one.kind.of_run)
        self.prepared = tuple(_required_first({one.rule.code: one for one in about}))


def prepared(rule: Rule) -> Prepared:
    """Make a rule ready to be called."""
    wants = rule.wants
    return Prepared(rule, kind_of(wants), wants)


class Table:
    """The facts of one cluster, of a change of one, or of a review of the run.

    Each is taken from its subjects once, however many rules want it.
    """

    def __init__(self, cluster: Cluster | ClusterChange | Review) -> None:
        self._cluster = cluster
        self._subjects: dict[str, list[Any]] = {}
        self._columns: dict[tuple[str, str], list[Any]] = {}
        self._calls: dict[tuple[str, ...], list[tuple[Any, tuple[Any, ...]]]] = {}

    def calls(self, of: Prepared) -> list[tuple[Any, tuple[Any, ...]]]:
        """Return each subject that a rule is about, and the facts to call it with."""
        known = self._calls.get(of.wants)
        if known is None:
            known = self._calls[of.wants] = list(self._rows(of))
        return known

    def _rows(self, of: Prepared) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        subjects = self._subjects_of(of.kind)
        if not subjects:
            return
        columns = [self._column(of.kind, name) for name in of.wants]
        rows = zip(*columns, strict=True) if columns else [()] * len(subjects)
        for subject, facts in zip(subjects, rows, strict=True):
            if not any(fact is None for fact in facts):
                yield subject, facts

    def _subjects_of(self, kind: Subject) -> list[Any]:
        listed = self._subjects.get(kind.name)
        if listed is None:
            listed = self._subjects[kind.name] = list(kind.of(self._cluster))
        return listed

    def _column(self, kind: Subject, name: str) -> list[Any]:
        """Return one fact of each subject; a fact of the cluster is the same for all."""
        known = self._columns.get((kind.name, name))
        if known is None:
            of, get = SUBJECTS[name]
            subjects = self._subjects_of(kind)
            if of is CLUSTER:
                known = [get(self._cluster)] * len(subjects)
            else:
                known = [get(subject) for subject in subjects]
            self._columns[kind.name, name] = known
        return known


def _required_first(by_code: dict[str, Prepared]) -> Iterator[Prepared]:
    """Yield each once, after those that it requires; the loader lets no circle through."""
    done: set[str] = set()

    def visit(code: str) -> Iterator[Prepared]:
        if code in done or code not in by_code:
            return
        done.add(code)
        for other in by_code[code].rule.requires:
            yield from visit(other)
        yield by_code[code]

    for code in by_code:
        yield from visit(code)
