from __future__ import annotations

import copy
import pickle
import time

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.cpuset import (
    LARGEST_CPU,
    CpuListError,
    CpuListProblem,
    CpuSet,
    canonical,
    parse_cpuset,
)

FEW = tried(60)

cpu_numbers = st.integers(0, 130) | st.integers(0, LARGEST_CPU)
cpu_collections = st.sets(cpu_numbers, max_size=25)
cpu_sets = cpu_collections.map(CpuSet.of)
list_like = st.text(alphabet="0123456789,-+ \n^x:/N", max_size=20)
any_text = list_like | st.text(max_size=12)


@st.composite
def spoiled_lists(draw: st.DrawFn) -> tuple[str, CpuSet]:
    """A right list with whitespace and commas added where they can be taken away again."""
    gaps = st.sampled_from(["", "", " ", "\n", "\t ", "\u00a0"])
    commas = st.sampled_from([",", ",", ",,", ", ,"])
    pieces = draw(st.lists(st.tuples(cpu_numbers, cpu_numbers), min_size=1, max_size=5))
    cpus = CpuSet.EMPTY
    text = draw(st.sampled_from(["", "", ",", " , "]))
    for at, (one, other) in enumerate(pieces):
        first, last = min(one, other), max(one, other)
        cpus |= CpuSet.range(first, last)
        gap = [draw(gaps) for _ in range(4)]
        text += (draw(commas) if at else "") + f"{gap[0]}{first}{gap[1]}-{gap[2]}{last}{gap[3]}"
    return text + draw(st.sampled_from(["", "", ",", "\n"])), cpus


def outcome(text: str) -> CpuSet | CpuListError:
    try:
        return parse_cpuset(text)
    except CpuListError as error:
        return error


def fault(text: str) -> CpuListError:
    with pytest.raises(CpuListError) as caught:
        parse_cpuset(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("", []),
        ("0", [0]),
        ("0-3", [0, 1, 2, 3]),
        ("0-1,52-53", [0, 1, 52, 53]),
        ("5-5", [5]),
        ("3,1,2", [1, 2, 3]),
        ("0-3,2-5", [0, 1, 2, 3, 4, 5]),
        ("0,0", [0]),
        ("007", [7]),
        ("+3", [3]),
        ("0-+3", [0, 1, 2, 3]),
        ("0--0", [0]),
        ("00--00", [0]),
        ("+0-+0", [0]),
        ("8191", [8191]),
        ("0000008191", [8191]),
    ],
)
def test_a_right_list_is_the_set_of_its_numbers(text: str, cpus: list[int]) -> None:
    assert parse_cpuset(text) == CpuSet.of(cpus)
    assert list(parse_cpuset(text)) == cpus


P = CpuListProblem


