"""Frames: what is shown of a line, and that the marks stand under the right characters."""

from __future__ import annotations

import unicodedata

import pytest
import report_samples as samples
from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from report_samples import at, finding_at

from linter.report.excerpt import excerpt
from linter.report.frames import MOST_LABELS, layout
from linter.report.marks import Mark, beneath
from linter.report.styled import plain
from linter.report.visible import columns, fitted, prose, shortened, shown, spelled, wrapped
from linter.sources.text import Embedded, File, Label, Opaque, Ref, Slice


def rows(*labels: Label, width: int = 80) -> list[str]:
    return plain(layout(finding_at(*labels), width)).splitlines()


def under(code: str, marks: str, mark: str = "^") -> str:
    """The characters of a code row that stand over the marks, found by terminal columns."""
    first, last = marks.index(mark), marks.rindex(mark) + 1
    text, column = "", 0
    for char in code:
        if first <= column < last:
            text += char
        column += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return text


@pytest.mark.parametrize(
    "line",
    [
        "reserved: 0-3,8",
        "\t\treserved:\t0-3,8 # é",
        "予約: 0-3,8 済",
        "\x1b[1mred\x1b[0m \u202e: 0-3,8 \u202c",
        "\u05d0\u05d1: 0-3,8",
        "e\u0301 \u200b\u2060 0-3,8 \U000e0001",
        "🚦🚦🚦 0-3,8",
        "x" * 500 + "0-3,8" + "y" * 500,
        "\x1b" * 200 + "0-3,8" + "\U000e0001" * 200,
        "備" * 300 + "0-3,8" + "考" * 300,
    ],
)
@pytest.mark.parametrize("width", [40, 53, 80, 200])
def test_marks_stand_under_the_characters(line: str, width: int) -> None:
    file = File("a.yaml", f"before\n{line}\nafter\n")
    text = rows(at(file, "0-3,8").label("here"), width=width)
    place = next(number for number, row in enumerate(text) if row.startswith(" 2 │"))
    assert under(text[place], text[place + 1]) == "0-3,8"
    assert max(map(columns, text[place:])) <= max(40, min(width, 120))


@tried(60)
@given(
    before=st.text(max_size=120).filter(lambda text: "0-3,8" not in text),
    after=st.text(max_size=120),
    width=st.integers(40, 120),
)
def test_marks_stand_under_the_characters_of_any_line(before: str, after: str, width: int) -> None:
    line = (before + "0-3,8" + after).replace("\n", " ")
    file = File("a.yaml", line)
    text = rows(at(file, "0-3,8").label("here"), width=width)
    place = next(number for number, row in enumerate(text) if row.startswith(" 1 │"))
    assert under(text[place], text[place + 1]) == "0-3,8"


def test_a_long_line_shows_no_more_than_twenty_characters_beside_the_span() -> None:
    line = "p" * 60 + "q" * 20 + "0-3,8" + "r" * 20 + "s" * 60
    laid = excerpt(line, [(80, 85)], 75)
    assert laid is not None
    assert laid.text == "…" + "q" * 20 + "0-3,8" + "r" * 20 + "…"
    assert laid.marks == ((21, 26),)


def test_a_line_that_would_fit_without_its_indent_loses_only_that() -> None:
    laid = excerpt(" " * 50 + "reserved: 0-3,8", [(60, 65)], 40)
    assert laid is not None
    assert laid.text == "reserved: 0-3,8"
    assert laid.marks == ((10, 15),)


def test_a_single_character_is_not_worth_an_ellipsis() -> None:
    line = "a" + "b" * 20 + "0-3,8" + "c" * 20 + "d" + "  "
    laid = excerpt(line, [(21, 26)], 47)
    assert laid is not None
    assert laid.text == line.rstrip()
    assert excerpt("a" + line, [(22, 27)], 47) != laid


def test_spans_that_cannot_stand_on_one_row_get_a_row_each() -> None:
    values = ["0-3,8,12,16,20", "4-7,9,13,17,21", "24-27,30,31,40"]
    file = File("a.yaml", ("x" * 300).join(["", *values, ""]))
    words = ["one", "two", "three"]
    labels = (at(file, value).label(word) for value, word in zip(values, words, strict=True))
    text = rows(*labels, width=40)
    places = [number for number, row in enumerate(text) if row.startswith(" 1 │")]
    shown_values = [
        under(text[place], text[place + 1], mark) for place, mark in zip(places, "^--", strict=True)
    ]
    assert shown_values == values
    assert [text[place + 1].split(" ")[-1] for place in places] == words


def test_a_span_wider_than_the_frame_keeps_its_two_ends() -> None:
    file = File("a.yaml", "source: " + "A" * 400 + "B" * 400 + "\n")
    text = rows(at(file, "A" * 400 + "B" * 400).label("all"), width=60)
    assert "source: AAAA" in text[3]
    assert text[3].endswith("BBBB")
    assert "…" in text[3]


