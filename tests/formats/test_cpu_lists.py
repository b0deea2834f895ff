from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from effort import tried, within
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.cpu_lists import (
    KernelList,
    TunedList,
    parse_isolcpus,
    parse_kernel_list,
    parse_systemd_affinity,
    parse_tuned_list,
)
from linter.formats.cpuset import (
    LARGEST_CPU,
    CpuListError,
    CpuListProblem,
    CpuSet,
    parse_cpuset,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FEW = tried(60)
P = CpuListProblem

cpu_sets = st.sets(st.integers(0, LARGEST_CPU), max_size=20).map(CpuSet.of)
any_text = st.text(alphabet="0123456789,-+ \n^!x:/Nal\"'", max_size=20) | st.text(max_size=12)


def outcome(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except CpuListError as error:
        return error


def fault(parse: Callable[[str], object], text: str) -> CpuListError:
    with pytest.raises(CpuListError) as caught:
        parse(text)
    return caught.value


# --- kernel ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("", ""),
        ("5", "5"),
        ("2-19,22-39", "2-19,22-39"),
        ("007", "7"),
        ("0,,1", "0-1"),  # the kernel skips empty pieces
        (",0-3,", "0-3"),
        ("0-7:1/2", "0,2,4,6"),
        ("0-31:2/8", "0-1,8-9,16-17,24-25"),
        ("3-10:2/3", "3-4,6-7,9-10"),  # blocks are counted from the start of the range
        ("3-9:2/3", "3-4,6-7,9"),  # the last block is cut off at the end of the range
        ("0-3:4/4", "0-3"),
        ("0-3:2/100", "0-1"),
        ("4-7:100/4000000000", "4-7"),
        ("0-3:0/2", ""),
        ("5-5:1/1", "5"),
        ("8191", "8191"),
    ],
)
def test_a_kernel_list(text: str, cpus: str) -> None:
    assert parse_kernel_list(text) == KernelList(parse_cpuset(cpus), needs_cpu_count=False)


def test_the_documented_stride() -> None:
    expected = {start + offset for start in range(100, 2001, 25) for offset in (0, 1)}
    found = parse_kernel_list("100-2000:2/25").cpus
    assert found is not None
    assert set(found) == {cpu for cpu in expected if cpu <= 2000}


@pytest.mark.parametrize(
    "text", ["N", "0-N", "4-N,1", "N-N", "all", "ALL", "0,all", "all:1/2", "0-N:1/2", "0-7:1/N"]
)
def test_a_symbol_needs_the_number_of_cpus(text: str) -> None:
    assert parse_kernel_list(text) == KernelList(None, needs_cpu_count=True)


@pytest.mark.parametrize(
    ("text", "kind", "faulty", "repaired"),
    [
        ("0-62/2", P.BAD_STRIDE, (0, 6), None),
        ("1,0-62:2", P.BAD_STRIDE, (2, 8), None),
        ("5:1/2", P.BAD_STRIDE, (0, 5), None),
        ("0-7:1/0", P.BAD_STRIDE, (0, 7), None),
        ("0-7:3/2", P.BAD_STRIDE, (0, 7), None),
        ("0-N:3/2", P.BAD_STRIDE, (0, 7), None),
        ("0-7:1/4294967296", P.TOO_LARGE, (0, 16), None),
        ("3-0", P.REVERSED, (0, 3), None),
        ("8192", P.TOO_LARGE, (0, 4), None),
        ("9000-N", P.TOO_LARGE, (0, 6), None),
        ("+3", P.NOT_A_NUMBER, (0, 2), None),
        ("0--0", P.NEGATIVE, (0, 4), None),
        ("-3", P.NEGATIVE, (0, 2), None),
        ("n", P.NOT_A_NUMBER, (0, 1), None),
        ("0-all", P.NOT_A_NUMBER, (0, 5), None),
        ("0xf", P.NOT_A_NUMBER, (0, 3), None),
        ("0-3, 5", P.WHITESPACE, (4, 5), "0-3,5"),
        ("0-3\n", P.WHITESPACE, (3, 4), "0-3"),
        (" ", P.WHITESPACE, (0, 1), ""),
        ("0 1", P.NOT_A_NUMBER, (0, 3), None),
    ],
)
def test_a_wrong_kernel_list(
    text: str, kind: CpuListProblem, faulty: tuple[int, int], repaired: str | None
) -> None:
    error = fault(parse_kernel_list, text)
    assert error.kind is kind
    assert (error.start, error.end) == faulty
    assert error.repaired == repaired


