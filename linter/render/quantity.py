"""Amounts of memory as Kubernetes writes them, such as ``500Mi``.

Source: k8s.io/apimachinery ``pkg/api/resource/quantity.go``. Only what summing needs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT = regex(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{0,30})(?:\.(?P<part>[0-9]{0,30}))?"
    r"(?:[eE](?P<exponent>[+-]?[0-9]{1,2})|(?P<suffix>[KMGTPE]i|[numkMGTPE]?))",
    re.ASCII,
)
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")
_NANO = 10**9
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in billionths, and the family of suffixes that it is written with."""

    nanos: int
    family: str

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """Read a quantity.

        Raises:
            ValueError: Kubernetes would not read it, or it is beyond 64 bits.

        """
        found = _TEXT.fullmatch(text)
        if not found or not (found["whole"] or found["part"]):
            raise ValueError(f"{text[:40]!r} is no amount such as 500Mi")
        suffix, exponent, part = found["suffix"] or "", found["exponent"], found["part"] or ""
        scale, family = _NANO, "decimal"
        shift = -len(part)
        if exponent is not None:
            shift, family = shift + int(exponent), "exponent"
        elif suffix.endswith("i"):
            scale, family = _NANO * 1024 ** _BINARY.index(suffix), "binary"
        else:
            shift += 3 * (_DECIMAL.index(suffix) - _DECIMAL.index(""))
        amount = int((found["whole"] + part) or "0") * scale
        # What is finer than a billionth is rounded up.
        nanos = amount * 10**shift if shift >= 0 else -(-amount // 10**-shift)
        if nanos > _LARGEST * _NANO:
            raise ValueError(f"{text[:40]!r} is too large an amount")
        return cls(-nanos if found["sign"] == "-" else nanos, family)

    def __str__(self) -> str:
        """Return Kubernetes' canonical text: the largest suffix that leaves a whole number."""
        if self.family == "binary" and self.nanos % _NANO == 0 and abs(self.nanos) >= 1024 * _NANO:
            number, suffix = _shortest(self.nanos // _NANO, 1024, _BINARY)
            return f"{number}{suffix}"
        number, suffix = _shortest(self.nanos, 1000, _DECIMAL)
        power = 3 * (_DECIMAL.index(suffix) - _DECIMAL.index(""))
        if self.family == "exponent":
            suffix = f"e{power}" if power else ""
        return f"{number}{suffix}"


def total(texts: Iterable[str]) -> str:
    """Return the sum of the quantities in the notation of the first that is not zero.

    Raises:
        ValueError: One of them is not a quantity.

    """
    nanos, family = 0, "decimal"
    for quantity in map(Quantity.parse, texts):
        family = quantity.family if nanos == 0 else family
        nanos += quantity.nanos
    return str(Quantity(nanos, family))


def _shortest(amount: int, step: int, suffixes: tuple[str, ...]) -> tuple[int, str]:
    """Return the number with the largest suffix that divides it; suffixes ascend by ``step``."""
    index = suffixes.index("") if not amount else 0
    while amount and amount % step == 0 and index < len(suffixes) - 1:
        amount //= step
        index += 1
    return amount, suffixes[index]
