"""The documents of a text: where each begins, and which of them are worth composing.

A file that is looked at may hold hundreds of documents of which two matter. Searching the others
for a few words is a hundred times as fast as composing them, so these become blanks: a node of what
is left has the offsets that it would have, and a syntax error stands where it would stand.

A line that is ``---``, or begins with it and a blank, begins a document wherever it stands: block
scalars are indented by one at least, and libyaml refuses it within quotes and brackets. So a
document that is no YAML ends there too, as it does for kubectl, which divides texts at such lines
before it parses anything. What libyaml divides in other ways, behind ``...`` or after another line
break than a line feed, stays together here. A directive belongs to the document behind it; a text
with one is composed as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.regexes import regex
from linter.sources.prefilter import INVENTORIES, JOINING, NEEDLES, SUPPRESSION, Needles

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = "---"
"""Stands at the beginning of a document, but perhaps of the first."""

_BEGINNING = regex(r"\n---(?=[ \t\r\n])")
_DIRECTIVES = tuple(f"{line_break}%" for line_break in "\r\n\x85\u2028\u2029")

_may_tell = Needles(
    (
        *NEEDLES,
        *JOINING,
        b"baseDomain",  # is an install-config with less than makes a file worth parsing
        b"{{",  # the text may be a template, which is found out by composing it
        b"{%",
        b"<%",
    ),
    *INVENTORIES,
).may_be_in


def telling(text: str) -> str:
    """Return a text with blanks in place of the documents that say nothing.

    All that is left has the offsets that it had. A document says nothing if it has none of the
    words by which a file, or an object in it, is looked for, nor those of suppressions and
    templates.
    """
    parts = list(_parts(text))
    if len(parts) == 1 or text.startswith("%") or any(mark in text for mark in _DIRECTIVES):
        return text
    told: list[str] = []
    goes_on = False
    for part in parts:
        data = part.encode()
        if SUPPRESSION in data or _may_tell(data):
            told.append(part)
            goes_on = True
        else:
            begin = MARKER if goes_on else ""  # ends what stands before it, whole or broken
            told.append(begin + " " * (len(part) - len(begin) - 1) + "\n")
            goes_on = False
    return "".join(told)


def is_alone(text: str) -> bool:
    """Say whether there is but one document in a text, whatever it says."""
    return sum(map(_has_content, _parts(text))) <= 1


def _parts(text: str) -> Iterator[str]:
    """Yield the documents of a text, each with the line that begins it and what stands behind."""
    start = 0
    for found in _BEGINNING.finditer(text):
        yield text[start : found.start() + 1]
        start = found.start() + 1
    yield text[start:]


def _has_content(part: str) -> bool:
    lines = (line.strip() for line in part.removeprefix(MARKER).splitlines())
    return any(line and line != "..." and not line.startswith("#") for line in lines)