@FEW
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 40), st.integers(1, 40))
def test_a_stride_takes_the_head_of_each_group(
    start: int, length: int, used: int, group: int
) -> None:
    used = min(used, group)
    end = start + length
    expected = {cpu for cpu in range(start, end + 1) if (cpu - start) % group < used}
    found = parse_kernel_list(f"{start}-{end}:{used}/{group}").cpus
    assert found == CpuSet.of(expected)


@FEW
@given(cpu_sets)
def test_every_grammar_reads_the_kubernetes_text(cpus: CpuSet) -> None:
    assert parse_kernel_list(cpus.text).cpus == cpus
    assert parse_isolcpus(cpus.text).cpus == cpus
    assert parse_systemd_affinity(cpus.text).cpus == cpus
    assert parse_tuned_list(cpus.text) == TunedList(cpus, invalid=False, ignored=())
    assert parse_systemd_affinity(",".join(map(str, cpus))).cpus == cpus


# --- isolcpus -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flags", "cpus", "list_start"),
    [
        ("2-5", ("domain",), "2-5", 0),
        ("domain,2-5", ("domain",), "2-5", 7),
        ("managed_irq,2-5,8", ("managed_irq",), "2-5,8", 12),
        ("nohz,domain,managed_irq,1", ("nohz", "domain", "managed_irq"), "1", 24),
        ("io_queue,3", ("io_queue",), "3", 9),
        ("domain,domain,3", ("domain",), "3", 14),
        ("domain,", ("domain",), "", 7),
        ("", ("domain",), "", 0),
        ("domain,0-7:1/2", ("domain",), "0,2,4,6", 7),
    ],
)
def test_isolcpus(text: str, flags: tuple[str, ...], cpus: str, list_start: int) -> None:
    found = parse_isolcpus(text)
    assert found.flags == flags
    assert found.cpus == parse_cpuset(cpus)
    assert found.list_start == list_start
    assert not found.needs_cpu_count


@pytest.mark.parametrize(
    ("text", "list_start"),
    [("N", 0), ("all", 0), ("N-N", 0), ("all:1/2", 0), ("managed_irq,4-N", 12), ("nohz,all", 5)],
)
def test_isolcpus_with_a_symbol(text: str, list_start: int) -> None:
    found = parse_isolcpus(text)
    assert found.needs_cpu_count
    assert found.cpus is None
    assert found.list_start == list_start


@pytest.mark.parametrize(
    ("text", "kind", "faulty", "repaired"),
    [
        ("managed_irqs,2-5", P.BAD_FLAG, (0, 12), None),
        ("domain,Nohz,2-5", P.BAD_FLAG, (7, 11), None),
        ("domain", P.BAD_FLAG, (0, 6), None),
        ("nohz,domain", P.BAD_FLAG, (5, 11), None),
        ("domain ,2-5", P.BAD_FLAG, (0, 7), None),
        ("domain,5-2", P.REVERSED, (7, 10), None),
        ("domain,2-5, 7", P.WHITESPACE, (11, 12), "domain,2-5,7"),
        ("all ", P.WHITESPACE, (3, 4), "all"),
        ("2-5,domain", P.NOT_A_NUMBER, (4, 10), None),
    ],
)
def test_a_wrong_isolcpus(
    text: str, kind: CpuListProblem, faulty: tuple[int, int], repaired: str | None
) -> None:
    error = fault(parse_isolcpus, text)
    assert error.kind is kind
    assert (error.start, error.end) == faulty
    assert error.repaired == repaired


