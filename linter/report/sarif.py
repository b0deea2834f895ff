"""SARIF 2.1.0, for code scanning and for editors.

Sources: OASIS "Static Analysis Results Interchange Format Version 2.1.0", errata 01; for what
GitHub asks for beyond the standard, docs.github.com, "SARIF support for code scanning".

A finding is a result: its first place is the location, the others are related locations with links
in the message. A value in a payload is located at the characters of the file that encode it, and
its place in the payload is a logical location. GitHub computes ``primaryLocationLineHash`` itself,
so the fingerprint has a key of our own. It heeds no ``suppressions`` either, so suppressed findings
are left out unless they are asked for.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from linter import __version__
from linter.engine.findings import Severity
from linter.report.counts import extent
from linter.report.full import NOTHING_CHECKED, broken
from linter.report.json_text import json_text
from linter.report.places import Span, place
from linter.report.repository import details, repository_path, sentence
from linter.report.sarif_rules import descriptors, shown_suppressed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome, SkippedFile, Suppressed
    from linter.sources.text import Edit, File, Label

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
SUBJECT: Final = (
    "https://github.com/openshift/enhancements/blob/master/enhancements/workload-partitioning/"
    "wide-availability-workload-partitioning.md"
)
"""What wplint checks, in the words of its makers; wplint has no address of its own."""

FINGERPRINT: Final = "wplint/v1"
IN_SOURCE: Final = frozenset({"comment", "annotation"})
ROOT: Final = "%SRCROOT%"
LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def text(outcome: Outcome, width: int = 0) -> str:  # noqa: ARG001 - for people only
    """Return the log as indented JSON with a line break at its end."""
    return json_text(log(outcome))


def log(outcome: Outcome) -> dict[str, Any]:
    """Return the log as the object that is written; keys stand in a fixed order."""
    rules = descriptors(outcome)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "wplint",
                "fullName": f"wplint {__version__}",
                "semanticVersion": __version__,
                "informationUri": SUBJECT,
                "rules": rules,
            }
        },
        "automationDetails": {"id": "wplint/"},
        "invocations": [_invocation(outcome)],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The root of the repository that was checked."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_result(outcome, finding, places) for finding in outcome.findings),
            *(_suppressed(outcome, item, places) for item in shown_suppressed(outcome)),
        ],
        "properties": extent(outcome),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(outcome: Outcome, finding: Finding, rules: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(outcome, finding.primary)],
    }
    if related := finding.labels[1:]:
        result["relatedLocations"] = [
            {"id": number, **_location(outcome, label)} for number, label in enumerate(related, 1)
        ]
    result["partialFingerprints"] = {FINGERPRINT: finding.fingerprint}
    if fixes := _fixes(outcome, finding):
        result["fixes"] = fixes
    about = {"cluster": finding.cluster, "pool": finding.pool, "release": finding.releases}
    if properties := {key: value for key, value in about.items() if value}:
        result["properties"] = properties
    return result


def _suppressed(outcome: Outcome, item: Suppressed, rules: Mapping[str, int]) -> dict[str, Any]:
    """Return a suppressed finding: one whose reason stands in a manifest, or outside of them."""
    suppression = {
        "kind": "inSource" if item.kind in IN_SOURCE else "external",
        "status": "accepted",
    }
    if item.reason:
        suppression["justification"] = sentence(item.reason)
    return _result(outcome, item.finding, rules) | {"suppressions": [suppression]}


def _message(finding: Finding) -> str:
    """Return what is wrong, with a link for each further place, then what it does and what to do.

    Its first sentence is what GitHub takes as the title.
    """
    parts = [_unlinked(sentence(finding.message))]
    links = [
        f"[{_link_text(label.words)}]({number})"
        for number, label in enumerate(finding.labels[1:], 1)
    ]
    if links:
        parts.append(f"See: {', '.join(links)}.")
    parts += [_unlinked(words) for words in details(finding)]
    return " ".join(parts)


def _unlinked(words: str) -> str:
    """Return a sentence whose brackets form no link to wherever a manifest would have it lead."""
    return words.replace("](", "] (")


def _link_text(words: str) -> str:
    """Return the words of a link, brackets escaped as section 3.11.6 of the standard asks."""
    escaped = sentence(words).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return escaped or "another place"


def _location(outcome: Outcome, label: Label) -> dict[str, Any]:
    where = place(label.ref)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(outcome, label.ref.file),
            "region": _region(where.span),
        }
    }
    if where.payload_span is not None:
        spot = f"{where.payload}:{where.payload_span.line}:{where.payload_span.column}"
        location["logicalLocations"] = [
            {"name": sentence(where.payload), "fullyQualifiedName": sentence(spot), "kind": "file"}
        ]
    if label.words:
        location["message"] = {"text": _unlinked(sentence(label.words))}
    return location


def _artifact(outcome: Outcome, file: File) -> dict[str, str]:
    """Return where a file is: a percent-encoded path from the root, or a URI outside of it."""
    path = repository_path(outcome, file)
    uri = quote(path.encode("utf-8", "surrogateescape" if _is_bytes(path) else "replace"), "/")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": ROOT}


def _is_bytes(path: str) -> bool:
    """Say whether all surrogates in a path stand for bytes, as in names that are not UTF-8."""
    return not any("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff" for char in path)


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fixes(outcome: Outcome, finding: Finding) -> list[dict[str, Any]]:
    """Return the repair as changes of files; nothing where two of them meet in the same characters.

    That happens where two values stand in one payload: only together can they be encoded.
    """
    if finding.fix is None:
        return []
    by_file: dict[File, list[Edit]] = {}
    for wish in finding.fix.replacements:
        edit = wish.edit()
        if edit is None:
            return []
        by_file.setdefault(edit.file, []).append(edit)
    changes = []
    for file in sorted(by_file, key=lambda file: file.name):
        edits = sorted(by_file[file], key=lambda edit: (edit.start, edit.end))
        if any(later.start < earlier.end for earlier, later in pairwise(edits)):
            return []
        changes.append(
            {
                "artifactLocation": _artifact(outcome, file),
                "replacements": [_replacement(edit) for edit in edits],
            }
        )
    if not changes:
        return []
    return [
        {
            "description": {"text": _unlinked(sentence(finding.fix.description)) or "repair"},
            "artifactChanges": changes,
        }
    ]


def _replacement(edit: Edit) -> dict[str, Any]:
    begin, end = edit.file.position(edit.start), edit.file.position(edit.end)
    replacement: dict[str, Any] = {"deletedRegion": _region(Span(*begin, *end))}
    if edit.new:
        replacement["insertedContent"] = {"text": edit.new}
    return replacement


def _invocation(outcome: Outcome) -> dict[str, Any]:
    """Return whether every rule ran, and what was not understood; findings are no failure."""
    summary = outcome.summary
    said = [("error", broken(failure)) for failure in outcome.failures]
    said += [("error", words) for words in outcome.shortfalls]
    if not summary.manifests:
        said.append(("warning", NOTHING_CHECKED))
    said += [("warning", _unread(item, "not read")) for item in summary.skipped]
    said += [("warning", _unread(item, "not understood")) for item in summary.not_understood]
    said += [("note", words) for words in outcome.notes]
    invocation: dict[str, Any] = {"executionSuccessful": not outcome.failures}
    if said:
        invocation["toolExecutionNotifications"] = [
            {"level": level, "message": {"text": _unlinked(sentence(words)) or "(nothing said)"}}
            for level, words in said
        ]
    return invocation


def _unread(item: SkippedFile, what: str) -> str:
    return f"{item.name} was {what}: {item.reason}"
