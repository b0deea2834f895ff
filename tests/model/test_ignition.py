"""Which Ignition versions are read, by release."""

from __future__ import annotations

import pytest
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.model.ignition import READ_EVERYWHERE, is_read, may_be_lowered
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release, Releases, Undecided

MINORS = range(OLDEST_MINOR, NEWEST_MINOR + 1)


@pytest.mark.parametrize(
    ("version", "since"),
    [
        ("2.2.0", OLDEST_MINOR),
        ("3.0.0", OLDEST_MINOR),
        ("3.1.0", OLDEST_MINOR),
        ("3.2.0", OLDEST_MINOR),
        ("3.3.0", 13),
        ("3.4.0", 13),
        ("3.5.0", 19),
        ("3.6.0", None),
        ("2.3.0", None),
        ("2.4.0", None),
        ("1.0.0", None),
        ("4.0.0", None),
    ],
)
def test_a_version_is_read_since_a_release(version: str, since: int | None) -> None:
    read = [minor for minor in MINORS if is_read(version, Releases.only(Release(minor)))]
    assert read == [minor for minor in MINORS if since is not None and minor >= since]


@pytest.mark.parametrize(
    "text",
    ["", "3", "3.2", "v3.2.0", "3.2.0-experimental", " 3.2.0", "3.2.0\n", "3.٢.0", "3.2.0.0"],
)
def test_what_is_no_version_is_never_read(text: str) -> None:
    assert not is_read(text, Releases.every())
    assert not may_be_lowered(text)


@pytest.mark.parametrize("version", ["3.3.0", "3.4.0", "3.5.0"])
def test_an_unknown_release_may_read_it(version: str) -> None:
    with pytest.raises(Undecided):
        is_read(version, Releases.every())


def test_versions_of_an_unknown_release_that_need_no_answer() -> None:
    assert is_read(READ_EVERYWHERE, Releases.every())
    assert not is_read("3.6.0", Releases.every())


def test_only_versions_whose_additions_are_known_are_lowered() -> None:
    lowered = [minor for minor in range(10) if may_be_lowered(f"3.{minor}.0")]
    assert lowered == [3, 4, 5]
    assert not may_be_lowered("2.3.0")


@tried(50)
@given(st.text(max_size=20))
def test_any_text_has_an_answer(text: str) -> None:
    assert is_read(text, Releases.only(Release(NEWEST_MINOR))) in {True, False}
    assert may_be_lowered(text) in {True, False}
