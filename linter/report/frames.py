"""One finding as labelled code frames.

A finding is one fact that stands in several places, so it is shown as one diagnostic with a frame
for each text concerned: the file, or the decoded payload where the value stands inside one. Only
lines that carry a label are shown, never their neighbours.

No row is wider than asked for, with one exception: a file's ``path:line:column`` is never cut,
because people and terminals copy it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Applicability
from linter.records import dataclass, field
from linter.report.excerpt import excerpt
from linter.report.marks import Mark, beneath
from linter.report.places import place, view
from linter.report.styled import limited, paragraph
from linter.report.visible import columns, fitted, prose, shortened

if TYPE_CHECKING:
    from linter.engine.findings import Finding, Fix
    from linter.report.styled import Line
    from linter.sources.text import Label, Source

MOST_LABELS = 20
"""So many places are shown of one finding; the JSON report has all of them."""

_NARROWEST_CODE = 26
_NARROWEST_NAME = 8


@dataclass(slots=True)
class _Row:
    """A line of a text with the spans labelled on it, in offsets of that line."""

    number: int
    line: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    labels: list[_Labelled] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Labelled:
    words: str
    style: str
    goes_on: bool


@dataclass(slots=True)
class _Frame:
    """All labels in one text; the first of them names the place in the frame's heading."""

    source: Source
    first: Label
    rows: dict[int, _Row] = field(default_factory=dict)

    def add(self, label: Label, style: str) -> None:
        """Put a label on its line; labels of exactly the same characters become one."""
        source, start, end = view(label.ref)
        number, column = source.position(start)
        row = self.rows.setdefault(number, _Row(number, source.line(number)))
        length = len(row.line)
        begin = min(column - 1, length)
        stop = begin + end - start
        goes_on = stop > length and source.position(end - 1)[0] > number
        if goes_on:
            stop = max(begin, len(row.line.rstrip(" \t\r")))
        span = (begin, min(stop, length))
        words = shortened(prose(label.words))
        if span in row.spans:
            at = row.spans.index(span)
            known = row.labels[at]
            if words and words not in known.words:
                joined = f"{known.words}; {words}" if known.words else words
                row.labels[at] = _Labelled(joined, known.style, known.goes_on or goes_on)
            return
        row.spans.append(span)
        row.labels.append(_Labelled(words, style, goes_on))


def layout(finding: Finding, width: int, *, name_cluster: bool = False) -> list[Line]:
    """Return a finding as styled lines.

    ``width`` is the number of columns to use, held between 40 and 120. ``name_cluster`` tells that
    the reader needs to be told which cluster the finding is about.
    """
    width = limited(width)
    frames = _frames(finding)
    digits = len(str(max(number for frame in frames for number in frame.rows)))
    pad = " " * (digits + 2)
    lines = _heading(finding, width)
    for position, frame in enumerate(frames):
        lines += _frame_lines(frame, pad, width, "├─" if position else "┌─")
    return lines + _footer(finding, pad, width, name_cluster=name_cluster)


def _frames(finding: Finding) -> list[_Frame]:
    """Group the labels by the text they are seen in, in the order of each text's first label."""
    frames: dict[int, _Frame] = {}
    for position, label in enumerate(finding.labels[:MOST_LABELS]):
        source = view(label.ref)[0]
        frame = frames.setdefault(id(source), _Frame(source, label))
        frame.add(label, "secondary" if position else finding.severity.value)
    return list(frames.values())


