"""The index of a URL answers as the decoder does, only faster."""

from __future__ import annotations

import base64
import time
from urllib.parse import quote

import pytest
from builders import data_url
from effort import tried
from hypothesis import given
from hypothesis import strategies as st

from linter.facts.url_places import UrlPlaces
from linter.formats.data_url import decode

TEXTS = st.text(st.sampled_from("ab%,\n é€😀\x85"), max_size=40) | st.text(max_size=600)


@st.composite
def urls(draw: st.DrawFn) -> tuple[str, bool]:
    """Draw a data URL and whether it is compressed."""
    text = draw(TEXTS)
    form = draw(st.sampled_from(["base64", "lines", "unpadded", "percent", "raw", "gzip"]))
    if form in {"base64", "percent", "gzip"}:
        return data_url(text, form), form == "gzip"
    if form == "raw":
        kept = draw(st.sampled_from(["", "é€ab,", "😀"]))
        return "data:," + "".join(c if c in kept else quote(c, safe="") for c in text), False
    encoded = base64.b64encode(text.encode()).decode()
    if form == "unpadded":
        return "data:;base64," + encoded.rstrip("="), False
    width, line_break = draw(st.integers(1, 9)), draw(st.sampled_from(["\n", "\r\n"]))
    lines = [encoded[i : i + width] for i in range(0, len(encoded), width)]
    return "data:;base64," + line_break.join(lines) + line_break, False


@tried(200)
@given(urls(), st.data())
def test_the_index_answers_as_the_decoder_does(url: tuple[str, bool], data: st.DataObject) -> None:
    decoded = decode(url[0], gzip=url[1])
    assert decoded.text is not None
    places = UrlPlaces(decoded, decoded.text)
    size = len(decoded.text)
    start = data.draw(st.integers(-1, size + 1))
    for end in {start, start + 1, data.draw(st.integers(start, size + 2)), size}:
        assert places.to_url(start, end) == decoded.to_url(start, end)


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
def test_thousands_of_questions_are_answered_at_once(form: str) -> None:
    text = "é, reserved\n" * 20_000
    decoded = decode(data_url(text, form), gzip=form == "gzip")
    began = time.process_time()
    places = UrlPlaces(decoded, text)
    for start in range(0, len(text), 12):
        places.to_url(start, start + 5)
    assert time.process_time() - began < 3
