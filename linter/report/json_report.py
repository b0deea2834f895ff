"""The report for programs: version 1 of a contract that ``schemas/report.schema.json`` writes down.

Nothing is shortened. The document is ASCII: every other character is escaped as JSON escapes it,
so that neither a terminal nor the encoding of a pipe can alter it. Columns count code points from
1, and the end of a location is exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.report.counts import severities
from linter.report.json_text import json_text
from linter.report.places import place

if TYPE_CHECKING:
    from linter.engine.findings import Finding, Fix
    from linter.engine.outcome import ClusterOutcome, Outcome, SkippedFile
    from linter.sources.text import Label

VERSION = 1
SUPPRESSED_BY = ("comment", "annotation", "configuration", "baseline")
"""On whose word findings are suppressed; each is counted."""


def text(outcome: Outcome, width: int = 0) -> str:  # noqa: ARG001 - for people only
    """Return the report as indented JSON with a line break at its end."""
    return json_text(report(outcome))


def report(outcome: Outcome) -> dict[str, Any]:
    """Return the report as the object that is written; keys stand in a fixed order."""
    return {
        "version": VERSION,
        "findings": [_finding(finding) for finding in outcome.findings],
        "clusters": [_cluster(cluster) for cluster in outcome.clusters],
        "summary": _summary(outcome),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "cluster": finding.cluster or None,
        "pool": finding.pool or None,
        "fingerprint": finding.fingerprint,
        "locations": [_location(label) for label in finding.labels],
        "fix": fix and _fix(fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    """Return a fix; the files that it would add are named where there are any."""
    told: dict[str, Any] = {
        "applicability": fix.applicability.value,
        "description": fix.description,
    }
    if fix.creations:
        told["creates"] = [new.shown for new in fix.creations]
    return told


def _location(label: Label) -> dict[str, Any]:
    where = place(label.ref)
    location: dict[str, Any] = {
        "path": where.path,
        "line": where.span.line,
        "column": where.span.column,
        "end_line": where.span.end_line,
        "end_column": where.span.end_column,
        "label": label.words,
    }
    if where.payload_span is not None:
        location["payload"] = where.payload
        location["payload_line"] = where.payload_span.line
    return location


def _cluster(cluster: ClusterOutcome) -> dict[str, Any]:
    return {
        "name": cluster.name,
        "path": cluster.path,
        "release": cluster.release,
        "partitioning": cluster.partitioning,
        "pools": [
            {
                "name": pool.name,
                "profile": pool.profile,
                "reserved": pool.reserved,
                "isolated": pool.isolated,
            }
            for pool in cluster.pools
        ],
    }


def _summary(outcome: Outcome) -> dict[str, Any]:
    summary = outcome.summary
    return {
        **severities(outcome),
        "suppressed": {
            kind: sum(item.kind == kind for item in outcome.suppressed) for kind in SUPPRESSED_BY
        },
        "files": summary.files,
        "relevant": summary.relevant,
        "manifests": summary.manifests,
        "templated": summary.templated,
        "unreadable": summary.unreadable,
        "skipped": [_skipped(item) for item in summary.skipped],
        "not_understood": [_skipped(item) for item in summary.not_understood],
        "failures": [
            {"rule": failure.rule, "cluster": failure.cluster or None, "error": failure.error}
            for failure in outcome.failures
        ],
        "shortfalls": list(outcome.shortfalls),
        "notes": list(outcome.notes),
    }


def _skipped(item: SkippedFile) -> dict[str, str]:
    return {"name": item.name, "reason": item.reason}
