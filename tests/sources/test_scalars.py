"""What Kubernetes reads in a plain scalar (sigs.k8s.io/yaml)."""

from __future__ import annotations

from math import inf, isnan

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.sources.scalars import resolve


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0644", 420),
        ("0o644", 420),
        ("-0644", -420),
        ("0x1F", 31),
        ("0X1f", 31),
        ("0b101", 5),
        ("-0b11", -3),
        ("1_000", 1000),
        ("0_7", 7),
        ("+7", 7),
        ("-1", -1),
        ("0", 0),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1_0.5", 10.5),
        ("089", 89.0),
        (".inf", inf),
        ("+.INF", inf),
        ("-.Inf", -inf),
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        *[(word, True) for word in ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true")],
        *[(word, False) for word in ("n", "N", "no", "No", "NO", "off", "Off", "OFF", "FALSE")],
    ],
)
def test_these_are_no_strings(text: str, read: object) -> None:
    found = resolve(text)
    assert found == read
    assert type(found) is type(read)


def test_not_a_number_is_one() -> None:
    found = resolve(".NaN")
    assert isinstance(found, float)
    assert isnan(found)


@pytest.mark.parametrize(
    "text",
    [
        "1:30",
        "190:20:30",
        "2024-01-02",
        "2024-01-02T03:04:05Z",
        "0-3",
        "0-1,32-33",
        "1,2",
        "nULL",
        "yES",
        "tRUE",
        "oN",
        "0x",
        "0x_",
        "0b12",
        "0o8",
        "+",
        "-",
        ".",
        "..",
        "1e",
        "e1",
        "--1",
        "+-1",
        "1e400",
        "-1e400",
        ".inf.",
        "inf",
        "nan",
        "1 2",
        "\u0663",
        "\uff11\uff12",
        "<<",
        "=",
    ],
)
def test_these_are_strings(text: str) -> None:
    assert resolve(text) == text


def test_a_huge_integer_is_read_and_an_endless_one_is_left_alone() -> None:
    assert resolve("9" * 100) == int("9" * 100)
    assert resolve("9" * 5000) == "9" * 5000
    assert resolve("1_" * 4000) == "1_" * 4000


@tried(300)
@given(st.text("+-._0123456789abcdefinxoyABEX~:", max_size=12) | st.text(max_size=8))
def test_every_text_resolves(text: str) -> None:
    found = resolve(text)
    assert found is None or isinstance(found, (str, int, float))
    if isinstance(found, str):
        assert found == text
