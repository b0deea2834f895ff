"""TOML: agreement with tomllib, spans of keys and values, lookups, and hostile input."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import re
import tomllib
from typing import TYPE_CHECKING, TypeGuard

import pytest
from effort import tried, within
from hypothesis import example, given
from hypothesis import strategies as st

from linter.formats import toml
from linter.formats.toml import MAX_DEPTH, Array, Entry, Scalar, Table, TomlError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.formats.toml import Value

DROP_IN = """
# pins the platform's pods
[crio.runtime.workloads.management]
activation_annotation = "target.workload.openshift.io/management"
annotation_prefix = 'resources.workload.openshift.io'
resources = { "cpushares" = 0, Cpuset = "4-5,60" } # one line

[crio.runtime]
infra_ctr_cpuset = "4-5,60"
"""


def refused(text: str) -> TomlError:
    with pytest.raises(TomlError) as caught:
        parse(text)
    error = caught.value
    assert 0 <= error.start <= error.end <= len(text)
    return error


def scalar(value: Value | None) -> Scalar:
    assert isinstance(value, Scalar)
    return value


def table(value: Value | None) -> Table:
    assert isinstance(value, Table)
    return value


def shown(text: str, part: Value | None) -> str:
    assert part is not None
    return text[part.start : part.end]


def test_a_crio_drop_in() -> None:
    root = parse(DROP_IN)
    management = table(root.get("crio", "runtime", "workloads", "management"))
    assert shown(DROP_IN, management) == "[crio.runtime.workloads.management]"
    resources = table(management.get("resources"))
    assert shown(DROP_IN, resources) == '{ "cpushares" = 0, Cpuset = "4-5,60" }'
    cpuset = scalar(management.find("resources", "cpuset"))
    assert cpuset.value == "4-5,60"
    assert shown(DROP_IN, cpuset) == '"4-5,60"'
    assert DROP_IN[cpuset.inner_start : cpuset.inner_end] == "4-5,60"
    assert cpuset.inner_is_literal
    assert [entry.key for entry in resources.entries] == ["cpushares", "Cpuset"]
    keys = [DROP_IN[entry.key_start : entry.key_end] for entry in resources.entries]
    assert keys == ['"cpushares"', "Cpuset"]
    shares = scalar(management.get("resources", "cpushares"))
    assert (shares.value, shares.inner_is_literal) == (0, False)
    assert shown(DROP_IN, shares) == DROP_IN[shares.inner_start : shares.inner_end] == "0"
    assert shown(DROP_IN, root.get("crio", "runtime")) == "[crio.runtime]"
    assert shown(DROP_IN, root.get("crio")) == "[crio.runtime.workloads.management]"
    assert shown(DROP_IN, root) == DROP_IN


def test_lookup_prefers_the_exact_key() -> None:
    root = parse('CPUSET = "1"\nCpuset = "2"\ncpuset = "3"\n[Crio]\nx = 1\n')
    assert scalar(root.find("cpuset")).value == "3"
    assert scalar(root.find("cPUSET")).value == "1"
    assert root.get("cPUSET") is None
    assert scalar(root.find("crio", "X")).value == 1
    assert root.get("crio", "x") is None
    assert root.get("Crio", "x", "y") is None
    assert root.get() is root


STRINGS = [
    ('"4-5"', "4-5", "4-5"), ("'4-5'", "4-5", "4-5"), ('""', "", ""), ('"#]},="', "#]},=", "#]},="),
    (r'"\u0034-5"', "4-5", r"\u0034-5"), (r"'C:\x'", r"C:\x", r"C:\x"), ("''''''", "", ""),
    ('"""4-5"""', "4-5", "4-5"), ('"""\n4-5"""', "4-5", "4-5"), ('"""\r\n4-5"""', "4-5", "4-5"),
    ("'''\n4-5'''", "4-5", "4-5"), ('"""4\\\n  -5"""', "4-5", "4\\\n  -5"), ('""""""', "", ""),
    ('"""4\r\n5"""', "4\n5", "4\r\n5"), ('""""4" ""5"""""', '"4" ""5""', '"4" ""5""'),
    ("''''4' ''5'''''", "'4' ''5''", "'4' ''5''"),
]  # fmt: skip


@pytest.mark.parametrize(("token", "value", "inner"), STRINGS)
def test_strings(token: str, value: str, inner: str) -> None:
    text = f"[a]\r\nx={token} # c\ny=1\n"
    found = scalar(parse(text).get("a", "x"))
    assert found.value == value
    assert shown(text, found) == token
    assert text[found.inner_start : found.inner_end] == inner
    assert found.inner_is_literal is (value == inner)
    assert parse(text).plain() == tomllib.loads(text)


TOKENS = [
    *("true", "false", "0", "-0", "-17", "+1_000", "0xfF", "0b101", "6.5e-3", "-inf", "07:32:00.5"),
    *("1979-05-27", "1979-05-27 07:32:00", "1979-05-27T07:32:00Z"),
]


@pytest.mark.parametrize("token", TOKENS)
def test_other_scalars(token: str) -> None:
    text = f"x = [{token}, {token}]# c"
    array = parse(text).get("x")
    assert isinstance(array, Array)
    expected = tomllib.loads(text)["x"]
    assert repr([scalar(item).value for item in array.items]) == repr(expected)
    assert [shown(text, item) for item in array.items] == [token, token]


def test_arrays_over_lines_and_arrays_of_tables() -> None:
    text = 'x = [ # a ]\n  "1", # b\n\n  [2],\n]\n[[t]]\nk=1\n[t.sub]\n[[t]]\n[[t.deep.er]]\n'
    root = parse(text)
    assert root.plain() == tomllib.loads(text)
    x, t = root.get("x"), root.get("t")
    assert isinstance(x, Array)
    assert isinstance(t, Array)
    assert shown(text, x) == text[4 : text.index("\n[[t]]")]
    assert [shown(text, item) for item in x.items] == ['"1"', "[2]"]
    assert [item.start for item in t.items] == [text.index("[[t]]"), text.rindex("[[t]]")]
    assert (t.start, t.end) == (t.items[0].start, t.items[0].end)
    assert root.get("t", "k") is None


def test_dotted_and_quoted_keys() -> None:
    text = "a . \"b c\" . 'd' = 1\na.e=2\n"
    root = parse(text)
    assert root.plain() == {"a": {"b c": {"d": 1}, "e": 2}}
    outer = root.entries[0]
    assert (outer.key, outer.key_start, outer.key_end) == ("a", 0, 1)
    assert shown(text, outer.value) == "a . \"b c\" . 'd'"
    inner = table(outer.value).entries[0]
    assert text[inner.key_start : inner.key_end] == '"b c"'


def test_a_table_named_by_its_children_first_gets_its_own_header_later() -> None:
    text = "[a.b]\nx=1\n[a]\ny=2\n"
    root = parse(text)
    assert root.plain() == {"a": {"b": {"x": 1}, "y": 2}}
    outer = root.entries[0]
    assert shown(text, outer.value) == "[a]"
    assert outer.key_start == text.index("[a]") + 1


def test_a_byte_order_mark_is_skipped_and_counted() -> None:
    text = "\ufeffx = 'y'"
    assert shown(text, parse(text).get("x")) == "'y'"


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("x = \n", "Invalid value", "\n"),
        ("a = 1\r\nb = ?\r\n", "Invalid value", "?"),
        ("x = [1", "Unclosed array", ""),
        ("x = 'a", "at the end", ""),
        ("[a]\nx=1\n[b]\n  [a]\n", "Cannot declare ('a',) twice", "[a]"),
        ("x = 1\n  x = 2 \n", "Cannot overwrite", "x"),
        ("a=1\n[a.b]\n", "Cannot", "a"),
        ("x = { a = 1, a = 2 }", "Duplicate", "a"),
        ("words\n", "Expected '='", "\n"),
        ("x = 1 y = 2", "Expected newline", "y"),
        ("x = " + "1" * 5000, "", "1" * 5000),
    ],
)
def test_errors_stand_where_the_mistake_is(text: str, words: str, marked: str) -> None:
    error = refused(text)
    assert words in error.message
    assert error.start > len(text) // 3 or words == ""
    assert text[error.start : error.end].strip("\n") == marked.strip("\n")


DEEP = [
    *("x = " + "[" * 50_000, "x = " + "{a=" * 50_000, "x = " + "[" * 50_000 + "]" * 50_000),
    *("a." * 50_000 + "a = 1", "[" + "a." * 50_000 + "a]", "x = [{" + "a." * 40_000 + "a = 1}]"),
]


@pytest.mark.parametrize("text", DEEP)
def test_depth_is_bounded(text: str) -> None:
    assert f"more than {MAX_DEPTH} deep" in refused(text).message


def test_the_deepest_tables_are_read() -> None:
    header = ".".join("a" * (MAX_DEPTH - 2))
    assert parse(f"[[{header}]]\nb.c = 1\n").plain() == tomllib.loads(f"[[{header}]]\nb.c=1")


def test_length_is_bounded() -> None:
    assert "longer" in refused("#" * (toml.MAX_LENGTH + 1)).message
    assert parse("#" * toml.MAX_LENGTH).entries == ()


LONG = [
    *('x = """' + '"" \\' * 20_000, "x = '''" + "'' " * 20_000, 'x = "' + "\\" * 60_001),
    *("x = [" + "\n#\n " * 20_000, "x = [" + "'a'," * 20_000 + "]", "x = " + '""' * 30_000),
    *("".join(f"[a{i}]\nb.c = 1\n" for i in range(4_000)), "x = " + "1979-05-27 " * 8_000),
]


