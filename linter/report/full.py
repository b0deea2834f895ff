"""The report that people read: the findings, and at the end of a run what was understood.

The findings are the document and belong on standard output; the summary belongs on standard error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Applicability, Severity
from linter.engine.rules import OWN_PREFIX
from linter.report.styled import EMPTY, limited, paragraph, plain
from linter.report.visible import fitted, prose, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.engine.outcome import (
        ClusterOutcome,
        Outcome,
        PoolOutcome,
        RuleFailure,
        SkippedFile,
    )
    from linter.report.styled import Line

MOST_CLUSTERS = 5
MOST_POOLS = 5
MOST_FILES = 5
MOST_FAILURES = 10

NOTHING_CHECKED = (
    "No manifest here has anything to do with workload partitioning, so nothing was checked. "
    "Is this the right folder?"
)


def render(outcome: Outcome, width: int = 80) -> list[Line]:
    """Return the whole report as styled lines: the document, a blank line, the summary."""
    document = document_lines(outcome, width)
    return [*document, *([EMPTY] if document else []), *summary_lines(outcome, width)]


def text(outcome: Outcome, width: int = 80) -> str:
    """Return the document alone as plain text; empty where nothing was found."""
    return plain(document_lines(outcome, width))


def document_lines(outcome: Outcome, width: int = 80) -> list[Line]:
    """Return the findings in report order with a blank line between them."""
    if not outcome.findings:
        return []
    from linter.report.frames import layout

    several = len(outcome.clusters) > 1
    lines: list[Line] = []
    for finding in outcome.findings:
        if lines:
            lines.append(EMPTY)
        lines += layout(finding, width, name_cluster=several)
    return lines


def summary_lines(outcome: Outcome, width: int = 80) -> list[Line]:
    """Return what was found and what was understood, including all that was not."""
    width = limited(width)
    lines = _verdict(outcome, width)
    if outcome.suppressed:
        lines += paragraph((), suppressed_words(outcome), "note", width)
    lines += paragraph((), _extent(outcome), "note", width)
    lines += _clusters(outcome.clusters, width)
    summary = outcome.summary
    if summary.templated:
        one = summary.templated == 1
        lines += paragraph(
            (),
            f"{counted(summary.templated, 'value')} {'is' if one else 'are'} decided by a template"
            f" and {'was' if one else 'were'} not judged.",
            "note",
            width,
        )
    lines += _named(summary.skipped, ("file was", "files were"), "not read", width)
    parts = ("payload or object was", "payloads or objects were")
    lines += _named(summary.not_understood, parts, "not understood", width)
    if summary.unreadable:
        one = summary.unreadable == 1
        words = (
            f"{summary.unreadable} {'file or payload' if one else 'files or payloads'} could not be"
            f" read to {'its' if one else 'their'} end."
        )
        lines += paragraph((("warning: ", "warning"),), words, "message", width, hang=2)
    lines += _failures(outcome.failures, width)
    for words in outcome.shortfalls:
        lead = (("strict: ", "error"),)
        lines += paragraph(lead, shortened(prose(words)), "message", width, hang=2)
    for note in outcome.notes:
        lines += paragraph((("note: ", "info"),), shortened(prose(note)), "note", width, hang=2)
    return lines


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 file`` or ``3 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _verdict(outcome: Outcome, width: int) -> list[Line]:
    """Return how many findings there are, or that there is none, or that nothing was looked at."""
    summary = outcome.summary
    lines: list[Line] = []
    if outcome.findings:
        lines += paragraph((), tally(outcome), _worst_style(outcome), width)
        if offer := _offer(outcome):
            lines += paragraph((), offer, "fix", width)
    elif summary.manifests:
        unread = summary.skipped or summary.unreadable or summary.not_understood
        whole = not (unread or outcome.failures)
        words = "No disagreement found" + ("." if whole else " in what could be checked.")
        lines += paragraph((), words, "good", width)
    if not summary.manifests:
        lines += paragraph((("warning: ", "warning"),), NOTHING_CHECKED, "message", width, hang=2)
    return lines


def tally(outcome: Outcome) -> str:
    """Return ``2 errors and 1 warning in 2 clusters.``."""
    severities = [finding.severity for finding in outcome.findings]
    nouns = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
    parts = [
        counted(severities.count(severity), noun)
        for severity, noun in nouns
        if severity in severities
    ]
    sentence = _listed(parts)
    if outcome.clusters:
        sentence += f" in {counted(len(outcome.clusters), 'cluster')}"
    return sentence + "."


def _offer(outcome: Outcome) -> str:
    """Return how many findings ``--fix`` would take away, or nothing if it would take none."""
    kinds = [finding.fix.applicability for finding in outcome.findings if finding.fix is not None]
    safe, unsafe = kinds.count(Applicability.SAFE), kinds.count(Applicability.UNSAFE)
    if safe and unsafe:
        return f"{safe} can be fixed with wplint lint --fix, {unsafe} more with --unsafe-fixes."
    if safe or unsafe:
        option = "" if safe else " --unsafe-fixes"
        return f"{safe or unsafe} can be fixed with wplint lint --fix{option}."
    return ""


def _worst_style(outcome: Outcome) -> str:
    return max(finding.severity for finding in outcome.findings).value


def _listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def suppressed_words(outcome: Outcome) -> str:
    """Return how many findings are suppressed, and on whose word."""
    kinds = [item.kind for item in outcome.suppressed]
    nouns = (
        ("comment", "comments"),
        ("annotation", "annotations"),
        ("configuration", "the settings"),
        ("baseline", "the baseline"),
    )
    parts = [f"{kinds.count(kind)} by {noun}" for kind, noun in nouns if kind in kinds]
    return f"Suppressed {counted(len(kinds), 'finding')}: {_listed(parts)}."


def _extent(outcome: Outcome) -> str:
    """Return how much was looked at."""
    summary = outcome.summary
    return (
        f"Checked {counted(len(outcome.clusters), 'cluster')}: "
        f"{counted(summary.manifests, 'manifest')} that matter{'s' * (summary.manifests == 1)}, "
        f"{counted(summary.relevant, 'file')} read of {summary.files} found."
    )


def _clusters(clusters: Sequence[ClusterOutcome], width: int) -> list[Line]:
    """Return a line per cluster and per pool, for the first few."""
    lines: list[Line] = []
    for cluster in clusters[:MOST_CLUSTERS]:
        release = f"OpenShift {cluster.release}" if cluster.release else "OpenShift release unknown"
        parts = [release, f"partitioning {cluster.partitioning or 'not stated'}"]
        if cluster.path and cluster.path != cluster.name:
            parts.append(f"in {cluster.path}")
        lead = (("  ", ""), (fitted(prose(cluster.name), width // 2), "path"), ("  ", ""))
        lines += paragraph(lead, shortened(prose(", ".join(parts))), "context", width, hang=4)
        for pool in cluster.pools[:MOST_POOLS]:
            lines += _pool(pool, width)
        lines += _rest(len(cluster.pools) - MOST_POOLS, "pool", "    ")
    return lines + _rest(len(clusters) - MOST_CLUSTERS, "cluster", "  ")


def _pool(pool: PoolOutcome, width: int) -> list[Line]:
    """Return what configures a pool and which CPUs it reserves."""
    if pool.profile is None:
        words = "no profile"
    else:
        words = f"profile {pool.profile}, reserved {pool.reserved or 'not known'}"
        if pool.isolated:
            words += f", isolated {pool.isolated}"
    return paragraph(
        (("    ", ""),),
        shortened(prose(f"pool {pool.name}: {words}")),
        "context",
        width,
        hang=6,
    )


def _named(
    files: Sequence[SkippedFile], nouns: tuple[str, str], what: str, width: int
) -> list[Line]:
    """Return that some things were not read, and for the first few which and why."""
    if not files:
        return []
    words = f"{len(files)} {nouns[len(files) > 1]} {what}:"
    lines = paragraph((("warning: ", "warning"),), words, "message", width, hang=2)
    for item in files[:MOST_FILES]:
        words = shortened(prose(f"{item.name}: {item.reason}"))
        lines += paragraph((("  ", ""),), words, "note", width, hang=4)
    return lines + _rest(len(files) - MOST_FILES, "", "  ")


def _failures(failures: Iterable[RuleFailure], width: int) -> list[Line]:
    """Return which rules broke; the other rules' findings stand."""
    every = tuple(failures)
    lines: list[Line] = []
    for failure in every[:MOST_FAILURES]:
        lead = "internal error: " if failure.rule.startswith(OWN_PREFIX) else "error: "
        lines += paragraph(((lead, "error"),), broken(failure), "message", width, hang=2)
    lines += _rest(len(every) - MOST_FAILURES, "failure", "  ")
    if every:
        words = "This is a bug of the rule, not of the manifests; every other rule has been run."
        lines += paragraph((("  ", ""),), words, "note", width)
    return lines


def broken(failure: RuleFailure) -> str:
    """Return which rule broke, on what, and how, on one line."""
    about = f" on cluster {failure.cluster}" if failure.cluster else ""
    return shortened(prose(f"Rule {failure.rule} broke{about}: {failure.error}"))


def _rest(number: int, noun: str, indent: str) -> list[Line]:
    """Return that there is more of something, where there is."""
    if number <= 0:
        return []
    words = f"and {number} more" + (f" {noun}{'s' * (number > 1)}" if noun else "")
    return [((indent, ""), (words, "context"))]
