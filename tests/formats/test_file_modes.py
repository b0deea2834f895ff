"""What people mean by the digits of a file mode."""

from __future__ import annotations

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.formats.file_modes import LARGEST_MODE, is_written_octal, meant_mode


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("644", 0o644),
        ("755", 0o755),
        ("0644", 0o644),
        ("0o644", 0o644),
        ("400", 0o400),
        ("444", 0o444),
        ("420", 420),
        ("493", 493),
        ("384", 384),
        ("0", 0),
        ("00644", 0o644),
        ("01777", None),
        ("1755", None),
        ("33188", None),
        ("800", None),
        ("089", 89),
        ("rw-r--r--", None),
        ("-1", None),
        ("", None),
        ("6٤4", None),
    ],
)
def test_modes(text: str, mode: int | None) -> None:
    assert meant_mode(text) == mode


def test_octal_is_told_by_its_beginning() -> None:
    assert [text for text in ("0644", "0o644", "644", "0", "0x1a4") if is_written_octal(text)] == [
        "0644",
        "0o644",
    ]


@tried(60)
@given(st.integers(0, LARGEST_MODE))
def test_what_is_written_in_octal_is_read_so(mode: int) -> None:
    assert meant_mode(f"0{mode:03o}") == mode
    assert meant_mode(f"0o{mode:o}") == mode