@pytest.mark.parametrize("text", LONG)
def test_long_input_takes_linear_time(text: str) -> None:
    with contextlib.suppress(TomlError):
        within(20 * len(text) + 1000, lambda: parse(text))


# A small writer: nested dictionaries in every style that TOML has, with odd spacing.

Node = dict[str, object]
keys = st.sampled_from(["a", "b-1", "C_c", "cpuset", "two words", "d.e", 'q"', "", "\xe9", "x\ny"])
scalars = st.one_of(
    st.text(st.sampled_from("0-9,'\"\\\n\t#=]}\xe9\U0001f600 "), max_size=12),
    st.integers(-(10**20), 10**20) | st.booleans() | st.floats(allow_nan=False),
    st.dates() | st.times() | st.datetimes(timezones=st.none() | st.just(dt.UTC)),
)
inline = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=3),
    max_leaves=6,
)
nested = st.recursive(inline, lambda below: st.dictionaries(keys, below, max_size=4), max_leaves=8)
documents = st.dictionaries(
    keys,
    nested | st.lists(st.dictionaries(keys, nested, max_size=3), max_size=3),
    max_size=5,
)


class Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.newline = self.random.choice(["\n", "\r\n"])

    def gap(self) -> str:
        return self.random.choice(["", "", " ", "\t", "  "])

    def spaced(self, *parts: str) -> str:
        return "".join(self.gap() + part for part in parts) + self.gap()

    def wide_gap(self) -> str:
        return self.spaced(self.random.choice(["", "", self.newline, "# it's [a]" + self.newline]))

    def line(self, *parts: str) -> str:
        return self.spaced(*parts) + self.random.choice(["", "", "# = 'x'"]) + self.newline

    def quoted(self, text: str) -> str:
        escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
        if self.random.random() < 0.1:
            return '"' + "".join(f"\\U{ord(c):08x}" for c in text) + '"'
        return '"' + "".join(escapes.get(c, c) for c in text) + '"'

    def key(self, *path: str) -> str:
        if len(path) != 1:
            return f"{self.gap()}.{self.gap()}".join(map(self.key, path))
        key = path[0]
        if re.fullmatch("[A-Za-z0-9_-]+", key) and self.random.random() < 0.7:
            return key
        if "'" not in key and "\n" not in key and self.random.random() < 0.5:
            return f"'{key}'"
        return self.quoted(key)

    def string(self, text: str) -> str:
        styles = [self.quoted(text)]
        if not set("'\n") & set(text):
            styles.append(f"'{text}'")
        if "'''" not in text and not text.startswith("'") and not text.endswith("'"):
            styles.append(f"'''\n{text}'''")
        if not set('"\\') & set(text):
            styles.append(f'"""{self.newline}{text}"""')
            styles.append(f'"""{self.newline}{text}\\{self.newline}  \n"""')
        return self.random.choice(styles)

    def value(self, value: object) -> str:
        match value:
            case dict():
                pairs = (
                    self.spaced(self.key(k), "=", self.value(below)) for k, below in value.items()
                )
                return "{" + (",".join(pairs) or self.gap()) + "}"
            case list():
                items = [f"{self.wide_gap()}{self.value(item)}{self.wide_gap()}" for item in value]
                tail = "," if items and self.random.random() < 0.5 else ""
                return "[" + ",".join(items) + tail + self.wide_gap() + "]"
            case str():
                return self.string(value)
            case bool():
                return str(value).lower()
            case dt.datetime():
                return value.isoformat(self.random.choice("T "))
            case dt.date() | dt.time():
                return value.isoformat()
            case _:
                return repr(value)

    def table(self, node: Node, header: list[str], path: list[str], styles: str) -> Iterator[str]:
        """Write what stays under the header, then what has headers of its own."""
        later: list[tuple[list[str], Node, str]] = []
        for key, value in node.items():
            here = [*path, key]
            style = self.random.choice(styles)
            if style == "h" and isinstance(value, dict):
                later.append((here, value, "[]"))
            elif style == "h" and is_tables(value):
                later += [(here, item, "[[]]") for item in value]
            elif style == "d" and isinstance(value, dict) and value:
                yield from self.table(value, header, here, "id")
            else:
                yield self.line(self.key(*here[len(header) :]), "=", self.value(value))
        for here, below, brackets in later:
            half = len(brackets) // 2
            yield self.line(brackets[:half] + self.spaced(self.key(*here)) + brackets[half:])
            yield from self.table(below, here, here, styles)


