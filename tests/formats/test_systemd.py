"""systemd unit files: sections, continuation lines, comments and spans."""

from __future__ import annotations

import pytest
from effort import tried, within
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.systemd import UnitFile, parse


def triples(text: str) -> list[tuple[str, str, str]]:
    return [(a.section, a.key, a.value) for a in parse(text).assignments]


def test_a_manager_configuration() -> None:
    text = "# managed\n[Manager]\nCPUAffinity = 0-3 52 \n\n;DefaultCPUAccounting=no\nLogLevel=info"
    unit = parse(text)
    assert not unit.problems
    affinity, level = unit.assignments
    assert (affinity.section, affinity.key, affinity.value) == ("Manager", "CPUAffinity", "0-3 52")
    assert text[affinity.start : affinity.end] == "0-3 52"
    assert text[affinity.key_start : affinity.key_end] == "CPUAffinity"
    assert affinity.is_literal
    assert (affinity.line, level.line) == (3, 6)


def test_continuation_lines_are_joined_by_a_space() -> None:
    text = "[Service]\nCPUAffinity=0 \\\n  # not these\n  1 \\\n;nor these\n  2\nNice=1\n"
    first, second = parse(text).assignments
    assert first.value == "0    1    2"
    assert not first.is_literal
    assert text[first.start : first.end].startswith("0 \\")
    assert text[first.start : first.end].endswith("  2")
    assert first.line == 2
    assert (second.key, second.value, second.line) == ("Nice", "1", 7)


def test_a_value_on_the_continuation_line_alone_is_literal() -> None:
    text = "[Manager]\nCPUAffinity=\\\n  0-3\n"
    (only,) = parse(text).assignments
    assert only.value == "0-3"
    assert only.is_literal
    assert text[only.start : only.end] == "0-3"


def test_an_even_number_of_backslashes_does_not_continue() -> None:
    assert triples("[S]\nA=b\\\\\nC=d\n") == [("S", "A", "b\\\\"), ("S", "C", "d")]
    assert triples("[S]\nA=b\\ \nC=d\n") == [("S", "A", "b\\"), ("S", "C", "d")]


def test_an_empty_line_ends_a_continuation() -> None:
    assert triples("[S]\nA=b\\\n\nC=d") == [("S", "A", "b"), ("S", "C", "d")]


def test_a_continuation_may_end_the_text() -> None:
    assert triples("[S]\nA=b \\") == [("S", "A", "b")]
    assert triples("[S]\nA=b \\\n") == [("S", "A", "b")]


def test_a_comment_does_not_continue() -> None:
    assert triples("[S]\n# a \\\nB=c\n") == [("S", "B", "c")]


@pytest.mark.parametrize("text", ["[Manager]\nCPUAffinity=\n", "[Manager]\nCPUAffinity=  \n"])
def test_an_empty_value_stands_after_the_equals_sign(text: str) -> None:
    (only,) = parse(text).assignments
    assert only.value == ""
    assert only.start == only.end == text.index("=") + 1
    assert only.is_literal


def test_an_empty_value_before_a_continuation_stands_after_the_equals_sign() -> None:
    (only,) = parse("[S]\nA=\\\n\n").assignments
    assert (only.value, only.start, only.end) == ("", 6, 6)


def test_values_keep_equals_signs_quotes_and_hashes() -> None:
    text = '[Service]\nEnvironment="CPUS=2-3" # kept\n'
    assert triples(text) == [("Service", "Environment", '"CPUS=2-3" # kept')]


def test_repeated_keys_and_sections_are_all_kept() -> None:
    unit = parse("[A]\nk=1\n[B]\nk=2\n[A]\nk=\nk=3\n")
    assert [a.value for a in unit.find("A", "k")] == ["1", "", "3"]
    assert unit.find("A", "K") == ()


def test_before_any_section_the_section_is_empty() -> None:
    assert triples("A=b\n[S]\nC=d") == [("", "A", "b"), ("S", "C", "d")]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n\r", "\r", "\0"])
def test_line_breaks_and_a_byte_order_mark(line_break: str) -> None:
    text = line_break.join(["\ufeff[Manager]", "CPUAffinity=0-3", "A=b\\", "c", ""])
    first, second = parse(text).assignments
    assert text[first.start : first.end] == first.value == "0-3"
    assert first.section == "Manager"
    assert second.value == "b c"
    assert second.line == 3


def test_problems() -> None:
    text = "[Manager\nA=b\n[Service]\nwords\n =c\n"
    unit = parse(text)
    assert triples(text) == [("", "A", "b")]
    assert [text[p.start : p.end] for p in unit.problems] == ["[Manager", "words", "=c"]
    assert [(p.line, p.fatal) for p in unit.problems] == [(1, True), (4, False), (5, False)]


def check(text: str, unit: UnitFile) -> None:
    position = 0
    for assignment in unit.assignments:
        bounds = (assignment.key_start, assignment.key_end, assignment.start, assignment.end)
        assert position <= bounds[0] < bounds[1] < bounds[2] <= bounds[3] <= len(text)
        assert assignment.key == assignment.key.strip(" \t\r\n")
        assert assignment.value == assignment.value.strip(" \t\r\n")
        shown = text[assignment.start : assignment.end]
        assert (shown == assignment.value) is assignment.is_literal
        if not set("\r\n\0") & set(shown):
            assert assignment.is_literal
        position = assignment.end
    for problem in unit.problems:
        assert 0 <= problem.start < problem.end <= len(text)


@tried(300)
@given(
    st.text(st.sampled_from("[]S=a \\\n\r\0#;\ufeff\t"), max_size=60)
    | st.text(max_size=60)
    | st.lists(st.sampled_from(["[S]\n", "k=1", " \\\n", "\n", "# c\n", "k = 2\\\n"])).map("".join)
)
def test_every_text_is_read_and_spans_hold(text: str) -> None:
    check(text, parse(text))


names = st.text("abcXYZ", min_size=1, max_size=5)
values = st.text("0123456789,- \"'=#", max_size=8).map(str.strip)


@tried(100)
@given(st.lists(st.tuples(names, st.lists(st.tuples(names, values), max_size=4)), max_size=4))
def test_what_is_written_is_read(sections: list[tuple[str, list[tuple[str, str]]]]) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f" {key} =\t{value} \n; c=d\n\n" for key, value in entries)
        for name, entries in sections
    )
    expected = [(name, key, value) for name, entries in sections for key, value in entries]
    assert triples(text) == expected


@pytest.mark.parametrize("piece", ["A=b\\\n", "\\\n", "#\n", "=", "[", " ", "\r\r\n\0"])
def test_long_input_takes_linear_time(piece: str) -> None:
    text = piece * 10_000
    within(20 * len(text), lambda: parse(text))
