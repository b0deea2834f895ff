"""Findings as code hosts show them: places from the repository's root, sentences of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.report.places import place
from linter.report.visible import prose, shortened

if TYPE_CHECKING:
    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome
    from linter.sources.text import File, Label


def repository_path(outcome: Outcome, file: File) -> str:
    """Return the name of a file from the root of its repository, else the one people are shown."""
    return outcome.repository_paths.get(file.path, file.name)


def sentence(text: str) -> str:
    """Return a text on one line, with nothing in it that acts and no value that goes on forever."""
    return prose(shortened(text))


def spot(outcome: Outcome, label: Label) -> str:
    """Return ``path:line``, and for a payload its name and the line in it."""
    where = place(label.ref)
    text = f"{repository_path(outcome, label.ref.file)}:{where.span.line}"
    if where.payload_span is not None:
        text += f", {where.payload}:{where.payload_span.line}"
    return sentence(text)


def others(outcome: Outcome, finding: Finding) -> list[str]:
    """Return ``words: path:line`` for every place but the first."""
    return [
        f"{sentence(label.words) or 'see also'}: {spot(outcome, label)}"
        for label in finding.labels[1:]
    ]


def details(finding: Finding) -> list[str]:
    """Return what it does to the node, what to do, and what it is about, as sentences."""
    about = [
        words
        for words in (
            finding.cluster and f"cluster {finding.cluster}",
            finding.pool and f"pool {finding.pool}",
            finding.releases and f"OpenShift {finding.releases}",
        )
        if words
    ]
    listed = [finding.effect, finding.advice, f"This is about {', '.join(about)}." if about else ""]
    return [sentence(words) for words in listed if words]