@pytest.mark.parametrize(
    ("text", "span", "code", "marks"),
    [
        ("a: |\n  one\n  two\nb: 1\n", (7, 16), "  one", "  ^^^… all"),
        ("a: |  \n  one\n", (3, 12), "a: |", "   ^… all"),
        ("a: one\nb: two\n", (3, 7), "a: one", "   ^^^ all"),
        ("a: one\r\nb: two\r\n", (3, 14), "a: one", "   ^^^… all"),
        ("a:\n", (2, 2), "a:", "  ^ all"),
        ("a:\n", (3, 3), "", "^ all"),
        ("", (0, 0), "", "^ all"),
        ("a: 1", (3, 900), "a: 1", "   ^ all"),
        ("a: 1", (900, 901), "a: 1", "    ^ all"),
    ],
)
def test_spans_over_lines_and_at_ends(
    text: str, span: tuple[int, int], code: str, marks: str
) -> None:
    text_rows = rows(Ref(File("a.yaml", text), *span).label("all"))
    place = next(number for number, row in enumerate(text_rows) if row[1].isdigit())
    assert text_rows[place].partition("│")[2].removeprefix(" ") == code
    assert text_rows[place + 1].partition("│ ")[2] == marks


def test_labels_of_one_text_share_a_frame_in_the_order_of_lines() -> None:
    file = File("a.yaml", "one: 1\ntwo: 2\nthree: 3\nfour: 4\n")
    other = File("b.yaml", "five: 5\n")
    text = rows(
        at(file, "4").label("first"),
        at(other, "5").label("elsewhere"),
        at(file, "1").label("second"),
        at(file, "2").label("third"),
    )
    assert text[1:-1] == [
        "   ┌─ a.yaml:4:7",
        "   │",
        " 1 │ one: 1",
        "   │      - second",
        " 2 │ two: 2",
        "   │      - third",
        "   ⋮",
        " 4 │ four: 4",
        "   │       ^ first",
        "   ├─ b.yaml:1:7",
        "   │",
        " 1 │ five: 5",
        "   │       - elsewhere",
    ]


def test_numbers_of_lines_are_aligned_across_frames() -> None:
    far = File("far.yaml", "\n" * 1233 + "reserved: 0-3,8\n")
    near = File("near.yaml", "reserved: 0-3,8\n")
    text = rows(at(near, "0-3,8").label("near"), at(far, "0-3,8").label("far"))
    assert "    1 │ reserved: 0-3,8" in text
    assert " 1234 │ reserved: 0-3,8" in text
    assert {row.index("│") for row in text if "│" in row} == {6}


def test_only_lines_with_labels_are_shown() -> None:
    file = File("a.yaml", "password: one\nreserved: 0-3,8\ntoken: two\n")
    text = "\n".join(rows(at(file, "0-3,8").label("here")))
    assert "password" not in text
    assert "token" not in text


def test_the_innermost_payload_with_a_title_is_shown() -> None:
    file = File("a.yaml", "data: 'cpuset = \"0-3,8\"'\n")
    titled = Embedded(file.text[7:23], file, Slice(7), "/etc/crio/crio.conf.d/9.conf")
    untitled = Embedded(titled.text[10:15], titled, Slice(10))
    text = rows(Ref(untitled, 0, 5).label("pinned here"))
    assert text[1] == "   ┌─ a.yaml:1:18   /etc/crio/crio.conf.d/9.conf:1"
    assert text[3:5] == [' 1 │ cpuset = "0-3,8"', "   │           ^^^^^ pinned here"]


def test_a_text_of_unknown_spelling_without_title_is_shown_as_the_file_has_it() -> None:
    file = File("a.yaml", "data: H4sIAAAA\n")
    gzip = Embedded("0-3,8", file, Opaque(6, 14))
    text = rows(Ref(gzip, 0, 3).label("in here"))
    assert text[3:5] == [" 1 │ data: H4sIAAAA", "   │       ^^^^^^^^ in here"]


def test_labels_of_the_same_characters_are_one_mark() -> None:
    file = File("a.yaml", "reserved: 0-3,8\n")
    label = at(file, "0-3,8")
    text = rows(label.label("one"), label.label(""), label.label("two"), label.label("one"))
    assert text[4] == "   │           ^^^^^ one; two"


def test_marks_that_overlap_stand_in_rows_of_their_own() -> None:
    marks = [Mark(0, 9, "all", "secondary"), Mark(2, 4, "part", "error"), Mark(12, 13, "", "error")]
    assert plain(beneath(marks, 40)).splitlines() == ["  ^^        ^", "  part", "--------- all"]


