"""Hexadecimal CPU masks: the three ways in which they are printed, and how they are read.

A mask of words is made of 32-bit words of at most eight digits, the most significant first,
joined by commas. Sources: Node Tuning Operator
``pkg/performanceprofile/controller/performanceprofile/components/utils.go``; TuneD
``tuned/utils/commands.py``; Linux ``lib/bitmap-str.c`` (``bitmap_parse``).
"""

from __future__ import annotations

from itertools import dropwhile

from linter.formats.cpuset import LARGEST_CPU, CpuListError, CpuListProblem, CpuSet, quoted
from linter.regexes import regex

_WORD_DIGITS = 8
_EMPTY_WORD = "0" * _WORD_DIGITS
_HEX = regex(r"[0-9a-fA-F]+")
_WORD = regex(r"[0-9a-fA-F]{1,8}")


def irqbalance_mask(cpus: CpuSet) -> str:
    """Return the mask as the operator's ``CPUListToHexMask`` prints it for irqbalance.

    Plain lower-case digits: no padding, no commas, no ``0x``; ``0`` for the empty set.
    """
    return f"{cpus.bits:x}"


def rps_mask(cpus: CpuSet) -> str:
    """Return the mask as the operator's ``CPUListToMaskList`` prints it for the RPS sysctl.

    Full words without the leading ones that are zero, of which the last is kept.
    """
    return ",".join(list(dropwhile(_EMPTY_WORD.__eq__, _words(cpus))) or [_EMPTY_WORD])


def tuned_mask(cpus: CpuSet) -> str:
    """Return the mask as TuneD's ``cpulist2hex`` prints it: padded to full words."""
    return ",".join(_words(cpus))


def parse_mask(text: str) -> CpuSet:
    """Read a mask of words. Whitespace around the whole is skipped, and a word may be short.

    Raises :class:`CpuListError` for a ``0x``, an empty word, one of more than eight digits, one
    that is not hexadecimal, and for CPUs above :data:`LARGEST_CPU`.
    """
    body = text.strip()
    start = text.find(body)
    words = body.split(",")
    for word in dict.fromkeys(words):
        if not _WORD.fullmatch(word):
            at = words.index(word)
            raise _word_error(text, word, start + sum(map(len, words[:at])) + at)
    return _from_digits(text, "".join(word.zfill(_WORD_DIGITS) for word in words))


def parse_plain_mask(text: str) -> CpuSet:
    """Read a mask without commas and of any length, as :func:`irqbalance_mask` prints it.

    Raises :class:`CpuListError` like :func:`parse_mask`, except for the length of a word.
    """
    body = text.strip()
    if not _HEX.fullmatch(body):
        raise _word_error(text, body, text.find(body))
    return _from_digits(text, body)


def _words(cpus: CpuSet) -> list[str]:
    digits = f"{cpus.bits:x}"
    padded = digits.zfill(-(-len(digits) // _WORD_DIGITS) * _WORD_DIGITS)
    return [padded[at : at + _WORD_DIGITS] for at in range(0, len(padded), _WORD_DIGITS)]


def _from_digits(text: str, digits: str) -> CpuSet:
    bits = int(digits, 16)  # Linear, and without a limit of length, for a power of two.
    if bits.bit_length() > LARGEST_CPU + 1:
        message = f"{quoted(text)} goes beyond {LARGEST_CPU}, the largest possible CPU number"
        raise CpuListError(CpuListProblem.TOO_LARGE, message, 0, len(text))
    return CpuSet(bits)


def _word_error(text: str, word: str, start: int) -> CpuListError:
    shown = quoted(word)
    end = start + len(word)
    if not word:  # An empty word is shown by the comma beside it.
        start, end = max(start - 1, 0), min(max(start, 1), len(text))
        kind = CpuListProblem.EMPTY_PIECE
        message = f"{quoted(text)} has an empty word where hexadecimal digits belong"
    elif word[:2].lower() == "0x":
        kind = CpuListProblem.HEX_PREFIX
        message = f"{shown} begins with 0x, and a CPU mask may not"
    elif _HEX.fullmatch(word):
        kind = CpuListProblem.LONG_WORD
        message = f"{shown} has {len(word)} digits, and a word of a CPU mask has at most eight"
    else:
        kind = CpuListProblem.NOT_A_NUMBER
        message = f"{shown} is not a hexadecimal number"
    return CpuListError(kind, message, start, end)
