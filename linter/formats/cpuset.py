"""Sets of CPUs, and the Kubernetes text of them.

The grammar is that of ``k8s.io/utils/cpuset`` (``cpuset.go``, ``Parse`` and ``String``), which the
PerformanceProfile, the kubelet's ``reservedSystemCPUs`` and CRI-O's ``cpuset`` share: numbers and
ascending ranges joined by commas, and nothing else, not even a space. The other grammars are in
:mod:`linter.formats.cpu_lists` and :mod:`linter.formats.cpu_masks`; all of them return a
:class:`CpuSet`, so that lists are compared as sets and never as text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LARGEST_CPU = 8191
"""The largest CPU number that Linux can be built for, and the largest that systemd accepts."""

_QUOTED_LENGTH = 60

# Go's strconv.Atoi reads an optional sign and ASCII digits. A minus can only stand after the dash
# of a range, and only "-0" does not make that range run backwards.
_KUBERNETES_PIECE = regex(r"(\+?[0-9]+)(?:-(\+?[0-9]+|-0+))?")
_WHITESPACE = regex(r"\s+")


@dataclass(frozen=True, slots=True, repr=False)
class CpuSet:
    """An immutable set of CPU numbers from 0 to :data:`LARGEST_CPU`.

    ``bits`` has bit *n* set for each CPU *n*. Raises :class:`ValueError` for bits out of bounds.
    """

    bits: int = 0

    EMPTY: ClassVar[CpuSet]

    def __post_init__(self) -> None:
        if self.bits < 0 or self.bits.bit_length() > LARGEST_CPU + 1:
            raise ValueError(f"a CPU number lies between 0 and {LARGEST_CPU}")

    @classmethod
    def of(cls, cpus: Iterable[int]) -> CpuSet:
        """Return the set of the CPU numbers given; ValueError for one that is out of bounds."""
        bits = 0
        for cpu in cpus:
            bits |= 1 << _checked(cpu)
        return cls(bits)

    @classmethod
    def range(cls, first: int, last: int) -> CpuSet:
        """Return the CPUs from ``first`` to ``last``, both included; empty if they run backwards.

        Raises :class:`ValueError` where either is out of bounds.
        """
        return cls(_span_bits(_checked(first), _checked(last)))

    @property
    def first(self) -> int | None:
        """The smallest CPU number, or None in the empty set."""
        return (self.bits & -self.bits).bit_length() - 1 if self.bits else None

    @property
    def last(self) -> int | None:
        """The largest CPU number, or None in the empty set."""
        return self.bits.bit_length() - 1 if self.bits else None

    @property
    def text(self) -> str:
        """The canonical Kubernetes text: ascending, adjacent numbers merged, such as ``0-1,4``."""
        return ",".join(
            str(first) if first == last else f"{first}-{last}" for first, last in self.ranges()
        )

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield the first and last number of each run of adjacent CPUs, in ascending order."""
        digits = f"{self.bits:b}"[::-1] + "0"
        first = digits.find("1")
        while first >= 0:
            end = digits.find("0", first)
            yield first, end - 1
            first = digits.find("1", end)

    def isdisjoint(self, other: CpuSet) -> bool:
        """Tell whether the two sets share no CPU."""
        return not self.bits & other.bits

    def __iter__(self) -> Iterator[int]:
        for first, last in self.ranges():
            yield from range(first, last + 1)

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __bool__(self) -> bool:
        return self.bits != 0

    def __contains__(self, cpu: object) -> bool:
        return isinstance(cpu, int) and cpu >= 0 and bool(self.bits >> cpu & 1)

    def __or__(self, other: CpuSet) -> CpuSet:
        return CpuSet(self.bits | other.bits) if isinstance(other, CpuSet) else NotImplemented

    def __and__(self, other: CpuSet) -> CpuSet:
        return CpuSet(self.bits & other.bits) if isinstance(other, CpuSet) else NotImplemented

    def __sub__(self, other: CpuSet) -> CpuSet:
        return CpuSet(self.bits & ~other.bits) if isinstance(other, CpuSet) else NotImplemented

    def __xor__(self, other: CpuSet) -> CpuSet:
        return CpuSet(self.bits ^ other.bits) if isinstance(other, CpuSet) else NotImplemented

    def __le__(self, other: CpuSet) -> bool:
        return not self.bits & ~other.bits if isinstance(other, CpuSet) else NotImplemented

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"CpuSet({self.text!r})"