# --- systemd --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("0", "0"),
        ("0,1,52,53", "0-1,52-53"),
        ("1 2 4", "1-2,4"),
        ("0, 1,\t2\n7", "0-2,7"),
        ("0,,1, ", "0-1"),
        ("0-3 8-11", "0-3,8-11"),
        ("8 '9' 10 \"11\"", "8-11"),
        ("'0-3'", "0-3"),
        ('"0-3"', "0-3"),
        ("'1'2", "12"),
        ("0-3,2-5", "0-5"),
        ("8000-8191", "8000-8191"),
        ("0x10", "16"),
        ("0X1f", "31"),
        ("010", "8"),
        ("0o10", "8"),
        ("0b11", "3"),
        ("00", "0"),
        ("+3", "3"),
        ("0-+3", "0-3"),
        ("0--0", "0"),
        ("0" * 5000 + "7", "7"),
    ],
)
def test_a_systemd_affinity(text: str, cpus: str) -> None:
    found = parse_systemd_affinity(text)
    assert found.cpus == parse_cpuset(cpus)
    assert (found.resets, found.ignored, found.numa) == (False, (), False)


@pytest.mark.parametrize("text", ["", " ", ",", " ,\t\n"])
def test_an_empty_assignment_resets(text: str) -> None:
    found = parse_systemd_affinity(text)
    assert found.resets
    assert not found.cpus


@pytest.mark.parametrize(
    ("text", "cpus", "ignored"),
    [
        ("3-0", "", ("3-0",)),
        ("1 3-0 5,9-8,3-0", "1,5", ("3-0", "9-8")),
        ("'3-0'", "", ("'3-0'",)),
        ("9000-3", "", ("9000-3",)),
    ],
)
def test_a_range_that_runs_backwards_is_ignored_and_resets_nothing(
    text: str, cpus: str, ignored: tuple[str, ...]
) -> None:
    found = parse_systemd_affinity(text)
    assert found.cpus == parse_cpuset(cpus)
    assert found.ignored == ignored
    assert not found.resets


def test_numa_is_a_flag() -> None:
    found = parse_systemd_affinity("numa")
    assert found.numa
    assert not found.cpus
    assert not found.resets
    assert fault(parse_systemd_affinity, "0 numa").kind is P.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "kind", "faulty"),
    [
        ("0 1 2 3 garbage", P.NOT_A_NUMBER, (8, 15)),
        ("0-3 8-garbage", P.NOT_A_NUMBER, (4, 13)),
        ("08", P.NOT_A_NUMBER, (0, 2)),
        ("0x", P.NOT_A_NUMBER, (0, 2)),
        ("1_0", P.NOT_A_NUMBER, (0, 3)),
        ("\u0663", P.NOT_A_NUMBER, (0, 1)),
        ('"0,1"', P.NOT_A_NUMBER, (0, 5)),  # one item to systemd, and no number
        ("'0 1'", P.NOT_A_NUMBER, (0, 5)),
        ("1 ''", P.EMPTY_PIECE, (2, 4)),
        ('0 "4 5', P.BAD_QUOTE, (2, 3)),
        ("1'", P.BAD_QUOTE, (1, 2)),
        ("8192", P.TOO_LARGE, (0, 4)),
        ("0,0-8192", P.TOO_LARGE, (2, 8)),
        ("0-4000000000", P.TOO_LARGE, (0, 12)),
        ("5000000000-3", P.TOO_LARGE, (0, 12)),
        ("0x2000", P.TOO_LARGE, (0, 6)),
        ("9" * 5000, P.TOO_LARGE, (0, 5000)),
        ("-3", P.NEGATIVE, (0, 2)),
        ("0--3", P.NEGATIVE, (0, 4)),
        ("0-", P.OPEN_RANGE, (0, 2)),
        ("1-2-3", P.TOO_MANY_PARTS, (0, 5)),
    ],
)
def test_a_wrong_systemd_affinity(text: str, kind: CpuListProblem, faulty: tuple[int, int]) -> None:
    error = fault(parse_systemd_affinity, text)
    assert error.kind is kind
    assert (error.start, error.end) == faulty


