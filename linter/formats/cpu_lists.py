"""The CPU lists of the kernel command line, of systemd and of TuneD.

Each grammar differs from the Kubernetes one and from the others: the kernel knows strides and
symbols, systemd separates by spaces and reads ``010`` as eight, TuneD subtracts. Every parser
takes the whole text of one value and takes time in proportion to its length.

Sources: Linux ``lib/bitmap-str.c`` (``bitmap_parselist``) and ``kernel/sched/isolation.c``;
systemd ``src/shared/cpu-set-util.c`` and ``src/basic/parse-util.c``; TuneD
``tuned/utils/commands.py`` (``cpulist_unpack``).
"""

from __future__ import annotations

from linter.formats.cpuset import (
    LARGEST_CPU,
    CpuListError,
    CpuListProblem,
    CpuSet,
    PieceFault,
    piece_fault,
    quoted,
    range_bits,
    read_pieces,
)
from linter.records import dataclass
from linter.regexes import regex

ISOLCPUS_FLAGS = ("nohz", "domain", "managed_irq", "io_queue")
"""The flags that may stand before the list of ``isolcpus=``; ``io_queue`` is for new kernels."""

_LARGEST_UNSIGNED = 2**32 - 1  # The kernel and systemd both read C's unsigned int.

_KERNEL_PIECE = regex(
    r"(?:(?P<all>[aA][lL][lL])|(?P<first>[0-9]+|N)(?:-(?P<last>[0-9]+|N))?)"
    r"(?P<stride>:(?P<used>[0-9]+|N)/(?P<group>[0-9]+|N))?"
)
_ISOLCPUS_TOKEN = regex(r"[A-Za-z][^,]*")

# A quote without its partner is a token of its own, so that nothing of the text is skipped.
_SYSTEMD_TOKEN = regex(r"""(?:[^ \t\n\r,'"]++|'[^']*+'|"[^"]*+")++|['"]""")
_SYSTEMD_QUOTED = regex(r"""'[^']*'|"[^"]*\"""")
_SYSTEMD_NUMBER = regex(
    r"[ \t\n\r\v\f]*(?:\+|(?P<minus>-))?"
    r"(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)|0[oO](?P<octal>[0-7]+)"
    r"|0(?P<zero>[0-7]*)|(?P<decimal>[1-9][0-9]*))"
)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "zero": 8, "decimal": 10}


@dataclass(frozen=True, slots=True)
class KernelList:
    """The CPUs of a kernel list; None where ``N`` or ``all`` stand for the machine's last CPU."""

    cpus: CpuSet | None
    needs_cpu_count: bool


@dataclass(frozen=True, slots=True)
class Isolcpus:
    """The value of ``isolcpus=``: flags in effect, and CPUs as in :class:`KernelList`.

    ``flags`` is ``("domain",)`` where none is written. ``list_start`` is the offset of the list.
    """

    flags: tuple[str, ...]
    cpus: CpuSet | None
    needs_cpu_count: bool
    list_start: int


@dataclass(frozen=True, slots=True)
class SystemdAffinity:
    """One assignment to ``CPUAffinity=`` or ``systemd.cpu_affinity=``.

    ``resets`` is set for an empty assignment, which clears what was assigned before. ``ignored``
    holds the distinct ranges that run backwards, which systemd skips with a warning. ``numa`` is
    set for the special value that units take and that the manager's own parser does not know.
    """

    cpus: CpuSet
    resets: bool
    ignored: tuple[str, ...]
    numa: bool


@dataclass(frozen=True, slots=True)
class TunedList:
    """What TuneD unpacks from a list.

    ``invalid`` is set where TuneD gives up and goes on with no CPU at all, and where a number is
    above :data:`LARGEST_CPU`. ``ignored`` holds the distinct pieces that contribute nothing
    although the list is valid: ranges that run backwards and broken hexadecimal masks.
    """

    cpus: CpuSet
    invalid: bool
    ignored: tuple[str, ...]


def parse_kernel_list(text: str) -> KernelList:
    """Read a kernel bitmap list, as in ``nohz_full=`` and ``rcu_nocbs=``.

    ``first-last:used/group`` takes the first ``used`` CPUs of each ``group``, counted from
    ``first``. The kernel skips empty pieces, so they are no fault; whitespace is one, for it ends
    the argument on a command line. Raises :class:`CpuListError`.
    """
    bits = read_pieces(text, _kernel_piece)
    # Only the symbols have letters in a list that is right.
    if any(map(str.isalpha, set(text))):
        return KernelList(None, needs_cpu_count=True)
    return KernelList(CpuSet(bits), needs_cpu_count=False)


