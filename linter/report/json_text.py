"""JSON as it is written: ASCII, and with nothing in it that a log viewer would act on."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from linter.regexes import regex
from linter.report.visible import disarmed

_SURROGATE = regex("[\ud800-\udfff]")


def json_text(document: Any) -> str:
    """Return a document as indented JSON with a line break at its end.

    What a log viewer would take for a command (``##[...]``) can only stand inside a string here,
    where its bracket can be escaped without a change of meaning. Surrogates, which stand for bytes
    of file names that are not UTF-8, become U+FFFD: many parsers refuse them.
    """
    written = _indented_json(document)
    if "\\ud" in written:
        raw = json.dumps(document, ensure_ascii=False)
        written = _indented_json(json.loads(_SURROGATE.sub("\ufffd", raw)))
    return disarmed(written + "\n", "\\u005b")


def _indented_json(document: Any) -> str:
    """Return a document as indented JSON; its parts, which are many, are not held on the way."""
    stream = StringIO()
    json.dump(document, stream, indent=2)
    return stream.getvalue()


def indented_text(document: Any) -> str:
    """Return what :func:`json_text` does; a part that stands in several places is written once."""
    written = _indented(document, "\n", {})
    if "\\ud" in written:
        return json_text(document)
    return disarmed(written + "\n", "\\u005b")


def _indented(value: Any, line: str, known: dict[tuple[int, str], str]) -> str:
    """Return a value as JSON, given what its lines begin with."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value)
    written = known.get((id(value), line))
    if written is None:
        inner = line + "  "
        if isinstance(value, dict):
            parts = [f"{json.dumps(k)}: {_indented(v, inner, known)}" for k, v in value.items()]
            written = f"{{{inner}{f',{inner}'.join(parts)}{line}}}"
        else:
            parts = [_indented(one, inner, known) for one in value]
            written = f"[{inner}{f',{inner}'.join(parts)}{line}]"
        known[id(value), line] = written
    return written
