"""JSON as it is written: ASCII, and with nothing in it that a log viewer would act on."""

from __future__ import annotations

import json
import re
from typing import Any

from linter.report.visible import disarmed

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(document: Any) -> str:
    """Return a document as indented JSON with a line break at its end.

    What a log viewer would take for a command (``##[...]``) can only stand inside a string here,
    where its bracket can be escaped without a change of meaning. Surrogates, which stand for bytes
    of file names that are not UTF-8, become U+FFFD: many parsers refuse them.
    """
    written = json.dumps(document, indent=2)
    if "\\ud" in written:
        raw = json.dumps(document, ensure_ascii=False)
        written = json.dumps(json.loads(_SURROGATE.sub("\ufffd", raw)), indent=2)
    return disarmed(written + "\n", "\\u005b")