def parse_isolcpus(text: str) -> Isolcpus:
    """Read the value of ``isolcpus=``: flags, each with a comma behind it, and a kernel list.

    Raises :class:`CpuListError` for a list at fault, for a flag that is not one of
    :data:`ISOLCPUS_FLAGS` (kernels differ in whether they skip it or drop the whole argument) and
    for flags that no list follows. ``N`` or ``all`` in the first place is read as the list that
    was meant, though the kernel takes every leading letter for the beginning of a flag.
    """
    flags: list[str] = []
    start = 0
    while token := _ISOLCPUS_TOKEN.match(text, start):
        name, end = token[0], token.end()
        if _KERNEL_PIECE.fullmatch(name.strip()):
            break
        if name not in ISOLCPUS_FLAGS:
            message = f"{quoted(name)} is neither a flag of isolcpus nor a CPU list"
            raise CpuListError(CpuListProblem.BAD_FLAG, message, start, end)
        if end == len(text):
            message = f"{quoted(name)} is a flag of isolcpus, and no CPU list follows it"
            raise CpuListError(CpuListProblem.BAD_FLAG, message, start, end)
        flags.append(name)
        start = end + 1
    try:
        found = parse_kernel_list(text[start:])
    except CpuListError as error:
        raise error.after(text[:start]) from None
    in_effect = tuple(dict.fromkeys(flags)) or ("domain",)
    return Isolcpus(in_effect, found.cpus, found.needs_cpu_count, start)


def parse_systemd_affinity(text: str) -> SystemdAffinity:
    """Read one assignment of systemd's CPU affinity.

    Numbers and ranges are separated by whitespace, commas or both. An item may stand in quotes,
    but several items in one pair of quotes are one item to systemd, and no number. Numbers follow
    C: ``0x10`` is sixteen and ``010`` is eight. Raises :class:`CpuListError` for garbage and for
    numbers above :data:`LARGEST_CPU`; systemd then drops the whole assignment. A backslash counts
    as garbage, though systemd would overlook it.
    """
    if text == "numa":
        return SystemdAffinity(CpuSet.EMPTY, resets=False, ignored=(), numa=True)
    bits = 0
    ignored: list[str] = []
    words = dict.fromkeys(_SYSTEMD_TOKEN.findall(text))
    for word in words:
        found = _systemd_word(word)
        if isinstance(found, PieceFault):
            start = next(m.start() for m in _SYSTEMD_TOKEN.finditer(text) if m[0] == word)
            raise CpuListError(found.kind, found.message, start, start + len(word))
        if found == 0:
            ignored.append(word)
        bits |= found
    return SystemdAffinity(CpuSet(bits), resets=not words, ignored=tuple(ignored), numa=False)


def parse_tuned_list(text: str) -> TunedList:
    """Read a list as TuneD's ``cpulist_unpack`` does; never raises.

    ``^N``, ``!N`` and negated ranges are taken away after everything else is collected, wherever
    they stand. A mask that begins with ``0x`` swallows the pieces after it up to an empty one.
    """
    added = removed = 0
    ignored: list[str] = []
    for piece in dict.fromkeys(_tuned_pieces(text)):
        negated = piece[0] in "^!"
        try:
            if _is_mask(piece):
                bits = _tuned_mask_bits(piece)
            else:
                bits = _tuned_range_bits(piece[negated:], clamp=negated)
        except ValueError:
            return TunedList(CpuSet.EMPTY, invalid=True, ignored=())
        if not bits:
            ignored.append(piece)
        elif negated:
            removed |= bits
        else:
            added |= bits
    return TunedList(CpuSet(added & ~removed), invalid=False, ignored=tuple(ignored))


def _kernel_piece(piece: str) -> int | PieceFault:
    """Return the bits of a piece: none for an empty one, and none where a symbol stands in it."""
    if not piece:
        return 0
    match = _KERNEL_PIECE.fullmatch(piece)
    if match is None and (":" in piece or "/" in piece):
        message = f"{quoted(piece)} is not of the form first-last:used/group"
        return PieceFault(CpuListProblem.BAD_STRIDE, message)
    if match is None:
        return piece_fault(piece)
    used, group = match.group("used", "group")
    fault = _stride_fault(piece, used, group) if match["stride"] else None
    if match["stride"] and not match["all"] and not match["last"]:
        message = f"{quoted(piece)} has a stride but is not a range"
        fault = PieceFault(CpuListProblem.BAD_STRIDE, message)
    bounds = [bound for bound in match.group("first", "last") if bound and bound != "N"]
    bits = range_bits(piece, bounds[0], bounds[-1]) if bounds else 0
    if fault or isinstance(bits, PieceFault):
        return fault or bits
    if match["all"] or "N" in match.groups():
        return 0
    return bits & _stride_bits(bits, int(used), int(group)) if match["stride"] else bits


