"""What Kubernetes reads in a plain YAML scalar.

Kubernetes converts YAML to JSON with sigs.k8s.io/yaml: a plain scalar is resolved by a mixture of
YAML 1.1 and 1.2 (``0644`` and ``0o644`` are 420, ``1_000`` is 1000, ``yes`` and ``on`` are true,
``1:30`` and dates are strings). Quoted scalars are always strings.
"""

from __future__ import annotations

import re
from math import isinf
from typing import TypeAlias

from linter.regexes import regex

Scalar: TypeAlias = str | int | float | bool | None

_TRUE = frozenset(
    ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"],
)
_FALSE = frozenset(["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"])
_NULL = frozenset(["", "~", "null", "Null", "NULL"])
_SPECIAL_FLOAT = frozenset(
    sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")
) | {".nan", ".NaN", ".NAN"}
_INTEGER = regex(r"[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)\Z", re.ASCII)
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z", re.ASCII)
_LONGEST_NUMBER = 400


def resolve(text: str) -> Scalar:
    """Return what Kubernetes reads in a plain (unquoted, untagged) scalar."""
    if not text or text[0] not in "+-.0123456789~nNyYtTfFoO":
        return None if text in _NULL else text
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) > _LONGEST_NUMBER:
        return text
    if text in _SPECIAL_FLOAT:
        return float(text.replace(".", "").lower())
    if _INTEGER.match(text) and (integer := _integer(text)) is not None:
        return integer
    digits = text.replace("_", "") if text[0] != "." else text
    if _FLOAT.match(digits) and not isinf(number := float(digits)):
        return number
    return text


def _integer(text: str) -> int | None:
    """Read an integer as Go's ParseInt with base 0 does once underscores are gone."""
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    base = 10
    if len(digits) > 1 and digits[0] == "0":
        prefix = digits[1].lower()
        base = {"b": 2, "o": 8, "x": 16}.get(prefix, 8)
        digits = digits[1:] if prefix.isdigit() else digits[2:]
    try:
        return sign * int(digits, base)
    except ValueError:  # such as 089, which is no octal number and so a float
        return None
