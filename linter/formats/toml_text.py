"""Writing TOML: strings and keys, quoted so that any text comes back as it was.

Source: TOML 1.0.0, sections Keys and String.
"""

from __future__ import annotations

from linter.regexes import regex

_BARE = regex(r"[A-Za-z0-9_-]+\Z")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def toml_string(text: str) -> str:
    """Return a basic string; what is not printable is escaped, half a surrogate pair replaced."""
    return f'"{"".join(_escaped(char) for char in text)}"'


def toml_key(key: str) -> str:
    """Return a key, bare where it may be."""
    return key if _BARE.match(key) else toml_string(key)


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