def is_tables(value: object) -> TypeGuard[list[Node]]:
    return isinstance(value, list) and value != [] and all(isinstance(v, dict) for v in value)


def walk(value: Value) -> Iterator[Entry | Value]:
    yield value
    if isinstance(value, Table):
        for entry in value.entries:
            yield entry
            yield from walk(entry.value)
    if isinstance(value, Array):
        for item in value.items:
            yield from walk(item)


def check_spans(text: str, root: Table) -> None:
    for part in walk(root):
        if isinstance(part, Entry):
            assert tomllib.loads(text[part.key_start : part.key_end] + " = 1") == {part.key: 1}
            continue
        source = text[part.start : part.end]
        if isinstance(part, Scalar):
            again = tomllib.loads(f"x = {source}")["x"]
            assert repr(again) == repr(part.value)
            inner = text[part.inner_start : part.inner_end]
            assert part.start <= part.inner_start <= part.inner_end <= part.end
            assert part.inner_is_literal is (inner == part.value)
            assert isinstance(part.value, str) or inner == source
        elif isinstance(part, Array) and not source.startswith("[["):
            assert source[0] + source[-1] == "[]"
        elif isinstance(part, Table) and source.startswith("{"):
            assert tomllib.loads(f"x = {source}")["x"] == part.plain()


