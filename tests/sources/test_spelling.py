"""Every character of a scalar's value is found again in the text of its document."""

from __future__ import annotations

import pytest
from builders import root_of
from effort import tried
from hypothesis import assume, example, given
from hypothesis import strategies as st

from linter.sources.spelling import Spelled, scalar_mapping
from linter.sources.text import Embedded, File, Opaque, Ref, Replacement, Slice
from linter.sources.yaml_tree import compose

WORDS = ["0-3", "a b", "é", "😀", "# no", "k: v", "-", "it", "two  blanks", "1,2", "%41", "a\tb"]
BREAKS = ["\n", "\r\n", "\r", "\x85", "\u2028"]
ESCAPES = [
    "\\n", '\\"', "\\\\", "\\x41", "\\u00e9", "\\U0001F600", "\\/", "\\ ", "\\\t", "\\t", "\\0",
    "\\a", "\\b", "\\v", "\\f", "\\r", "\\e", "\\_", "\\N", "\\L", "\\P", "\\\n", "\\\n   ",
    "  \\\n \n ", "\n ", "\n\n  ", " \n\t", "\n",
]  # fmt: skip
SINGLE = ["''", "\n ", "\n\n ", "  \n   ", " ", "\n", '"', "\\"]
PLAIN = [" ", "\n ", "\n\n  ", "  \n   \n ", "\n \t "]
PROPERTIES = ["", "&a ", "!!str ", "&a !!str ", "!!str &a ", "! ", "&a # c\n  "]


@st.composite
def quoted(draw: st.DrawFn, quote: str, parts: list[str]) -> str:
    inner = draw(st.lists(st.sampled_from(parts + WORDS), max_size=8))
    return quote + "".join(inner) + quote


@st.composite
def plain(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.sampled_from(["0-3", "x", "é😀", "it's", 'a"b']), max_size=5))
    return "w" + "".join(draw(st.sampled_from(PLAIN)) + word for word in words)