def _heading(finding: Finding, width: int) -> list[Line]:
    """Return ``error[WPL301] message``, wrapped under the message's first word."""
    severity = finding.severity.value
    lead = ((f"{severity}[{prose(finding.rule)}]", severity), (" ", ""))
    hang = min(sum(columns(text) for text, _ in lead), width // 2)
    return paragraph(lead, shortened(prose(finding.message)), "message", width, hang)


def _frame_lines(frame: _Frame, pad: str, width: int, corner: str) -> list[Line]:
    """Return a frame: its heading, then the labelled lines in the order of the text."""
    lines = _frame_heading(frame, pad, width, corner)
    lines.append(_gutter(pad))
    room = max(_NARROWEST_CODE, width - len(pad) - 2)
    previous = None
    for number in sorted(frame.rows):
        if previous is not None and number > previous + 1:
            lines.append(((f"{pad}⋮", "gutter"),))
        lines += _row_lines(frame.rows[number], pad, room)
        previous = number
    return lines


def _frame_heading(frame: _Frame, pad: str, width: int, corner: str) -> list[Line]:
    """Return where the frame's first label stands: in its file, and in the payload if any."""
    where = place(frame.first.ref)
    path = f"{prose(where.path)}:{where.span.line}:{where.span.column}"
    head: Line = ((f"{pad}{corner} ", "gutter"), (path, "path"))
    if where.payload_span is None:
        return [head]
    number = f":{where.payload_span.line}"
    room = width - len(pad) - 3 - len(number)
    payload = fitted(prose(where.payload), max(_NARROWEST_NAME, room)) + number
    if len(pad) + 3 + columns(path) + 3 + columns(payload) <= width:
        return [(*head, ("   ", ""), (payload, "payload"))]
    return [head, ((f"{pad}│  ", "gutter"), (payload, "payload"))]


def _row_lines(row: _Row, pad: str, room: int) -> list[Line]:
    """Return a labelled line with its marks; labels far apart on a long line get a row each."""
    ellipsis = any(label.goes_on for label in row.labels)
    whole = excerpt(row.line, row.spans, room - ellipsis)
    if whole is None:
        lines: list[Line] = []
        for span, label in zip(row.spans, row.labels, strict=True):
            lines += _row_lines(_Row(row.number, row.line, [span], [label]), pad, room)
        return lines
    number = str(row.number).rjust(len(pad) - 1)
    marks = [
        Mark(start, end, label.words, label.style, label.goes_on)
        for (start, end), label in zip(whole.marks, row.labels, strict=True)
    ]
    code: Line = ((f"{number} │", "gutter"), (f" {whole.text}" if whole.text else "", "code"))
    return [code, *(_gutter(pad, *marked) for marked in beneath(marks, room))]


def _gutter(pad: str, *segments: tuple[str, str]) -> Line:
    bar = (f"{pad}│", "gutter")
    return (bar, (" ", ""), *segments) if segments else (bar,)


def _footer(finding: Finding, pad: str, width: int, *, name_cluster: bool) -> list[Line]:
    """Return what it does to the node, what to do, what it is about, and the fix."""
    lines: list[Line] = []
    lead = ((f"{pad}= ", "gutter"),)
    hidden = len(finding.labels) - MOST_LABELS
    if hidden > 0:
        text = f"and {hidden} more {'place' if hidden == 1 else 'places'}, in the JSON report"
        lines += paragraph(lead, text, "context", width)
    for sentence in (finding.effect, finding.advice):
        if sentence:
            lines += paragraph(lead, shortened(prose(sentence)), "note", width)
    lines += _context(finding, pad, width, name_cluster=name_cluster)
    if finding.fix is not None:
        lines += _offer(finding.fix, lead, width)
    return lines


def _context(finding: Finding, pad: str, width: int, *, name_cluster: bool) -> list[Line]:
    """Return which cluster, pool and release a finding is about, and what the rule is called.

    A line ends between two of these, not within one.
    """
    named = (
        ("cluster ", finding.cluster if name_cluster else ""),
        ("pool ", finding.pool),
        ("OpenShift ", finding.releases),
        ("rule ", finding.name),
    )
    parts = [shortened(prose(kind + value)) for kind, value in named if value]
    lines: list[Line] = []
    row = ""
    for position, part in enumerate(parts):
        lead: Line = ((f"{pad}= " if position == 0 else f"{pad}  ", "gutter"),)
        joined = f"{row}, {part}" if row else part
        comma = position + 1 < len(parts)
        if row and len(pad) + 2 + columns(joined) + comma <= width:
            lines[-1] = (lines[-1][0], (joined, "context"))
            row = joined
        else:
            if row:
                lines[-1] = (*lines[-1], (",", "context"))
            lines += paragraph(lead, part, "context", width - comma)
            row = lines[-1][-1][0]
    return lines


def _offer(fix: Fix, lead: Line, width: int) -> list[Line]:
    """Return what a fix would do, and the command that does it."""
    safe = fix.applicability is Applicability.SAFE
    words = "fix available" if safe else "unsafe fix available"
    command = "(wplint lint --fix)" if safe else "(wplint lint --fix --unsafe-fixes)"
    lines = paragraph(lead, f"{words}: {shortened(prose(fix.description))}", "fix", width)
    taken = sum(columns(text) for text, _ in lines[-1])
    if taken + 3 + len(command) <= width:
        lines[-1] = (*lines[-1], ("   " + command, "context"))
    else:
        indent = sum(len(text) for text, _ in lead)
        lines.append(((" " * indent, ""), (command, "context")))
    return lines
