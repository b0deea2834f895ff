"""Covering: words of a YAML text that can be nothing but a value, or a part of one.

The files of a fleet differ in names, addresses and keys. Two texts that are the same once such
words are covered have the same structure, so what is read of one of them is known of the other. A
word is covered where that is certain: what tells the structure, which is every key and every
character that means something to YAML, stays as it is.
"""

from __future__ import annotations

import re

from linter.regexes import regex

LONGEST = 64 * 1024
"""Bytes of a text that is looked at in this way; the files of real sites have a tenth."""

WORD = regex(rb"""(?<=[ '"])[\w/+](?:[\w+/=@.:-]*[\w+/=@.-])?(?=[ '"\n]|\Z)(?!['"]? *:)""")
"""A word between blanks or quotes that is no key. None begins or ends with a colon."""

_CERTAIN = bytes({*range(0x20, 0x7F), 0x0A} - set(b"&*\\%"))
_UNCERTAIN = re.compile(rb"\?[ \n]|<<|\{\{|\n---|\n\.\.\.")
"""What may make a word more than itself: complex keys, merges, templates, further documents.

As characters may that are not in ``_CERTAIN``: anchors, aliases, escapes, other line breaks. Nor is
a percent sign, so that a cover with one is never taken for a word that was there.
"""


def is_certain(data: bytes) -> bool:
    """Say whether words may be told from structure in a text by looking at it alone."""
    return (
        len(data) <= LONGEST and not data.translate(None, _CERTAIN) and not _UNCERTAIN.search(data)
    )
