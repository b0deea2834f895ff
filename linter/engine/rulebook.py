"""Rules made ready to run: in order, each knowing what it will be called with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.engine.injection import CLUSTER, SUBJECTS, is_about_run, kind_of
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
        about = [rule for rule in rules if not is_about_run(rule.wants)]
        self.prepared = tuple(prepared(rule) for rule in _required_first(about))


def prepared(rule: Rule) -> Prepared:
    """Make a rule ready to be called."""
    return Prepared(rule, kind_of(rule.wants), rule.wants)


class Table:
    """The facts of one cluster, of a change of one, or of a review of the run.

    Each is taken from its subjects once, however many rules want it.
    """

    def __init__(self, cluster: Cluster | ClusterChange | Review) -> None:
        self._cluster = cluster
        self._subjects: dict[str, list[Any]] = {}
        self._columns: dict[tuple[str, str], _Column] = {}

    def subjects(self, kind: Subject) -> list[Any]:
        """Return the subjects of a kind."""
        listed = self._subjects.get(kind.name)
        if listed is None:
            listed = self._subjects[kind.name] = list(kind.of(self._cluster))
        return listed

    def calls(self, of: Prepared) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        """Yield each subject that a rule is about, and the facts to call it with."""
        kind = of.kind
        columns = [self._column(kind, name) for name in of.wants]
        if not columns:
            yield from ((subject, ()) for subject in self.subjects(kind))
            return
        rows = zip(self.subjects(kind), zip(*(c.facts for c in columns), strict=True), strict=True)
        if all(column.full for column in columns):
            yield from rows
            return
        for subject, facts in rows:
            if not any(fact is None for fact in facts):
                yield subject, facts

    def _column(self, kind: Subject, name: str) -> _Column:
        """Return one fact of each subject; a fact of the cluster is the same for all."""
        known = self._columns.get((kind.name, name))
        if known is None:
            of, get = SUBJECTS[name]
            subjects = self.subjects(kind)
            if of is CLUSTER:
                facts = [get(self._cluster)] * len(subjects)
            else:
                facts = [get(subject) for subject in subjects]
            known = _Column(facts, not any(fact is None for fact in facts))
            self._columns[kind.name, name] = known
        return known


@dataclass(frozen=True, slots=True)
class _Column:
    """One fact of each of some subjects, and whether none is absent."""

    facts: list[Any]
    full: bool


def _required_first(rules: Sequence[Rule]) -> list[Rule]:
    from graphlib import TopologicalSorter

    by_code = {rule.code: rule for rule in rules}
    graph = {rule.code: [code for code in rule.requires if code in by_code] for rule in rules}
    return [by_code[code] for code in TopologicalSorter(graph).static_order()]