@st.composite
def block(draw: st.DrawFn) -> str:
    explicit = draw(st.sampled_from(["", "", "1", "2", "3", "4"]))
    indent = " " * (int(explicit) if explicit else draw(st.integers(1, 4)))
    chomping = draw(st.sampled_from(["", "-", "+"]))
    comment = draw(st.sampled_from(["", " # c"]))
    lines = draw(
        st.lists(
            st.sampled_from([*WORDS, "", "", "  deeper", "\ttab", "trailing  ", " "]), max_size=6
        )
    )
    body = "".join((indent + line if line else "") + "\n" for line in lines)
    blank = draw(st.sampled_from(["", "\n", " \n"]))
    return draw(st.sampled_from("|>")) + explicit + chomping + comment + "\n" + blank + body


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document whose key ``k`` has a scalar of any style."""
    scalar = draw(
        st.one_of(quoted('"', ESCAPES), quoted("'", SINGLE), plain(), block()),
    )
    properties = draw(st.sampled_from(PROPERTIES))
    after = draw(st.sampled_from(["\nz: 1\n", "\n", "", "  # c\nz: 1"]))
    if scalar[0] in "|>" or scalar[-1:] == "\n":
        after = after.removeprefix("\n").removeprefix("  # c\n")
    document = draw(st.sampled_from(["", "😀: 1\n"])) + "k: " + properties + scalar + after
    return document.replace("\n", draw(st.sampled_from(BREAKS[:2] * 3 + BREAKS)))


def embedded_in(document: str) -> Embedded:
    """Return the scalar ``k`` of a document as a text of its own."""
    roots, problem = compose(File("f", document))
    assume(problem is None and roots)
    node = roots[0].at("k")
    assume(node.is_scalar)
    return node.embedded()


def _reads_as(raw: str, char: str) -> bool:
    """Say whether characters of a document may stand for a character of a value."""
    blank = raw.strip(" \t\r\n\x85\u2028\\") == ""
    return (
        raw == char or (blank and char in " \n\u2028") or raw[0] == "\\" or raw == char * 2 == "''"
    )


@tried(400)
@given(documents())
@example('k: "a\\\n   b"\n')
@example("k: >-\r\n  a\r\n  b\r\n\r\n   c\r\n")
@example("k: |2\n\n    0-3\n")
def test_every_character_stands_where_it_is_said_to(document: str) -> None:
    text = embedded_in(document)
    if isinstance(text.mapping, Opaque):
        assert text.text.strip(" \n\u2028") == ""  # an indentation cannot be told from nothing
        return
    before = 0
    for at, char in enumerate(text.text):
        start, end = text.mapping.to_parent(at, at + 1)
        assert before <= start < end <= len(document)
        assert _reads_as(document[start:end], char), (document[start:end], char)
        before = start
    whole = text.mapping.to_parent(0, len(text.text))
    assert whole[0] <= whole[1]
    after = text.mapping.to_parent(len(text.text), len(text.text))
    assert after == (whole[1], whole[1])


@tried(300)
@given(documents(), st.sampled_from(["0-3", "1,2", "%41", "x"]), st.sampled_from(["5,77-79", "8"]))
def test_a_replacement_is_read_back_and_nothing_else_changes(
    document: str, old: str, new: str
) -> None:
    text = embedded_in(document)
    at = text.text.find(old)
    if at < 0 or text.text == old:  # a scalar that is nothing but a number may change its type
        return
    edit = Replacement(Ref(text, at, at + len(old)), new).edit()
    assert edit is not None
    changed = document[: edit.start] + edit.new + document[edit.end :]
    again = embedded_in(changed)
    assert again.text == text.text[:at] + new + text.text[at + len(old) :]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ("k: plain", Slice),
        ("k: 'single'", Slice),
        ('k: "double"', Slice),
        ("k: two\n  lines", Spelled),
        ("k: 'it''s'", Spelled),
        ('k: "\\x41"', Spelled),
        ("k: |\n  text\n", Spelled),
        ("k: >2\n    text\n", Spelled),
    ],
)
def test_each_style_has_its_mapping(document: str, kind: type) -> None:
    assert isinstance(root_of(document).at("k").embedded().mapping, kind)


def test_a_value_that_was_not_read_there_is_only_pointed_at() -> None:
    mapping = scalar_mapping('"a\\qb"', 0, 6, "aqb", '"')
    assert mapping == Opaque(0, 6)
    assert mapping.to_parent(1, 2) == (0, 6)
    assert mapping.rewrite(0, 1, "x") is None


@tried(300)
@given(
    st.text("ab \n\r\t\\\"'x0|>-+2#\x85", max_size=20),
    st.text("ab \n", max_size=8),
    st.sampled_from([None, "", "'", '"', "|", ">"]),
)
def test_any_text_and_value_give_a_mapping_inside_the_scalar(
    text: str, value: str, style: str | None
) -> None:
    raw = f"<{style or ''}{text}{style or ''}>" if style in {"'", '"'} else f"<{text}>"
    mapping = scalar_mapping(raw, 1, len(raw) - 1, value, style)
    for at in range(len(value) + 1):
        start, end = mapping.to_parent(at, min(at + 1, len(value)))
        assert 0 <= start <= end <= len(raw)


def test_new_characters_that_need_a_spelling_are_refused() -> None:
    text = root_of("k: >\n  a 0-3\n").at("k").embedded()
    place = Ref(text, 2, 5)
    assert Replacement(place, "0 1").edit() is None
    assert Replacement(place, "").edit() is None
    assert Replacement(place, "0-1").edit() is not None


@pytest.mark.parametrize(
    "document",
    [
        "k: a" + " " * 100_000 + "b\n  c",
        'k: "a' + " \n" * 100_000 + '  c"',
        "k: 'a" + "''" * 100_000 + "'",
        'k: "' + "\\x41" * 100_000 + '"',
        "k: |\n" + "  ab\n" * 100_000,
        "k: >\n" + "\n" * 100_000 + "  x\n",
        "k: &a" + " #\n" * 100_000 + "  x\n",
    ],
    ids=lambda document: document[:6].replace("\n", "/"),
)
def test_long_scalars_are_mapped_in_linear_time(document: str) -> None:
    text = root_of(document).at("k").embedded()
    assert not isinstance(text.mapping, Opaque)
    last = len(text.text.rstrip())
    start, end = text.mapping.to_parent(last - 1, last)
    assert document[start:end][-2:].strip("\\") in {text.text[last - 1], "''", "41"}


LINES = st.lists(st.sampled_from(["a", "b = 1", "", "  deep", "# c", "x: [y]"]), max_size=5)


@tried(300)
@given(LINES, st.sampled_from(["|", "|-", "|+"]), st.data())
def test_lines_of_a_literal_block_can_be_added_taken_out_and_changed(
    lines: list[str], header: str, data: st.DataObject
) -> None:
    line_break = data.draw(st.sampled_from(["\n", "\r\n"]))
    written = [header, *(f"    {line}" if line else "" for line in lines), "z: 1", ""]
    document = "k: " + line_break.join(written)
    text = embedded_in(document)
    if isinstance(text.mapping, Opaque):
        return
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    new = data.draw(st.sampled_from(["", "d = {e}", "\nnew $1", "\nf\n  g"]))
    edit = Replacement(Ref(text, start, end), new).edit()
    if edit is None:
        whole = (start == 0 or text.text[start - 1] == "\n") and text.text[start:end] == "a\n"
        rest = text.text[:start].strip() and text.text[end:].strip()
        assert not (whole and rest and not new), "a line in the middle can be taken out"
        return
    changed = document[: edit.start] + edit.new + document[edit.end :]
    again = root_of(changed)
    assert again.at("k").embedded().text == text.text[:start] + new + text.text[end:]
    assert again.at("z").scalar() == 1
    assert changed.count("\n") == changed.count(line_break)
