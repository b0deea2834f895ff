"""File modes: octal numbers that Ignition wants written in decimal.

A manifest holds them as YAML or JSON integers, and people write octal digits where YAML reads
decimal ones. The largest mode is the one of openshift/machine-config-operator
``pkg/controller/common/helpers.go`` (validateIgn3FileModes).
"""

from __future__ import annotations

from linter.regexes import regex

LARGEST_MODE = 0o777

LOOK_OCTAL = frozenset(["400", "440", "444", "500"])
"""Decimal numbers that are valid modes, strange ones, and read like common octal ones."""

_OCTAL = regex(r"0o?([0-7]{1,4})\Z")
_THREE_DIGITS = regex(r"[0-7]{3}\Z")
_DECIMAL = regex(r"[0-9]{1,3}\Z")


def is_written_octal(text: str) -> bool:
    """Say whether a number is written in octal, as ``0644`` or ``0o644``: JSON has no such ones."""
    return _OCTAL.match(text) is not None


def meant_mode(text: str) -> int | None:
    """Return the mode that somebody meant by some digits; None where that would be a guess.

    Digits are octal where they begin with 0, where they are too large for a decimal mode, and
    where they are in :data:`LOOK_OCTAL`.
    """
    if octal := _OCTAL.match(text):
        mode = int(octal[1], 8)
    elif not _DECIMAL.match(text):
        return None
    elif _THREE_DIGITS.match(text) and (text in LOOK_OCTAL or int(text) > LARGEST_MODE):
        mode = int(text, 8)
    else:
        mode = int(text)
    return mode if mode <= LARGEST_MODE else None