CpuSet.EMPTY = CpuSet(0)


class CpuListProblem(StrEnum):
    """What is wrong with a CPU list or mask."""

    EMPTY_PIECE = "empty-piece"
    WHITESPACE = "whitespace"
    NOT_A_NUMBER = "not-a-number"
    OPEN_RANGE = "open-range"
    REVERSED = "reversed"
    TOO_MANY_PARTS = "too-many-parts"
    NEGATIVE = "negative"
    TOO_LARGE = "too-large"
    BAD_STRIDE = "bad-stride"
    BAD_FLAG = "bad-flag"
    BAD_QUOTE = "bad-quote"
    HEX_PREFIX = "hex-prefix"
    LONG_WORD = "long-word"


class CpuListError(ValueError):
    """A CPU list that its reader would refuse.

    ``message`` is one sentence, without a full stop, that quotes the faulty piece. ``start`` and
    ``end`` are its offsets in the text, in code points. ``repaired`` is the text without its
    needless whitespace and commas where these were the only faults, else None; the grammar that
    raised the error reads it.
    """

    def __init__(
        self,
        kind: CpuListProblem,
        message: str,
        start: int,
        end: int,
        repaired: str | None = None,
    ) -> None:
        super().__init__(kind, message, start, end, repaired)
        self.kind = kind
        self.message = message
        self.start = start
        self.end = end
        self.repaired = repaired

    def __str__(self) -> str:
        return self.message

    def after(self, prefix: str) -> CpuListError:
        """Return the same error for the text that has ``prefix`` before the list."""
        repaired = None if self.repaired is None else prefix + self.repaired
        start, end = self.start + len(prefix), self.end + len(prefix)
        return CpuListError(self.kind, self.message, start, end, repaired)


@dataclass(frozen=True, slots=True)
class PieceFault:
    """What is wrong with one piece of a list, wherever the piece stands."""

    kind: CpuListProblem
    message: str


def parse_cpuset(text: str) -> CpuSet:
    """Read a Kubernetes cpuset. The empty text is the empty set.

    Raises :class:`CpuListError` for what Kubernetes refuses, and for numbers above
    :data:`LARGEST_CPU`, which Kubernetes would expand but no machine has.
    """
    return CpuSet(read_pieces(text, _kubernetes_piece)) if text else CpuSet.EMPTY


def canonical(text: str) -> str:
    """Return the text that Kubernetes prints for the cpuset ``text``; raises like parse_cpuset."""
    return parse_cpuset(text).text


def read_pieces(text: str, read: Callable[[str], int | PieceFault]) -> int:
    """Read a comma separated list piece by piece and return the union of the pieces' bits.

    ``read`` returns the bits of one piece or what is wrong with it. It is called once for each
    distinct piece, so that a long list of repetitions costs little. Raises :class:`CpuListError`
    with the first fault; whitespace is that fault only if the list is right without it.
    """
    pieces = text.split(",")
    bits = 0
    for piece in dict.fromkeys(pieces):
        found = read(piece)
        if isinstance(found, PieceFault):
            raise _error_in(text, pieces, read, (piece, found))
        bits |= found
    return bits


def range_bits(piece: str, first: str, last: str) -> int | PieceFault:
    """Return the bits of the range between two decimal texts; ``piece`` is quoted in a fault."""
    low, high = _cpu_number(first), _cpu_number(last)
    if low is None or high is None:
        return PieceFault(
            CpuListProblem.TOO_LARGE,
            f"{quoted(piece)} goes beyond {LARGEST_CPU}, the largest possible CPU number",
        )
    if low > high:
        return PieceFault(
            CpuListProblem.REVERSED, f"{quoted(piece)} is a range that runs backwards"
        )
    return _span_bits(low, high)


