"""Lists in sentences."""

from __future__ import annotations

import pytest

from linter.engine.enumeration import enumeration


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (list("abcdef"), "a, b, c, d and 2 more"),
    ],
)
def test_a_long_list_is_cut(names: list[str], expected: str) -> None:
    assert enumeration(names) == expected
