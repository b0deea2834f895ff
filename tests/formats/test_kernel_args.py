"""The kernel command line: quotes, spans and names."""

from __future__ import annotations

import pytest
from effort import tried, within
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.kernel_args import split


def pairs(text: str) -> list[tuple[str, str | None]]:
    return [(argument.name, argument.value) for argument in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n ", []),
        ("nosmt", [("nosmt", None)]),
        (
            "nohz=on rcu_nocbs=4-29\tquiet",
            [("nohz", "on"), ("rcu_nocbs", "4-29"), ("quiet", None)],
        ),
        ("isolcpus=managed_irq,4-29", [("isolcpus", "managed_irq,4-29")]),
        ("a=", [("a", "")]),
        ("a=b=c", [("a", "b=c")]),
        ("=b", [("=b", None)]),
        ("=b=c", [("=b", "c")]),
        ('a="b c" d', [("a", "b c"), ("d", None)]),
        ('"a=b c" d', [("a", "b c"), ("d", None)]),
        ('"a b" c', [("a b", None), ("c", None)]),
        ('a="b', [("a", "b")]),
        ('a="b c', [("a", "b c")]),
        ('a="', [("a", "")]),
        ('a=""', [("a", "")]),
        ('a=b"c d"', [("a", 'b"c d"')]),
        ('a="b"c', [("a", 'b"c')]),
        ('""', [("", None)]),
        ('"', [("", None)]),
        ("a -- b", [("a", None), ("--", None), ("b", None)]),
    ],
)
def test_arguments(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert pairs(text) == expected


def test_spans_of_a_quoted_value() -> None:
    (first, second) = split(' dyndbg="file a +p"  irqaffinity=0-3')
    assert (first.start, first.end) == (1, 19)
    assert (first.value_start, first.value_end) == (9, 18)
    assert (second.start, second.end) == (21, 36)
    assert (second.value_start, second.value_end) == (33, 36)


def test_an_argument_without_value_ends_where_its_value_would_be() -> None:
    (only,) = split("quiet")
    assert (only.value_start, only.value_end) == (5, 5)


def test_dash_and_underscore_are_the_same_name() -> None:
    (first, second) = split("rcu-nocbs=2-3 rcu_nocbs=2-3")
    assert first.name == "rcu-nocbs"
    assert first.canonical_name == second.canonical_name == "rcu_nocbs"


def test_only_ascii_blanks_separate() -> None:
    assert pairs("a\u2003b=c\u00a0d") == [("a\u2003b", "c\u00a0d")]


@tried(200)
@given(st.text(st.sampled_from('ab=" \t-_,é'), max_size=40) | st.text(max_size=40))
def test_spans_hold_for_every_text(text: str) -> None:
    position = 0
    for argument in split(text):
        assert not text[position : argument.start].strip(" \t\n\r\f\v")
        assert position <= argument.start < argument.end <= len(text)
        assert argument.start <= argument.value_start <= argument.value_end <= argument.end
        if argument.value is None:
            assert argument.value_start == argument.end
        else:
            assert text[argument.value_start : argument.value_end] == argument.value
        assert argument.name in text[argument.start : argument.end]
        position = argument.end
    assert not text[position:].strip(" \t\n\r\f\v")


def reference(text: str) -> list[tuple[str, str | None]]:
    """Split character by character, the slow and obvious way."""
    found: list[tuple[str, str | None]] = []
    tokens, token, inside = [], "", False
    for character in text + " ":
        if character == " " and not inside:
            tokens.append(token)
            token = ""
        else:
            inside ^= character == '"'
            token += character
    if inside:
        tokens.append(token[:-1])
    for token in filter(None, tokens):
        body = token
        if body[0] == '"':
            body = body[1:]
            body = body.removesuffix('"')
        name, equals, value = body[:1], "", ""
        rest_name, equals, value = body[1:].partition("=")
        if not equals:
            found.append((body, None))
            continue
        if value.startswith('"'):
            closed = body == token and token.endswith('"')
            value = value[1:-1] if closed and len(value) > 1 else value[1:]
        found.append((name + rest_name, value))
    return found


@tried(300)
@given(st.text(st.sampled_from('ab=" '), max_size=14))
def test_agrees_with_the_obvious_splitter(text: str) -> None:
    assert pairs(text) == reference(text)


@pytest.mark.parametrize("piece", ['a="', 'a="b c" ', '""', "a ", "=", '" "'])
def test_long_input_takes_linear_time(piece: str) -> None:
    text = piece * 10_000
    within(20 * len(text), lambda: split(text))