def piece_fault(piece: str) -> PieceFault:
    """Explain why ``piece`` is neither a CPU number nor a range of the form ``first-last``."""
    shown = quoted(piece)
    first, dash, last = piece.partition("-")
    if not piece:
        return PieceFault(CpuListProblem.EMPTY_PIECE, f"{shown} is no CPU number")
    if _WHITESPACE.search(piece):
        return PieceFault(
            CpuListProblem.NOT_A_NUMBER, f"{shown} is not one CPU number: it has whitespace inside"
        )
    if not first and _is_number(last):
        return PieceFault(CpuListProblem.NEGATIVE, f"{shown} is negative, and no CPU number is")
    if _is_number(first) and last.startswith("-") and _is_number(last[1:]):
        return PieceFault(
            CpuListProblem.NEGATIVE, f"{shown} ends in a negative number, and no CPU number is"
        )
    if dash and (not first or not last):
        missing = "last" if first else "first"
        return PieceFault(CpuListProblem.OPEN_RANGE, f"{shown} is a range without a {missing} CPU")
    parts = piece.split("-")
    if len(parts) > 2 and all(map(_is_number, parts)):
        return PieceFault(
            CpuListProblem.TOO_MANY_PARTS, f"{shown} is a range of {len(parts)} numbers, not two"
        )
    expected = "a range of CPU numbers" if dash else "a CPU number"
    return PieceFault(CpuListProblem.NOT_A_NUMBER, f"{shown} is not {expected}")


def quoted(text: str) -> str:
    """Return ``text`` in quotes for a message: shortened, and with control characters escaped."""
    return repr(text if len(text) <= _QUOTED_LENGTH else text[:_QUOTED_LENGTH] + "…")


def _checked(cpu: int) -> int:
    if not 0 <= cpu <= LARGEST_CPU:
        raise ValueError(f"{cpu} is no CPU number; they lie between 0 and {LARGEST_CPU}")
    return cpu


def _span_bits(first: int, last: int) -> int:
    return (1 << last + 1) - (1 << first) if first <= last else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _cpu_number(digits: str) -> int | None:
    """Return the CPU number, or None if it is too large; Python refuses to read 4301 digits."""
    significant = digits.lstrip("+-0") or "0"
    if len(significant) > len(str(LARGEST_CPU)):
        return None
    cpu = int(significant)
    return cpu if cpu <= LARGEST_CPU else None


def _kubernetes_piece(piece: str) -> int | PieceFault:
    match = _KUBERNETES_PIECE.fullmatch(piece)
    return range_bits(piece, match[1], match[2] or match[1]) if match else piece_fault(piece)


def _tight(piece: str) -> str:
    """Drop the whitespace at the ends of a piece and around dashes, but none between digits.

    Without its space ``1 2`` would read as twelve, which nobody meant.
    """
    return "-".join(part.strip() for part in piece.split("-"))


def _error_in(
    text: str,
    pieces: list[str],
    read: Callable[[str], int | PieceFault],
    found: tuple[str, PieceFault],
) -> CpuListError:
    """Return the error for a list in which ``found`` is the first piece refused, and why."""
    first: tuple[str, PieceFault] | None = None
    repairable = True
    for piece in dict.fromkeys(pieces):
        fault = read(_tight(piece))
        if isinstance(fault, PieceFault):
            first = first or (piece, fault)
            repairable = fault.kind is CpuListProblem.EMPTY_PIECE
            if not repairable:
                break
    whitespace = _WHITESPACE.search(text)
    if whitespace and (first is None or whitespace[0] == text):
        message = f"{quoted(text)} contains whitespace, and a CPU list may not"
        repaired = ",".join(map(_tight, pieces))
        return CpuListError(CpuListProblem.WHITESPACE, message, *whitespace.span(), repaired)
    piece, fault = first or found
    at = pieces.index(piece)
    start = sum(map(len, pieces[:at])) + at
    if fault.kind is not CpuListProblem.EMPTY_PIECE:
        start += len(piece) - len(piece.lstrip())
        return CpuListError(fault.kind, fault.message, start, start + len(piece.strip()))
    where = "before the first comma" if at == 0 else "between two commas"
    if at == len(pieces) - 1:
        where = "after the last comma"
    comma = len(piece) if at == 0 else start - 1
    # Where commas alone are left, nothing tells which CPUs were meant.
    repaired = ",".join(filter(None, map(_tight, pieces))) if repairable else ""
    message = f"{quoted(text)} has no CPU number {where}"
    return CpuListError(fault.kind, message, comma, comma + 1, repaired or None)