def _stride_fault(piece: str, used: str, group: str) -> PieceFault | None:
    """Check ``used/group`` as the kernel does; ``N`` is taken for whatever fits."""
    used_size = 0 if used == "N" else _unsigned(used, 10)
    group_size = _LARGEST_UNSIGNED if group == "N" else _unsigned(group, 10)
    if max(used_size, group_size) > _LARGEST_UNSIGNED:
        message = f"{quoted(piece)} has a stride beyond {_LARGEST_UNSIGNED}"
        return PieceFault(CpuListProblem.TOO_LARGE, message)
    if group_size == 0:
        message = f"{quoted(piece)} has a stride of groups without a CPU"
        return PieceFault(CpuListProblem.BAD_STRIDE, message)
    if used_size > group_size:
        message = f"{quoted(piece)} uses more CPUs of each group than the group has"
        return PieceFault(CpuListProblem.BAD_STRIDE, message)
    return None


def _stride_bits(bits: int, used: int, group: int) -> int:
    """Return the first ``used`` bits of each ``group``, counted from the lowest of ``bits``.

    What lies above ``bits`` is not cut off. The pattern doubles in each step, so that a group of
    one costs no more than a group of thousands.
    """
    start = (bits & -bits).bit_length() - 1
    length = bits.bit_length() - start
    pattern = (1 << min(used, length)) - 1
    covered = group
    while covered < length:
        pattern |= pattern << covered
        covered *= 2
    return pattern << start


def _systemd_word(word: str) -> int | PieceFault:
    """Return the bits of one item as it stands: none for a range that runs backwards."""
    if word in {"'", '"'}:
        message = f"{quoted(word)} opens a quotation that is not closed"
        return PieceFault(CpuListProblem.BAD_QUOTE, message)
    plain = _SYSTEMD_QUOTED.sub(lambda match: match[0][1:-1], word)
    low_text, dash, high_text = plain.partition("-")
    low = None if low_text.startswith("-") else _systemd_number(low_text)
    high = _systemd_number(high_text) if dash else low
    if low is None or high is None:
        return piece_fault(plain)
    if low > high and low <= _LARGEST_UNSIGNED:
        return 0
    if max(low, high) > LARGEST_CPU:
        message = f"{quoted(plain)} goes beyond {LARGEST_CPU}, the largest CPU number of systemd"
        return PieceFault(CpuListProblem.TOO_LARGE, message)
    return CpuSet.range(low, high).bits


def _systemd_number(text: str) -> int | None:
    """Read a number as C's ``strtoul`` with base 0, or None; a minus is right before zero only."""
    match = _SYSTEMD_NUMBER.fullmatch(text)
    if match is None or match.lastgroup is None:
        return None
    number = _unsigned(match[match.lastgroup], _BASES[match.lastgroup])
    return None if match["minus"] and number else number


def _unsigned(digits: str, base: int) -> int:
    """Read digits; whatever is beyond C's unsigned int comes back as some number beyond it."""
    significant = digits.lstrip("0") or "0"
    return int(significant, base) if len(significant) <= 32 else _LARGEST_UNSIGNED + 1


def _tuned_pieces(text: str) -> list[str]:
    """Split a list into its non-empty pieces, with the commas inside each mask removed."""
    pieces: list[str] = []
    mask: list[str] = []
    for piece in text.strip("'\"").split(","):
        if mask and piece:
            mask.append(piece)
        elif mask:
            pieces.append("".join(mask))
            mask = []
        elif _is_mask(piece):
            mask = [piece]
        elif piece:
            pieces.append(piece)
    return [*pieces, "".join(mask)] if mask else pieces


def _is_mask(piece: str) -> bool:
    return piece[:2].lower() == "0x"


def _tuned_mask_bits(piece: str) -> int:
    """Return the bits of a mask, none for a broken one; ValueError if it is too large."""
    try:
        bits = int(piece, 16)
    except ValueError:
        return 0  # TuneD logs this and goes on with the rest of the list.
    if bits.bit_length() > LARGEST_CPU + 1:
        raise ValueError(f"{quoted(piece)} goes beyond {LARGEST_CPU}")
    return bits


def _tuned_range_bits(piece: str, *, clamp: bool) -> int:
    """Return the bits of a number or range, none for one that runs backwards.

    TuneD reads numbers with Python's ``int``, which takes spaces, a plus and underscores, and it
    overlooks a third part of a range. Raises ValueError where TuneD gets one, and for a number
    above :data:`LARGEST_CPU`; with ``clamp`` the range is cut off there instead.
    """
    parts = piece.split("-")
    first = int(parts[0])
    last = int(parts[1]) if len(parts) > 1 else first
    if clamp:
        last = min(last, LARGEST_CPU)
    return CpuSet.range(first, last).bits if first <= last else 0
