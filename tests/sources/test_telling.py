"""Which documents of a text are composed: those that tell something, at the offsets they have."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from effort import tried
from hypothesis import given
from hypothesis import strategies as st
from yaml._yaml import CParser

from linter.sources import documents, yaml_tree
from linter.sources.documents import is_alone, telling
from linter.sources.prefilter import INVENTORIES, JOINING, NEEDLES, Needles
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = "PerformanceProfile"


class Part(NamedTuple):
    """A document: the line that begins it, what stands in it, and whether that tells something."""

    marker: str
    body: str
    tells: bool

    def blank(self) -> Part:
        """Return the same place with nothing in it."""
        marker, body = (re.sub(r"[^\n]", " ", text) for text in (self.marker[3:], self.body))
        return Part("---" + marker, body, tells=False)


SILENT = (
    "a: 1\n",
    "kind: Deployment\nspec: [1, 2]\n",
    f"b: 2\n# {WORD}\na: 1\n",
    "# é𝄞 nothing\n",
    "\n \n",
    "\n",
    "text: |\n  ---\n  more\n ---\nb: 1\n",
    "text: >-\n ---\n\n ...\n",
    "text: |\n ---a\n----\n",
    "&a x: &b [1]\ny: *b\n",
    "a: 1\n...\n# c\nb: 2\n...\n",
    '{"a": 1}\n',
    "- op: replace\n",
    "a: 1\n\r---\rb: 1\n",
    "a: 1\x85---\x85b: 1\n",
    "a: 1\n---a\n",
)
TELLING = (
    f"kind: {WORD}\nspec: {{cpu: {{reserved: 0-1}}}}\n",
    f"kind: {WORD}\nmetadata: {{name: é𝄞}}\n\n\n# behind it\n",
    f"text: |\n  ---\n  kind: {WORD}\n",
    f"x: &b {WORD}\ny: *b\nx: &b 2\n",
    f"a: 1\n...\nkind: {WORD}\n",
    f'{{"kind": "{WORD}", "b": "\\ud83d\\ude00"}}\n',
    "# wplint: ignore[WPL001] so it is\n",
    "b: 2 # wplint: ignore[WPL001] so it is\n",
    '"kind": "Performance\\x50rofile"\n',
    '"kind": "Performance\\\n  Profile"\n',
    "a: {{ .Values.b }}\n",
    f"kind: {WORD}\n----\n",
    f"kind: a\r---\rkind: {WORD}\n",
)
BROKEN = (
    "a: [1\n",
    'a: "1\n',
    "a: 'b\nc\n",
    "{a: 1\n",
    "a: 1\n  b: 1\n",
    "a: b: c\n",
    "a: \x07\n",
    "a: *b\n",
    "- a\nb\n",
    "\tb: @\n",
    "? [a\n",
    "[" * 250 + "\n",
    "a: !<x\n",
)
MARKERS = ("---\n", "--- \n", "---\t# c\n", "--- # c\n", "---\r\n", "--- ", "--- !x\n", "--- |1\n")


def part(silent: Iterable[str], tell: Iterable[str]) -> st.SearchStrategy[Part]:
    bodies = [(body, False) for body in silent] + [(body, True) for body in tell]
    return st.builds(
        lambda marker, body: Part(marker, *body), st.sampled_from(MARKERS), st.sampled_from(bodies)
    )


WHOLE = part(SILENT, TELLING)
ANY = part(
    (*SILENT, *BROKEN), (*TELLING, *(f"kind: {WORD}\n{body}" for body in BROKEN if body[0] == "a"))
)


def text_of(parts: list[Part], start: str) -> str:
    """Return a text of some documents and an empty one; the first may have no line to begin it."""
    text = start + "".join(one.marker + one.body for one in parts) + "---\n"
    return text.removeprefix("---\n")


def seen(text: str, read: str) -> tuple[Any, Any]:
    """Return what is composed of a text: where it stands and what it is, and what is wrong."""
    roots, problem = compose(File("f", text), read)
    place = problem and (problem.message, problem.ref.start, problem.ref.end)
    return [(r.ref.start, r.raw.end_mark.index, r.raw.id, r.plain()) for r in roots], place


def check(parts: list[Part], start: str = "") -> None:
    """Hold what is composed against what would be if there were nothing in the other documents."""
    text = text_of(parts, start)
    told = telling(text)
    assert len(told) == len(text)
    left = [one if one.tells else one.blank() for one in parts]
    assert seen(text, told) == seen(text, text_of(left, start))


@tried(800)
@given(st.lists(ANY, min_size=1, max_size=7), st.sampled_from(["", "\n", "---\n", "# c\n"]))
def test_what_tells_something_is_as_if_there_were_nothing_else(
    parts: list[Part], start: str
) -> None:
    check(parts, start)


@pytest.mark.parametrize("broken", BROKEN)
def test_what_stands_behind_a_broken_document_is_read(broken: str) -> None:
    """If that says nothing; else all is as it was: it is told of, and nothing behind it is read."""
    for marker in MARKERS:
        silent = f"{TELLING[0]}{marker}{broken}---\n{TELLING[1]}"
        roots, problem = seen(silent, telling(silent))
        assert (len(roots), problem) == (2, None)
        loud = f"{TELLING[0]}{marker}b: wplint\n{broken}---\n{TELLING[1]}"
        assert telling(loud) == loud
        assert len(seen(loud, loud)[0]) < 3


def spans(text: str) -> list[tuple[int, int]]:
    """Return where libyaml begins each document, and where the next one begins."""
    starts: list[int] = []
    parser = CParser(text.replace("\\ud83d\\ude00", "\\ufffd\\ufffd"))
    while parser.check_event():
        event = parser.get_event()
        if isinstance(event, yaml.DocumentStartEvent):
            starts.append(event.start_mark.index)
    parser.dispose()
    return list(pairwise([*starts, len(text)]))


ODD = (
    *("%YAML 1.1\n", "%TAG !e! tag:e.com,2000:\n", "%", "\ufeff", "\r---\r", "\x85---\x85"),
    *("\u2028---\n", "---\u2029", "----\n", "...\n", "---\n", "\n--- ", "|\n", "\t", "  "),
    *("'", '"', "- ", "# ", WORD),
)


@tried(800)
@given(
    st.lists(
        st.one_of(st.sampled_from([*SILENT, *TELLING]), st.sampled_from(ODD)),
        min_size=1,
        max_size=9,
    )
)
def test_no_document_that_libyaml_finds_is_lost_or_moved(pieces: list[str]) -> None:
    text = "".join(pieces)
    every, problem = seen(text, text)
    if problem is not None:
        return
    some, other = seen(text, telling(text))
    assert other is None
    assert some == [one for one in every if one in some]
    missing = {one[0] for one in every} - {one[0] for one in some}
    for begin, end in spans(text):
        if not missing.isdisjoint(range(begin, end)):
            bare = re.sub(r"(?m)^ *#.*$", "", text[begin:end])
            assert WORD not in bare
            assert "\\" not in bare
            assert "wplint" not in text[begin:end]


def test_a_directive_belongs_to_the_document_behind_it() -> None:
    for before in ("", *(f"a: 1\n...{line_break}" for line_break in "\n\r\x85\u2028\u2029")):
        text = f"{before}%TAG !e! tag:e.com,2000:\n---\nkind: !e!x {WORD}\n"
        assert telling(text) == text
        assert seen(text, telling(text))[1] is None


@pytest.mark.parametrize("end", ["---", "---\n", "--- ", "---\t", "--- a", "---\r\n"])
def test_the_end_of_a_text_may_be_the_beginning_of_a_document(end: str) -> None:
    for before in (TELLING[0], f"{SILENT[0]}---\n{TELLING[0]}", f"{TELLING[0]}---\n{SILENT[0]}"):
        text = before + end
        assert len(telling(text)) == len(text)
        roots, problem = seen(text, telling(text))
        assert problem is None
        assert [root[:2] for root in roots] == [
            root[:2] for root in seen(text, text)[0] if WORD in str(root[3])
        ]


FAULTS: dict[str, Any] = {
    "it divides at any line that begins with three dashes": lambda: {
        "_BEGINNING": re.compile(r"\n---")
    },
    "it divides at dashes within a line": lambda: {
        "_BEGINNING": re.compile(r".(?=---[ \n])", re.DOTALL)
    },
    "it does not divide at a tab": lambda: {"_BEGINNING": re.compile(r"\n---(?=[ \r\n])")},
    "it does not divide at a carriage return": lambda: {
        "_BEGINNING": re.compile(r"\n---(?=[ \t\n])")
    },
    "what is told has no end": lambda: {"MARKER": ""},
    "suppressions are not looked for": lambda: {"SUPPRESSION": b"\0"},
    "directives are not looked for": lambda: {"_DIRECTIVES": ()},
    "templates are not looked for": lambda: {
        "_may_tell": Needles((*NEEDLES, *JOINING), *INVENTORIES).may_be_in
    },
    "nothing is looked for": lambda: {"_may_tell": lambda _: False},
    "all documents tell something": lambda: {"_may_tell": lambda _: True},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_would_be_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FAULTS[fault]().items():
        monkeypatch.setattr(documents, name, value)
    bodies = [*((one, False) for one in (*SILENT, *BROKEN)), *((one, True) for one in TELLING)]
    broken, last = (Part("---\n", body, tells=True) for body in (f"a: [{WORD}\n", TELLING[0]))
    tests: list[Any] = [test_a_directive_belongs_to_the_document_behind_it]
    for marker, (body, tells) in product(MARKERS, bodies):
        one = Part(marker, body, tells=tells)
        tests += [partial(check, parts) for parts in ([broken, one], [one, last], [last, one])]
    noticed = 0
    for test in tests:
        try:
            test()
        except AssertionError:
            noticed += 1
    assert noticed


@pytest.mark.parametrize("begin", ["", "# c\n---\n", "---\n", "a: b\n---\n"])
def test_only_documents_that_tell_something_are_composed(
    begin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed = 0
    is_empty = yaml_tree._is_empty

    def counted(raw: Any) -> bool:
        nonlocal composed
        composed += 1
        return is_empty(raw)

    monkeypatch.setattr(yaml_tree, "_is_empty", counted)
    listed = [SILENT[1]] * 500
    listed[100] = listed[400] = TELLING[0]
    text = begin + "---\n".join(listed)
    roots, problem = compose(File("f", text), telling(text))
    assert problem is None
    assert [text[root.ref.start : root.ref.end] for root in roots] == [TELLING[0].rstrip()] * 2
    assert composed == 4  # what begins behind each of them is empty
    composed = 0
    compose(File("f", text))
    assert composed >= 500


@pytest.mark.parametrize("word", [*NEEDLES, *JOINING, *(b" ".join(group) for group in INVENTORIES)])
def test_whatever_a_file_is_read_for_is_read_in_it(word: bytes) -> None:
    text = f"a: 1\n---\nb: {word.decode()}\n---\nc: 1\n"
    assert telling(text) == f"    \n---\nb: {word.decode()}\n---" + " " * 5 + "\n"


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("a: 1\n", True),
        ("---\na: 1\n", True),
        ("# c\n---\na: 1\n---\n", True),
        ("# c\n--- # c\n...\n---\na: 1\n---\n\n# c\n", True),
        ("a: |\n ---\n b\n", True),
        ("a: 1\n---\nb: 1\n", False),
        ("a: 1\n--- b\n", False),
        ("", True),
    ],
)
def test_whether_a_document_is_alone(text: str, alone: bool) -> None:
    assert is_alone(text) is alone
