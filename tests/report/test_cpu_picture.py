"""The picture of a machine's CPUs."""

from __future__ import annotations

import pytest
from effort import tried
from hypothesis import assume, given
from hypothesis import strategies as st

from linter.formats.cpuset import LARGEST_CPU, CpuSet, parse_cpuset
from linter.report.cpu_picture import CpuRole, Dispute, picture
from linter.report.styled import Line, plain


def reserved(cpus: str) -> CpuRole:
    return CpuRole("R", "reserved", "fix", parse_cpuset(cpus))


def isolated(cpus: str) -> CpuRole:
    return CpuRole(".", "isolated", "secondary", parse_cpuset(cpus))


def drawn(*roles: CpuRole, disputes: tuple[Dispute, ...] = (), width: int = 80) -> str:
    return plain(picture(roles, disputes, width, 4))


def cells(lines: list[Line]) -> str:
    """Return the letters of all rows: the rows are those that begin with a number."""
    rows = [line for line in lines if len(line) > 1 and line[0][0].strip().isdigit()]
    return "".join(text for row in rows for text, _ in row[1:]).replace(" ", "")


def test_one_row() -> None:
    assert drawn(reserved("0-1,16-17"), isolated("2-15,18-31")) == (
        "         0        8        16       24\n"
        "      0  RR...... ........ RR...... ........\n"
        "    R reserved   . isolated\n"
    )


def test_rows_of_64_where_they_fit_else_of_32() -> None:
    whole = reserved("0"), isolated("1-127")
    assert "\n     64  " in drawn(*whole, width=80)
    assert "\n     32  " not in drawn(*whole, width=80)
    assert "\n     32  " in drawn(reserved("0"), isolated("1-127"), width=79)


def test_holes_have_a_letter_of_their_own() -> None:
    assert drawn(reserved("0-1"), isolated("4-6")) == (
        "         0\n      0  RR__...\n    R reserved   . isolated   _ not named\n"
    )


def test_cpus_of_two_roles_are_disputed() -> None:
    text = drawn(reserved("0-3"), isolated("2-7"))
    assert "RR!!....\n" in text
    assert "! disagreement" in text


def test_disputes_are_marked_and_told() -> None:
    dispute = Dispute(parse_cpuset("2,9"), "CRI-O management says 0-2,9")
    text = drawn(reserved("0-1"), isolated("2-7"), disputes=(dispute,))
    assert text == (
        "         0        8\n"
        "      0  RR!..... _!\n"
        "    R reserved   . isolated   _ not named   ! disagreement\n"
        "    ! 2,9: CRI-O management says 0-2,9\n"
    )


def test_letters_that_are_not_shown_are_not_explained() -> None:
    offlined = CpuRole("O", "offlined", "context", CpuSet.EMPTY)
    assert "offlined" not in drawn(reserved("0"), offlined)


def test_nothing_is_drawn_of_nothing() -> None:
    assert picture([], [], 80, 4) == []
    assert picture([reserved("")], [Dispute(CpuSet.EMPTY, "x")], 80, 4) == []


def test_rows_that_look_alike_are_shown_once() -> None:
    lines = picture([reserved("0"), isolated(f"1-{LARGEST_CPU}")], [], 80, 4)
    text = plain(lines)
    assert text.count("\n") == 5
    assert f"the same up to {LARGEST_CPU}\n" in text
    between = picture([reserved("0,300"), isolated("1-299,301-383")], [], 80, 4)
    assert [line[0][0].strip() for line in between[1:-1]] == [
        "0", "64", "the same up to 255", "256", "320",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_asked_for(width: int) -> None:
    dispute = Dispute(CpuSet.range(0, 9), "words " * 30)
    roles = [reserved("0-1,8000"), isolated("2-7999"), CpuRole("S", "shared", "payload", CpuSet(4))]
    lines = picture(roles, [dispute], width, 4)
    assert max(map(len, plain(lines).splitlines())) <= width


NUMBERS = st.sets(st.integers(0, 200), max_size=40)


@tried(60)
@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from([40, 80]))
def test_every_cpu_has_one_letter(
    one: set[int], other: set[int], disputed: set[int], width: int
) -> None:
    roles = [
        CpuRole("R", "reserved", "fix", CpuSet.of(one)),
        CpuRole(".", "isolated", "secondary", CpuSet.of(other)),
    ]
    # Each row is told apart by one CPU of its own, so that hardly any is left out as a repetition.
    marks = {row * 16 + row for row in range(13)}
    lines = picture(roles, [Dispute(CpuSet.of(disputed | marks), "")], width, 4)
    expected = [
        "!" if cpu in disputed | marks or cpu in one & other
        else "R" if cpu in one else "." if cpu in other else "_"
        for cpu in range(max(one | other | disputed | marks) + 1)
    ]  # fmt: skip
    assume("the same" not in plain(lines))
    assert cells(lines) == "".join(expected)
    assert plain(lines).isascii()