def test_words_hang_from_their_marks_when_they_do_not_fit_beside_them() -> None:
    marks = [Mark(2, 3, "one", "secondary"), Mark(6, 7, "two", "error"), Mark(10, 11, "", "error")]
    assert plain(beneath(marks, 40)).splitlines() == ["  -   ^   ^", "  │   two", "  one"]
    words = "words that are much too long to stand to the right of the mark"
    assert plain(beneath([Mark(20, 22, words, "error")], 40)).splitlines() == [
        "                    ^^",
        "                words that are much too",
        "                long to stand to the",
        "                right of the mark",
    ]


def test_places_beyond_the_first_twenty_are_counted() -> None:
    files = [File(f"{number:02}.yaml", "reserved: 0-3,8\n") for number in range(MOST_LABELS + 2)]
    text = rows(*(at(file, "0-3,8").label("here") for file in files))
    assert sum("─ " in row for row in text) == MOST_LABELS
    assert "   = and 2 more places, in the JSON report" in text


def test_a_path_is_never_cut_and_a_title_is() -> None:
    path, title = "d/" * 60 + "a.yaml", "/etc/" + "t" * 200 + "/name.conf"
    file = File(path, "reserved: 0-3,8\n")
    payload = Embedded(file.text, file, Slice(0), title)
    text = rows(at(payload, "0-3,8").label("here"), width=60)
    assert text[1] == f"   ┌─ {path}:1:11"
    assert text[2].startswith("   │  /etc/")
    assert text[2].endswith("/name.conf:1")
    assert columns(text[2]) <= 60


def test_a_context_line_ends_between_two_things() -> None:
    text = plain(layout(samples.cpuset_mismatch(), 80, name_cluster=True)).splitlines()
    assert "   = cluster site-a, pool master, OpenShift 4.16," in text
    assert "     rule crio-workload-cpuset-mismatch" in text
    assert "   = pool master, OpenShift 4.16, rule crio-workload-cpuset-mismatch" in plain(
        layout(samples.cpuset_mismatch(), 80)
    )


def test_characters_that_cannot_be_shown_are_spelled() -> None:
    assert [spelled(char) for char in "\n\r\t\x00\x1b\x7f\x85"] == [
        *("\\n", "\\r", "\\t", "\\x00", "\\x1b", "\\x7f", "\\x85"),
    ]
    assert [shown(char) for char in "a é漢🚦"] == list("a é漢🚦")
    assert [shown(char) for char in "\u202e\u200b\u0301\u05d0\ue000\ud800\u3164\u1161"] == [
        *("\\u202e", "\\u200b", "\\u0301", "\\u05d0", "\\ue000", "\\ud800", "\\u3164", "\\u1161"),
    ]
    assert shown("\U000e0001") == "\\U000e0001"
    assert prose("\u05d0 stays, \u202e does not") == "\u05d0 stays, \\u202e does not"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("::error file=a::b", ":\\x3aerror file=a:\\x3ab"),
        ("fe80::1", "fe80::1"),
        ("##[error]no", "##\\x5berror]no"),
        ("x ##vso[task.complete]", "x ##vso\\x5btask.complete]"),
        ("## [heading]", "## [heading]"),
    ],
)
def test_log_commands_are_disarmed(text: str, harmless: str) -> None:
    assert prose(text) == harmless


def test_log_commands_are_disarmed_in_code() -> None:
    file = File("a.yaml", "a: ##vso[task.setvariable]0-3,8\n")
    text = rows(at(file, "0-3,8").label("here"))
    assert text[3] == " 1 │ a: ##vso\\x5btask.setvariable]0-3,8"
    assert under(text[3], text[4]) == "0-3,8"


@tried(60)
@given(
    text=st.text(alphabet="ab,/ é漢", max_size=300),
    first=st.integers(1, 40),
    rest=st.integers(2, 40),
)
def test_wrapping_loses_nothing_but_spaces(text: str, first: int, rest: int) -> None:
    lines = wrapped(text, max(2, first), rest)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns(line) <= max(2, first, rest) for line in lines)


def test_wrapping_divides_long_lists_after_a_comma() -> None:
    assert wrapped("CPUs 0,2,4,6,8,10,12,14,16,18", 12, 12) == [
        "CPUs",
        "0,2,4,6,8,",
        "10,12,14,16,",
        "18",
    ]


def test_what_nobody_reads_is_shortened() -> None:
    assert shortened("set cpuset to 0-3,8") == "set cpuset to 0-3,8"
    long = "from " + "a" * 5000 + " to " + "b" * 5000 + " at once"
    text = shortened(long)
    assert text.startswith("from aaa")
    assert "a… to" not in text
    assert "a…a" in text
    assert text.endswith("b at once")
    assert len(text) < 700
    assert len(shortened("a b " * 5000)) == 2000
    assert fitted("/etc/kubernetes/kubelet.conf", 16) == "/et…kubelet.conf"
    assert fitted("備" * 20, 9) == "備…備備備"
