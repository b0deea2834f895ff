"""Covering: words of a YAML text that can be nothing but a value, or a part of one.

The files of a fleet differ in names, addresses and keys. Two texts that are the same once such
words are covered have the same structure, so what is read of one of them is known of the other. A
word is covered where that is certain: what tells the structure, which is every key and every
character that means something to YAML, stays as it is.
"""

from __future__ import annotations

from linter.regexes import regex

LONGEST = 64 * 1024
"""Bytes of a text that is looked at in this way; the files of real sites have a tenth."""

WORD = regex(rb"""(?<=[ '"])[0-9A-Za-z_/+][0-9A-Za-z_+/=@.:-]*(?<!:)(?=[ '"\n]|\Z)(?!['"]? *:)""")
"""A word between blanks or quotes that is no key. None begins or ends with a colon."""

_CERTAIN = bytes({*range(0x20, 0x7F), 0x0A} - set(b"&*\\%"))
_UNCERTAIN = {b"?": (b"? ", b"?\n"), b"<": (b"<<",), b"{": (b"{{",)}
"""What may make a word more than itself: complex keys, merges, templates; by a byte that is rare.

As characters may that are not in ``_CERTAIN``: anchors, aliases, escapes, other line breaks. Nor is
a percent sign, so that a cover with one is never taken for a word that was there.
"""

_FURTHER = regex(rb"\n(?:---|\.\.\.)")
"""The beginning of a further document."""

_LONG = 1000
"""A text that ends in a colon after more than 1024 characters is no key to YAML, but an error."""

_FAR = regex(rb""":(?: |\Z)|[]}'] *:""")
_LONG_KEY = regex(rb'"[^"]{1000,}" *:')


def is_certain(data: bytes) -> bool:
    """Say whether words may be told from structure in a text by looking at it alone."""
    if len(data) > LONGEST or data.translate(None, _CERTAIN) or _FURTHER.search(data):
        return False
    if any(_may_be_key(line) for line in data.split(b"\n") if len(line) > _LONG):
        return False
    return not any(
        sign in data for byte, signs in _UNCERTAIN.items() if byte in data for sign in signs
    )


def _may_be_key(line: bytes) -> bool:
    """Say whether something in a long line may be a key but for its length."""
    return (_FAR.search(line, _LONG) or _LONG_KEY.search(line)) is not None
