"""Masking: an install-config with what is the site's own, and nobody looks at, covered.

The install-configs of a fleet differ in names, addresses and keys. Two that are the same once such
words are covered say the same where anybody reads them (:mod:`linter.facts.installation`, and the
schema), so composing one of them is enough. ``tests/engine/test_masking.py`` holds that.
"""

from __future__ import annotations

import re
from functools import lru_cache

from linter.sources.covering import WORD, is_certain

_UNREAD = frozenset(
    [
        b"additionalTrustBundle",
        b"baseDomain",
        b"bootstrapInPlace",
        b"imageContentSources",
        b"imageDigestSources",
        b"networking",
        b"platform",
        b"proxy",
        b"pullSecret",
        b"sshKey",
    ]
)
"""The fields of which only is asked whether they are there."""

_NAMED = b"metadata"
_NAME = re.compile(rb"^(  name: )[a-z][a-z0-9]*(?:-[a-z0-9]+)+$")
"""A name that YAML takes for a text whatever its letters are, since a dash is in it."""

_INSIDE = frozenset([b"", b" ", b"-", b"#"])
"""What a line begins with that belongs to the field above it."""

_COVER = b"x"


def masked(data: bytes) -> bytes | None:
    """Return an install-config with what nobody looks at covered.

    Args:
        data: The bytes of the file.

    Returns:
        The same lines, with a cover for some of their words; None where the text alone does not
        tell which words may be covered.

    """
    if not is_certain(data):
        return None
    lines: list[bytes] = []
    field = b""
    for line in data.split(b"\n"):
        if line[:1] not in _INSIDE:
            field, _, rest = line.partition(b":")
            if not field.isalpha() or rest[:1].strip():
                return None
        if field in _UNREAD:
            lines.append(_covered(line))
        elif field == _NAMED:
            lines.append(_NAME.sub(rb"\1" + _COVER, line))
        else:
            lines.append(line)
    return b"\n".join(lines)


@lru_cache(maxsize=512)
def _covered(line: bytes) -> bytes:
    """Cover the words of a line; most lines stand in every site."""
    return WORD.sub(_COVER, line)
