"""JUnit XML: a suite for each cluster, and in it a case for each rule that ran.

A rule without findings is a case that passed. Every finding at or above the fail level is a failure
of a case of its own: the first one has the name that the case has while it passes, the others are
numbered. So names are unique, and a service that compares two runs sees the same case break and be
repaired. Findings below the fail level are told in the output of cases that pass: the report has a
failure or an error exactly where the run ends with a status that is not 0 (``--exit-zero`` apart).

Sources: jenkinsci/xunit-plugin ``junit-10.xsd`` for elements, attributes and their order; GitLab's
"Unit test reports" (of cases with the same class and name only the first one counts); XML 1.0 for
the characters that may stand in a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from linter.records import dataclass
from linter.report.counts import extent
from linter.report.full import NOTHING_CHECKED, broken
from linter.report.repository import details, others, sentence, spot
from linter.report.visible import prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome

RUN = "wplint"
"""The suite of what is about the whole run."""

INPUT_CASE = "the manifests are read and understood"


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case: its name, and the element that says how it went."""

    name: str
    element: str = ""

    @property
    def outcome(self) -> str:
        """``failure``, ``error`` or nothing."""
        return self.element[1:].partition(" ")[0] if self.element[:2] in {"<f", "<e"} else ""


def text(outcome: Outcome, width: int = 0) -> str:  # noqa: ARG001 - for people only
    """Return the report as an XML document."""
    suites = list(_suites(outcome))
    every = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites name={_a(RUN)}{_sums(every)}>"]
    for name, cases in suites:
        lines.append(f"  <testsuite name={_a(name)}{_sums(cases)}>")
        if name == RUN:
            lines += _properties(outcome)
        lines += [_written(case, name) for case in cases]
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suites(outcome: Outcome) -> Iterator[tuple[str, list[_Case]]]:
    """Yield the name and the cases of the run, and then of each cluster."""
    yield RUN, list(_run_cases(outcome))
    by_cluster: dict[str, dict[str, list[Finding]]] = {}
    for cluster in outcome.clusters:
        by_cluster.setdefault(cluster.name, {})
    for finding in outcome.findings:
        rules = by_cluster.setdefault(finding.cluster, {})
        rules.setdefault(finding.rule, []).append(finding)
    names: set[str] = {RUN}
    for cluster_name, found in by_cluster.items():
        suite = _unique(sentence(f"cluster {cluster_name}" if cluster_name else "files"), names)
        yield suite, list(_cluster_cases(outcome, found))


def _run_cases(outcome: Outcome) -> Iterator[_Case]:
    names: set[str] = set()
    element = ""
    if not outcome.summary.manifests:
        element = f"<skipped message={_a(NOTHING_CHECKED)}/>"
    if outcome.shortfalls:
        body = "\n".join(prose(words) for words in outcome.shortfalls)
        element = _element("failure", sentence(outcome.shortfalls[0]), "strict", body)
    yield _Case(_unique(INPUT_CASE, names), element)
    for failure in outcome.failures:
        name = _unique(sentence(f"{failure.rule} runs on {failure.cluster}"), names)
        words = broken(failure)
        yield _Case(name, _element("error", words, failure.rule, words))


def _cluster_cases(outcome: Outcome, found: dict[str, list[Finding]]) -> Iterator[_Case]:
    names: set[str] = set()
    titles = {rule.code: f"{rule.code} {rule.name}" for rule in outcome.rules}
    for code, findings in found.items():
        titles.setdefault(code, f"{code} {findings[0].name}")
    for code in sorted(titles):
        failing = [item for item in found.get(code, ()) if item.severity >= outcome.fail_level]
        passing = [item for item in found.get(code, ()) if item.severity < outcome.fail_level]
        for item in failing:
            kind = f"{item.severity.value}[{item.rule}]"
            element = _element("failure", sentence(item.message), kind, _body(outcome, item))
            yield _Case(_unique(sentence(titles[code]), names), element)
        if not failing:
            told = "\n\n".join(_body(outcome, item) for item in passing)
            element = f"<system-out>{escape(told)}</system-out>" if told else ""
            yield _Case(_unique(sentence(titles[code]), names), element)


def _body(outcome: Outcome, finding: Finding) -> str:
    head = f"{finding.severity.value}[{finding.rule}] {sentence(finding.message)}"
    at = f"{sentence(finding.primary.words) or 'here'}: {spot(outcome, finding.primary)}"
    return "\n".join([head, at, *others(outcome, finding), *details(finding)])


def _unique(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, numbered if need be, and take it."""
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    taken.add(unique)
    return unique


def _element(tag: str, message: str, kind: str, body: str) -> str:
    return f"<{tag} message={_a(message)} type={_a(sentence(kind))}>{escape(body)}</{tag}>"


def _written(case: _Case, suite: str) -> str:
    head = f"    <testcase classname={_a(suite)} name={_a(case.name)} time={_a('0')}"
    return f"{head}>{case.element}</testcase>" if case.element else f"{head}/>"


def _properties(outcome: Outcome) -> list[str]:
    rows = [
        f"      <property name={_a(name)} value={_a(str(number))}/>"
        for name, number in extent(outcome).items()
    ]
    return ["    <properties>", *rows, "    </properties>"]


def _sums(cases: Iterable[_Case]) -> str:
    outcomes = [case.outcome for case in cases]
    numbers = {
        "tests": len(outcomes),
        "failures": outcomes.count("failure"),
        "errors": outcomes.count("error"),
    }
    return "".join(f" {name}={_a(str(number))}" for name, number in numbers.items())


def _a(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return quoteattr(text)