@pytest.mark.parametrize(
    ("text", "kind", "faulty", "repaired"),
    [
        ("0-3,", P.EMPTY_PIECE, (3, 4), "0-3"),
        (",0", P.EMPTY_PIECE, (0, 1), "0"),
        ("0,,1", P.EMPTY_PIECE, (1, 2), "0,1"),
        (",", P.EMPTY_PIECE, (0, 1), None),
        (" , ", P.EMPTY_PIECE, (1, 2), None),
        (" ,0", P.EMPTY_PIECE, (1, 2), "0"),
        ("0-3, ", P.EMPTY_PIECE, (3, 4), "0-3"),
        ("0,,x", P.EMPTY_PIECE, (1, 2), None),
        (" 0-3", P.WHITESPACE, (0, 1), "0-3"),
        ("0-1, 52-53", P.WHITESPACE, (4, 5), "0-1,52-53"),
        ("0 - 3", P.WHITESPACE, (1, 2), "0-3"),
        ("0-3\n", P.WHITESPACE, (3, 4), "0-3"),
        ("0-3 \r\n", P.WHITESPACE, (3, 6), "0-3"),
        ("0,\u00a01", P.WHITESPACE, (2, 3), "0,1"),
        (" \n", P.WHITESPACE, (0, 2), ""),
        ("0-1 52-53", P.NOT_A_NUMBER, (0, 9), None),
        ("1 2", P.NOT_A_NUMBER, (0, 3), None),
        ("0, 3-1", P.REVERSED, (3, 6), None),
        ("3-0", P.REVERSED, (0, 3), None),
        ("0-3,9-5", P.REVERSED, (4, 7), None),
        ("-3", P.NEGATIVE, (0, 2), None),
        ("0--3", P.NEGATIVE, (0, 4), None),
        ("0-", P.OPEN_RANGE, (0, 2), None),
        ("-", P.OPEN_RANGE, (0, 1), None),
        ("1-2-3", P.TOO_MANY_PARTS, (0, 5), None),
        ("0x3", P.NOT_A_NUMBER, (0, 3), None),
        ("ff", P.NOT_A_NUMBER, (0, 2), None),
        ("0-63:1/2", P.NOT_A_NUMBER, (0, 8), None),
        ("0-62/2", P.NOT_A_NUMBER, (0, 6), None),
        ("N", P.NOT_A_NUMBER, (0, 1), None),
        ("all", P.NOT_A_NUMBER, (0, 3), None),
        ("0-5,^3", P.NOT_A_NUMBER, (4, 6), None),
        ("1_000", P.NOT_A_NUMBER, (0, 5), None),
        ("++3", P.NOT_A_NUMBER, (0, 3), None),
        ("\u0663", P.NOT_A_NUMBER, (0, 1), None),
        ("\u00b2-3", P.NOT_A_NUMBER, (0, 3), None),
        ("\U0001d7d8,\U0001d7d9", P.NOT_A_NUMBER, (0, 1), None),
        ("8192", P.TOO_LARGE, (0, 4), None),
        ("0-8192", P.TOO_LARGE, (0, 6), None),
        ("1,0-4000000000", P.TOO_LARGE, (2, 14), None),
        ("9000-3", P.TOO_LARGE, (0, 6), None),
    ],
)
def test_a_wrong_list_is_refused_where_it_is_wrong(
    text: str, kind: CpuListProblem, faulty: tuple[int, int], repaired: str | None
) -> None:
    error = fault(text)
    assert error.kind is kind
    assert (error.start, error.end) == faulty
    assert error.repaired == repaired


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0-1,3-0", "'3-0' is a range that runs backwards"),
        ("0-9999", "'0-9999' goes beyond 8191, the largest possible CPU number"),
        ("0-3\n", r"'0-3\n' contains whitespace, and a CPU list may not"),
        ("0-3,", "'0-3,' has no CPU number after the last comma"),
        (",0-3", "',0-3' has no CPU number before the first comma"),
        ("0,,3", "'0,,3' has no CPU number between two commas"),
        ("0,4-", "'4-' is a range without a last CPU"),
        ("-", "'-' is a range without a first CPU"),
        ("-3", "'-3' is negative, and no CPU number is"),
        ("2--3", "'2--3' ends in a negative number, and no CPU number is"),
        ("1-2-3", "'1-2-3' is a range of 3 numbers, not two"),
        ("0,ff", "'ff' is not a CPU number"),
        ("0,1-ff", "'1-ff' is not a range of CPU numbers"),
        ("0 1", "'0 1' is not one CPU number: it has whitespace inside"),
    ],
)
def test_the_message_quotes_the_faulty_piece(text: str, message: str) -> None:
    assert str(fault(text)) == message
    assert fault(text).message == message


@pytest.mark.parametrize("text", ["x" * 5000, "\ud800\x1b[31m", "9" * 5000])
def test_a_message_is_short_and_printable(text: str) -> None:
    assert len(fault(text).message) < 200
    assert fault(text).message.isprintable()


def test_an_error_survives_pickling_and_moves_with_its_list() -> None:
    error = fault("0-3,")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert vars(again) == vars(error)
    moved = error.after("domain,")
    assert (moved.start, moved.end, moved.repaired) == (10, 11, "domain,0-3")
    assert fault("3-0").after("domain,").repaired is None


@pytest.mark.parametrize(
    ("cpus", "text"),
    [
        ([], ""),
        ([4], "4"),
        ([0, 1], "0-1"),
        ([0, 1, 4], "0-1,4"),
        ([53, 1, 52, 0], "0-1,52-53"),
        ([0, 2, 4], "0,2,4"),
        ([8190, 8191], "8190-8191"),
        (range(8192), "0-8191"),
    ],
)
def test_the_text_is_the_one_kubernetes_prints(cpus: list[int], text: str) -> None:
    assert str(CpuSet.of(cpus)) == CpuSet.of(cpus).text == text
    assert repr(CpuSet.of(cpus)) == f"CpuSet('{text}')"


@pytest.mark.parametrize(("text", "expected"), [("3,1,+2,007", "1-3,7"), ("0,1", "0-1"), ("", "")])
def test_canonical_text(text: str, expected: str) -> None:
    assert canonical(text) == expected


def test_canonical_refuses_what_the_parser_refuses() -> None:
    with pytest.raises(CpuListError):
        canonical("0-3 ")


def test_the_ends_of_a_set() -> None:
    assert (CpuSet.of([7, 3, 90]).first, CpuSet.of([7, 3, 90]).last) == (3, 90)
    assert (CpuSet.of([0]).first, CpuSet.of([0]).last) == (0, 0)
    assert (CpuSet.EMPTY.first, CpuSet.EMPTY.last) == (None, None)
    assert list(CpuSet.of([0, 1, 5]).ranges()) == [(0, 1), (5, 5)]


