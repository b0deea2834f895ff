r"""Text of manifests made safe to look at.

Manifests are hostile input: an escape sequence may repaint a terminal, a right-to-left override may
turn a CPU list around, and a line of a log may be taken for a command by the service that runs the
job. Here every such character is spelled out, as ``\x1b`` or ``\u202e``, and the columns that
a text takes on a terminal are counted.

Sources: Unicode Standard Annex 11 (East Asian Width) for columns; the workflow commands of GitHub
Actions (``::error``, ``##[error]``) and the logging commands of Azure Pipelines (``##vso[``) and
TeamCity (``##teamcity[``) for what a log line may do.
"""

from __future__ import annotations

import unicodedata

from linter.regexes import regex

ELLIPSIS = "…"
"""Stands for characters that are left out."""

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that Unicode calls printable although nothing is seen of them."""

_ZERO_WIDTH = frozenset({"Mn", "Me"})
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

_BRACKET_COMMAND = regex(r"##[A-Za-z]{0,32}\[")
_COLON_COMMAND = regex(r"::(?=[A-Za-z])")
_LONGEST_COMMAND = 40

_LONG_WORD = 320
_LONG_TEXT = 2000


def spelled(char: str) -> str:
    """Return an escape for a character that cannot be shown as it is, as Python writes it."""
    code = ord(char)
    if char in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_plain(char: str) -> bool:
    """Whether a character shows itself, and nothing but itself, wherever it stands.

    False for control and format characters, surrogates, unassigned and private characters, every
    space but the ordinary one, combining marks, conjoining letters and blank letters.
    """
    if " " <= char <= "~":
        return True
    return (
        char.isprintable()
        and char not in _BLANK
        and not "\u1160" <= char <= "\u11ff"
        and unicodedata.category(char) not in _ZERO_WIDTH
    )


def shown(char: str) -> str:
    """Return one character of a code frame as it is shown, so that marks can stand beneath it.

    Letters written from right to left are spelled out as well: a terminal would reorder them, and
    the marks would stand under other characters.
    """
    if " " <= char <= "~":
        return char
    if not is_plain(char) or unicodedata.bidirectional(char) in _RIGHT_TO_LEFT:
        return spelled(char)
    return char


def prose(text: str) -> str:
    """Return a name, a path or a sentence on one line, with nothing in it that acts.

    Control characters become escapes, and so does one character of what a log viewer would take
    for a command. Letters of every script stay.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(char if is_plain(char) else spelled(char) for char in text)
    if "::" in text:
        text = _COLON_COMMAND.sub(r":\\x3a", text)
    if "##" in text:
        text = disarmed(text, "\\x5b")
    return text


def disarmed(text: str, bracket: str) -> str:
    """Return the text with the opening bracket of every ``##name[`` command replaced."""
    return _BRACKET_COMMAND.sub(lambda match: match[0][:-1] + bracket, text)


def command_brackets(text: str, start: int, end: int) -> frozenset[int]:
    """Return the offsets, within a part of a text, of brackets that would open a log command."""
    begin = max(0, start - _LONGEST_COMMAND)
    if text.find("##", begin, end) < 0:
        return frozenset()
    return frozenset(match.end() - 1 for match in _BRACKET_COMMAND.finditer(text, begin, end))


def columns(text: str) -> int:
    """Return how many columns a text of plain characters takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shortened(text: str) -> str:
    """Return a sentence without the middle of values that nobody could read anyway."""
    if len(text) > _LONG_WORD:
        words = text.split(" ")
        text = " ".join(_middle_out(word, _LONG_WORD) for word in words)
    return _middle_out(text, _LONG_TEXT)


def fitted(name: str, room: int) -> str:
    """Return a path that fits into so many columns: where it is too long, mostly its end."""
    short, keep = name, room
    while columns(short) > room:
        head = (keep - 1) // 4
        short = name[:head] + ELLIPSIS + name[len(name) - (keep - 1 - head) :]
        keep -= 1
    return short


def wrapped(text: str, first: int, rest: int) -> list[str]:
    """Return a sentence as lines: the first so many columns wide, the others so many.

    Lines end at a space; a word wider than a line is divided, after a comma or a slash if it can.
    """
    lines: list[str] = []
    current: list[str] = []
    used, room = 0, first
    for word in text.split(" "):
        width = columns(word)
        if current and used + 1 + width > room:
            lines.append(" ".join(current).rstrip(" "))
            current, used, room = [], 0, rest
        if not current:
            while width > room:
                head = _head(word, room)
                lines.append(head)
                word, room = word[len(head) :], rest  # noqa: PLW2901 - what is left of it
                width -= columns(head)
        used += width + (1 if current else 0)
        current.append(word)
    lines.append(" ".join(current).rstrip(" "))
    return lines


def _middle_out(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of a text: its beginning and a third at its end."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 3
    return text[: limit - 1 - tail] + ELLIPSIS + text[len(text) - tail :]


def _head(word: str, room: int) -> str:
    """Return the beginning of a word that fits, at least one character."""
    taken, used = 0, 0
    for char in word:
        used += columns(char)
        if used > room:
            break
        taken += 1
    head = word[: max(1, taken)]
    cut = max(head.rfind(","), head.rfind("/")) + 1
    return head[:cut] if cut > len(head) // 2 else head
