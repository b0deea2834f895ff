from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.cpu_masks import (
    irqbalance_mask,
    parse_mask,
    parse_plain_mask,
    rps_mask,
    tuned_mask,
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

cpu_sets = st.sets(st.integers(0, 130) | st.integers(0, LARGEST_CPU), max_size=20).map(CpuSet.of)
any_text = st.text(alphabet="01fF,x \n", max_size=20) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("cpus", "plain", "words"),
    [
        ("", "0", "00000000"),
        ("0-3", "f", "0000000f"),
        ("28-31", "f0000000", "f0000000"),
        ("0-1,52-53", "30000000000003", "00300000,00000003"),
        ("0-1,32-33", "300000003", "00000003,00000003"),
        ("64-65", "30000000000000000", "00000003,00000000,00000000"),
        ("4-5,63", "8000000000000030", "80000000,00000030"),
    ],
)
def test_the_three_printers(cpus: str, plain: str, words: str) -> None:
    parsed = parse_cpuset(cpus)
    assert irqbalance_mask(parsed) == plain
    assert rps_mask(parsed) == words
    assert tuned_mask(parsed) == words
    assert parse_mask(words) == parse_plain_mask(plain) == parsed


@tried(60)
@given(cpu_sets)
def test_what_is_printed_is_read_back(cpus: CpuSet) -> None:
    assert parse_plain_mask(irqbalance_mask(cpus)) == cpus
    assert parse_mask(rps_mask(cpus)) == cpus
    assert parse_mask(tuned_mask(cpus)) == cpus
    for printed in (rps_mask(cpus), tuned_mask(cpus)):
        assert all(len(word) == 8 for word in printed.split(","))
        assert "," not in printed or not printed.startswith("00000000")


@pytest.mark.parametrize(
    ("text", "cpus"),
    [
        ("f", "0-3"),
        (" F\n", "0-3"),
        ("3,3", "0-1,32-33"),
        ("0,0,3", "0-1"),
        ("1,00000000", "32"),
        ("00000000," * 1000 + "1", "0"),
        ("80000000" + ",0" * 255, "8191"),
    ],
)
def test_masks_are_read_word_by_word(text: str, cpus: str) -> None:
    assert parse_mask(text) == parse_cpuset(cpus)


P = CpuListProblem


@pytest.mark.parametrize(
    ("text", "kind", "faulty"),
    [
        ("0xff", P.HEX_PREFIX, (0, 4)),
        ("  0X1", P.HEX_PREFIX, (2, 5)),
        ("1,0x1", P.HEX_PREFIX, (2, 5)),
        ("", P.EMPTY_PIECE, (0, 0)),
        (" ", P.EMPTY_PIECE, (0, 1)),
        (",1", P.EMPTY_PIECE, (0, 1)),
        ("1,", P.EMPTY_PIECE, (1, 2)),
        ("1,,2", P.EMPTY_PIECE, (1, 2)),
        ("1,123456789", P.LONG_WORD, (2, 11)),
        ("000000001", P.LONG_WORD, (0, 9)),
        ("1,fg", P.NOT_A_NUMBER, (2, 4)),
        ("1, 2", P.NOT_A_NUMBER, (2, 4)),
        ("0-3", P.NOT_A_NUMBER, (0, 3)),
        ("f_f", P.NOT_A_NUMBER, (0, 3)),
        ("\u0663", P.NOT_A_NUMBER, (0, 1)),
        ("1" + ",0" * 256, P.TOO_LARGE, (0, 513)),
    ],
)
def test_a_wrong_mask_is_refused(text: str, kind: CpuListProblem, faulty: tuple[int, int]) -> None:
    with pytest.raises(CpuListError) as caught:
        parse_mask(text)
    assert caught.value.kind is kind
    assert (caught.value.start, caught.value.end) == faulty
    assert caught.value.repaired is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0xff", "'0xff' begins with 0x, and a CPU mask may not"),
        ("1,,2", "'1,,2' has an empty word where hexadecimal digits belong"),
        ("123456789", "'123456789' has 9 digits, and a word of a CPU mask has at most eight"),
        ("1,xyz", "'xyz' is not a hexadecimal number"),
    ],
)
def test_the_message_quotes_the_word(text: str, message: str) -> None:
    with pytest.raises(CpuListError) as caught:
        parse_mask(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0xf", P.HEX_PREFIX),
        ("", P.EMPTY_PIECE),
        ("1,1", P.NOT_A_NUMBER),
        ("1" + "0" * 2048, P.TOO_LARGE),
    ],
)
def test_a_wrong_plain_mask_is_refused(text: str, kind: CpuListProblem) -> None:
    with pytest.raises(CpuListError) as caught:
        parse_plain_mask(text)
    assert caught.value.kind is kind


def outcome(parse: Callable[[str], CpuSet], text: str) -> CpuSet | CpuListError:
    try:
        return parse(text)
    except CpuListError as error:
        return error


@tried(100)
@given(any_text)
def test_any_text_is_read_or_refused_within_itself(text: str) -> None:
    for parse in (parse_mask, parse_plain_mask):
        found = outcome(parse, text)
        if isinstance(found, CpuSet):
            assert found.bits == int("".join(w.zfill(8) for w in text.strip().split(",")), 16)
        else:
            assert 0 <= found.start <= found.end <= len(text)
            assert found.start < found.end or not text


MEGABYTE = 1 << 20


@pytest.mark.parametrize("text", ["f" * MEGABYTE, "," * MEGABYTE, "f," * (MEGABYTE // 2) + "f"])
def test_a_hostile_mask_is_answered_soon(text: str) -> None:
    started = time.process_time()
    for parse in (parse_mask, parse_plain_mask):
        with pytest.raises(CpuListError):
            parse(text)
    assert time.process_time() - started < 3