# --- TuneD ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("", ""),
        ("0-3,8", "0-3,8"),
        ("0,,1,", "0-1"),
        ("0-1, 52-53\n", "0-1,52-53"),  # Python's int takes whitespace
        ("+3,1_0", "3,10"),
        ("'0-3'", "0-3"),
        ("\"0-3'", "0-3"),
        ("1-2-9", "1-2"),  # the third part is overlooked
        ("0xf", "0-3"),
        ("0XF,,6", "0-3,6"),
        ("0x3,00000001", "0,32-33"),  # the commas of a mask are removed
        ("4,0x3,,6", "0-1,4,6"),
        ("0-5,^3", "0-2,4-5"),
        ("0-5,!3", "0-2,4-5"),
        ("^3,0-5", "0-2,4-5"),  # taken away at the end, wherever it stands
        ("0-9,^2-4", "0-1,5-9"),
        ("0-9,!2-4000000000", "0-1"),
        ("0-3,^3,3", "0-2"),
        ("0xff,,^0", "1-7"),
    ],
)
def test_a_tuned_list(text: str, cpus: str) -> None:
    assert parse_tuned_list(text) == TunedList(parse_cpuset(cpus), invalid=False, ignored=())


@pytest.mark.parametrize(
    ("text", "cpus", "ignored"),
    [
        ("5-3,1", "1", ("5-3",)),
        ("9000-3,1", "1", ("9000-3",)),
        ("0-5,^4-2", "0-5", ("^4-2",)),
        ("1,0xfg", "1", ("0xfg",)),
        ("0x3,^0", "", ("0x3^0",)),  # the mask swallows what follows it
    ],
)
def test_what_contributes_nothing_to_a_tuned_list(
    text: str, cpus: str, ignored: tuple[str, ...]
) -> None:
    assert parse_tuned_list(text) == TunedList(parse_cpuset(cpus), invalid=False, ignored=ignored)


GARBAGE = "0-3,garbage| |-3|0-|0--0|0-3,^|0-3,^x|0-3, ^2|0-3,^0x1|0-3, 0xf|^^3|N|0-7:1/2|${cores}"
TOO_LARGE = ["8192", "0-4000000000", "9" * 5000, "0x1" + "0" * 2048]


@pytest.mark.parametrize("text", [*GARBAGE.split("|"), *TOO_LARGE])
def test_an_invalid_tuned_list_is_empty(text: str) -> None:
    assert parse_tuned_list(text) == TunedList(CpuSet.EMPTY, invalid=True, ignored=())


# --- all of them ----------------------------------------------------------------------------


@tried(100)
@given(any_text)
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    assert isinstance(parse_tuned_list(text), TunedList)
    for parse in (parse_kernel_list, parse_isolcpus, parse_systemd_affinity):
        found = outcome(parse, text)
        if isinstance(found, CpuListError):
            assert 0 <= found.start < found.end <= len(text)
            assert found.message.isprintable()
            repaired = found.repaired
            assert repaired is None or not isinstance(outcome(parse, repaired), CpuListError)


LONG = 1 << 18
HOSTILE = {
    "digits": "9" * LONG,
    "commas": "," * LONG,
    "spaces": "1" + " " * LONG + "2",
    "single quotes": "'" * (LONG + 1),
    "mixed quotes": "'\"" * (LONG // 2),
    "words": "0 " * (LONG // 2),
    "flags": "domain," * (LONG // 7),
    "strides": ",".join(f"{n % 90}-8191:1/{n // 90 + 1}" for n in range(LONG // 12)),
    "ranges": ",".join(f"{n % 400}-{8191 - n // 400}" for n in range(LONG // 9)),
    "a mask": "0x" + "f" * LONG,
    "a mask of commas": "0x" + "f," * (LONG // 2),
    "negations": ",".join(f"^{n % 400}-{8191 - n // 400}" for n in range(LONG // 9)),
    "long numbers": ",".join("9" * (4000 + n) for n in range(LONG // 4200)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_answered_in_linear_work(name: str) -> None:
    text = HOSTILE[name]
    for parse in (parse_kernel_list, parse_isolcpus, parse_systemd_affinity, parse_tuned_list):
        found = within(20 * len(text) + 10_000, lambda parse=parse: outcome(parse, text))
        assert not isinstance(found, CpuListError) or found.end <= len(text)