@tried(150)
@given(documents, st.integers(0, 2**16))
@example({"a": {"b-1": {"cpuset": "4-5"}, "cpuset": "6"}}, 3)
def test_written_documents_are_read_back_with_their_spans(document: Node, seed: int) -> None:
    text = "".join(Writer(seed).table(document, [], [], "ihd"))
    assert tomllib.loads(text) == document
    root = parse(text)
    assert root.plain() == document
    check_spans(text, root)


FRAGMENTS = [
    "a", "b", ".", "=", " = ", "[", "]", "[[", "]]", "{", "}", ",", "\n", "\r\n", "\r", "#", '"',
    "'", '"""', "'''", "\\", "1", "-", "_", " ", "1979-05-27", "07:32:00", "true", "\n[a]\n", "0x1",
    "\nb = 1\n", "a.b = ", '"4-5"', "\ufeff", "\x00", "\ud800", "\u2028", "nan", "\\u0041",
]  # fmt: skip


@tried(500)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join) | st.text(max_size=40))
@example('x = "\\')
@example("1979-05-27 07:32:00 = 1")
def test_the_verdict_is_that_of_tomllib(text: str) -> None:
    try:
        expected = tomllib.loads(text.removeprefix("\ufeff"))
    except ValueError:
        refused(text)
        return
    root = parse(text)
    assert repr(root.plain()) == repr(expected)
    check_spans(text, root)