def test_ranges_include_both_ends() -> None:
    assert CpuSet.range(3, 5) == CpuSet.of([3, 4, 5])
    assert CpuSet.range(0, LARGEST_CPU) == CpuSet.of(range(LARGEST_CPU + 1))
    assert CpuSet.range(5, 3) == CpuSet.EMPTY


@pytest.mark.parametrize("cpu", [-1, LARGEST_CPU + 1, 10**15])
def test_no_set_holds_a_number_out_of_bounds(cpu: int) -> None:
    with pytest.raises(ValueError, match="8191"):
        CpuSet.of([cpu])
    with pytest.raises(ValueError, match="8191"):
        CpuSet.range(0, cpu)
    assert cpu not in CpuSet.range(0, LARGEST_CPU)


@pytest.mark.parametrize("bits", [-1, 1 << LARGEST_CPU + 1])
def test_no_set_is_made_of_bits_out_of_bounds(bits: int) -> None:
    with pytest.raises(ValueError, match="8191"):
        CpuSet(bits)


def test_a_set_cannot_be_changed() -> None:
    cpus = CpuSet.of([1])
    with pytest.raises(AttributeError):
        cpus.bits = 3  # type: ignore[misc]  # that is what must fail
    assert not hasattr(cpus, "__dict__")


def test_a_set_has_no_algebra_with_other_types() -> None:
    cpus = CpuSet.of([1])
    for operation in ("__or__", "__and__", "__sub__", "__xor__", "__le__"):
        assert getattr(cpus, operation)({1}) is NotImplemented
    python_set: object = {1}
    assert cpus != python_set
    assert "1" not in cpus


@FEW
@given(cpu_collections, cpu_collections)
def test_the_algebra_is_that_of_python_sets(one: set[int], other: set[int]) -> None:
    a, b = CpuSet.of(one), CpuSet.of(other)
    assert set(a | b) == one | other
    assert set(a & b) == one & other
    assert set(a - b) == one - other
    assert set(a ^ b) == one ^ other
    assert (a <= b) == (one <= other)
    assert (a & b) <= a
    assert (a >= b) == (one >= other)
    assert a.isdisjoint(b) == one.isdisjoint(other)
    assert (a == b) == (one == other)
    assert hash(a) == hash(CpuSet.of(sorted(one, reverse=True)))
    assert list(a) == sorted(one)
    assert len(a) == len(one)
    assert bool(a) == bool(one)
    assert all((cpu in a) == (cpu in one) for cpu in one | other)


@FEW
@given(cpu_sets)
def test_what_is_printed_is_read_back(cpus: CpuSet) -> None:
    assert parse_cpuset(str(cpus)) == cpus
    assert canonical(cpus.text) == cpus.text


@tried(100)
@given(any_text)
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    found = outcome(text)
    if isinstance(found, CpuSet):
        assert canonical(found.text) == found.text
        return
    assert 0 <= found.start < found.end <= len(text)
    assert found.message.isprintable()
    if found.kind is CpuListProblem.WHITESPACE:
        assert text[found.start : found.end].isspace()
        assert found.repaired == "".join(text.split())
    if found.repaired is not None:
        assert isinstance(outcome(found.repaired), CpuSet)


@FEW
@given(spoiled_lists())
def test_a_repair_keeps_the_set(spoiled: tuple[str, CpuSet]) -> None:
    text, cpus = spoiled
    found = outcome(text)
    if isinstance(found, CpuListError):
        assert found.kind in {CpuListProblem.WHITESPACE, CpuListProblem.EMPTY_PIECE}
        assert found.repaired is not None
        found = outcome(found.repaired)
    assert found == cpus


LONG = 1 << 18
HOSTILE = {
    "digits": "9" * LONG,
    "zeros": "0" * LONG,
    "commas": "," * LONG,
    "dashes": "-" * LONG,
    "spaces": "1" + " " * LONG + "2",
    "spaced commas": " ," * (LONG // 2) + "1",
    "spaced pieces": ",".join(f"{n % 8000} " for n in range(LONG // 6)),
    "one number again and again": "0," * (LONG // 2) + "0",
    "distinct ranges": ",".join(f"{n % 400}-{8191 - n // 400}" for n in range(LONG // 9)),
    "distinct garbage": ",".join(f"x{n}" for n in range(LONG // 7)),
    "a late fault": "0," * (LONG // 2) + "3-1",
    "a huge range": "0-4000000000",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_answered_soon(name: str) -> None:
    started = time.process_time()
    found = outcome(HOSTILE[name])
    # Generous, for slow machines: anything quadratic would take minutes.
    assert time.process_time() - started < 3
    assert isinstance(found, CpuSet) or found.end <= len(HOSTILE[name])
