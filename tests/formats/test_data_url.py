"""Data URLs: forms met in manifests, spans, rewriting, and hostile input."""

from __future__ import annotations

import base64
import contextlib
import gzip
import tracemalloc
from urllib.parse import quote

import pytest
from effort import tried, within
from hypothesis import assume, example, given
from hypothesis import strategies as st

from linter.formats.data_url import DataUrlError, Fault, Form, accepted, decode

PINNING = '{\n  "management": {\n    "cpuset": "4-5,60"\n  }\n}\n'
BASE64_PREFIX = "data:text/plain;charset=utf-8;base64,"
fast = tried(80)


def base64_url(text: str, prefix: str = BASE64_PREFIX) -> str:
    return prefix + base64.b64encode(text.encode()).decode()


def refused(url: str, **options: object) -> DataUrlError:
    with pytest.raises(DataUrlError) as caught:
        decode(url, **options)  # type: ignore[arg-type]  # options of decode, by name
    error = caught.value
    assert 0 <= error.start <= error.end <= len(url)
    assert str(error) == error.message
    return error


MEDIA_TYPES = [
    *("text/plain;charset=utf-8", "text/plain;charset=utf8", "text/plain;charset=utf"),
    *("text/plain;charset=us-ascii", 'text/plain;charset="utf-8"', "text/plain"),
    *("application/json", ";charset=utf-8", ""),
]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_base64_forms(media_type: str) -> None:
    prefix = f"data:{media_type};base64,"
    decoded = decode(base64_url(PINNING, prefix))
    assert decoded.text == PINNING
    assert decoded.data == PINNING.encode()
    assert decoded.form is Form.BASE64
    assert decoded.payload_start == len(prefix)
    assert decoded.padded
    assert decoded.refusal is None


@pytest.mark.parametrize(
    "prefix",
    ["data:,", "data:text/plain,", "data:text/plain;charset=utf-8,", "data:;charset=us-ascii,"],
)
def test_percent_forms(prefix: str) -> None:
    decoded = decode(prefix + quote(PINNING))
    assert decoded.text == PINNING
    assert decoded.form is Form.PERCENT
    assert decoded.refusal is None


@pytest.mark.parametrize("prefix", ["data:,", "data:;base64,", BASE64_PREFIX])
def test_an_empty_payload_is_an_empty_file(prefix: str) -> None:
    decoded = decode(prefix)
    assert decoded.text == ""
    assert decoded.to_url(0, 0) == (len(prefix), len(prefix))
    assert decode(decoded.encode("x")).text == "x"


def test_a_comma_inside_a_quoted_parameter_is_not_the_payload() -> None:
    assert decode('data:text/plain;name="a,b",c').text == "c"


def test_plus_stays_plus() -> None:
    assert decode("data:,+nohz=on+b").text == "+nohz=on+b"


def test_the_fragment_sign_is_text_that_ignition_refuses() -> None:
    decoded = decode("data:,a#b")
    assert decoded.text == "a#b"
    assert decoded.refusal is not None
    assert (decoded.refusal.start, decoded.refusal.end) == (7, 8)


@pytest.mark.parametrize(
    ("url", "text", "span"),
    [
        ('data:,{"management":{}}', '{"management":{}}', (6, 7)),
        ("data:,a b", "a b", (7, 8)),
        ("data:,caf\xe9", "caf\xe9", (9, 10)),
        ("data:,a\nb", "a\nb", (7, 8)),
        ("data:;base64,YWI", "ab", (15, 16)),
        ("data:;base64,YW\nI=", "ab", (15, 16)),
        ("data:;base64,YWI=\n", "ab", (17, 18)),
        ("data:;BASE64,YWI=", "ab", (5, 12)),
        ("data:text/plain; base64,YWI=", "ab", (5, 23)),
        ("data:charset=utf-8,ab", "ab", (5, 18)),
        ("data:;base64;charset=utf-8,YWI=", "ab", (5, 26)),
    ],
)
def test_what_ignition_refuses_is_read_and_said(url: str, text: str, span: tuple[int, int]) -> None:
    decoded = decode(url)
    assert decoded.text == text
    assert decoded.refusal is not None
    assert (decoded.refusal.start, decoded.refusal.end) == span


@pytest.mark.parametrize(
    ("url", "fault", "span"),
    [
        ("", Fault.NOT_A_DATA_URL, (0, 0)),
        ("http://mirror.example/file", Fault.NOT_A_DATA_URL, (0, 5)),
        ("s3://bucket/file", Fault.NOT_A_DATA_URL, (0, 3)),
        ("DATA:,a", Fault.NOT_A_DATA_URL, (0, 5)),
        ("W21hbmFnZW1lbnRd", Fault.NOT_A_DATA_URL, (0, 16)),
        (" data:,a", Fault.NOT_A_DATA_URL, (0, 8)),
        ("data:text/plain;base64", Fault.NO_COMMA, (5, 22)),
        ("data:;base64,YW-i", Fault.BAD_BASE64, (15, 16)),
        ("data:;base64,YW I=", Fault.BAD_BASE64, (15, 16)),
        ("data:;base64,YWJj\u00e9", Fault.BAD_BASE64, (17, 18)),
        ("data:;base64,YQ==YQ==", Fault.BAD_BASE64, (15, 18)),
        ("data:;base64,YWJjZ", Fault.BAD_BASE64, (17, 18)),
        ("data:;base64,YQ=", Fault.BAD_BASE64, (15, 16)),
        ("data:;base64,YWJj=", Fault.BAD_BASE64, (17, 18)),
        ("data:;base64,MYBASE64CONFIGCrio=", Fault.BAD_BASE64, (31, 32)),
        ("data:;base64,=", Fault.BAD_BASE64, (13, 14)),
        ("data:,a%2", Fault.BAD_PERCENT, (7, 9)),
        ("data:,100% sure", Fault.BAD_PERCENT, (9, 12)),
        ("data:,%", Fault.BAD_PERCENT, (6, 7)),
    ],
)
def test_faults_and_their_places(url: str, fault: Fault, span: tuple[int, int]) -> None:
    error = refused(url)
    assert error.fault is fault
    assert (error.start, error.end) == span


def test_a_payload_that_is_not_utf8_keeps_its_bytes() -> None:
    url = "data:;base64,/wAB"
    decoded = decode(url)
    assert decoded.text is None
    assert decoded.data == b"\xff\x00\x01"
    assert decoded.to_url(0, 1) == (13, len(url))
    assert decode(decoded.encode("words")).text == "words"
    percent = decode("data:,%ff%00")
    assert percent.text is None
    assert percent.encode("a b") == "data:,a%20b"


def test_base64_span_is_the_groups_around_the_text() -> None:
    decoded = decode("data:;base64,YWJjZGVm")
    assert decoded.text == "abcdef"
    assert decoded.to_url(0, 1) == (13, 17)
    assert decoded.to_url(3, 6) == (17, 21)
    assert decoded.to_url(2, 4) == (13, 21)
    assert decoded.to_url(3, 3) == (17, 17)
    assert decoded.to_url(4, 4) == (17, 21)
    assert decoded.to_url(-5, 99) == (13, 21)


def test_base64_span_steps_over_line_breaks() -> None:
    decoded = decode("data:;base64,YW\r\nJjZG\nVm")
    assert decoded.text == "abcdef"
    assert decoded.to_url(0, 3) == (13, 19)
    assert decoded.to_url(3, 6) == (19, 24)
    assert decode("data:;base64,YWJj\nZGVm").to_url(3, 6) == (18, 22)
    assert decode("data:;base64,YWJj\nZGVm").to_url(0, 3) == (13, 17)
    assert decoded.encode("abcxyz") == "data:;base64,YWJjeHl6"


def test_percent_span_is_exact() -> None:
    url = "data:,cpuset%3D%22%C3%A9%22"
    decoded = decode(url)
    assert decoded.text == 'cpuset="\xe9"'
    assert decoded.to_url(8, 9) == (18, 24)
    assert decoded.to_url(7, 9) == (15, 24)
    assert decoded.to_url(6, 6) == (12, 12)


def test_percent_editing_keeps_every_other_character() -> None:
    url = "data:,%7b%22cpuset%22:%20%222-3%2c6%22}%0a"
    decoded = decode(url)
    assert decoded.text == '{"cpuset": "2-3,6"}\n'
    changed = decoded.encode('{"cpuset": "2-4,6,8"}\n')
    assert changed == "data:,%7b%22cpuset%22:%20%222-4%2c6%2c8%22}%0a"


@pytest.mark.parametrize(
    ("url", "old", "new"),
    [
        ("data:,reserved=0,4", "reserved=0,4-5", "data:,reserved=0,4-5"),
        ("data:,a%2Cb", "a,b,c", "data:,a%2Cb%2Cc"),
        ("data:,ab", "a,b", "data:,a%2Cb"),
        ("data:,%41b", "Ab%", "data:,%41b%25"),
        ("data:,aa", "aaa", "data:,aaa"),
        ("data:,aaa", "aa", "data:,aa"),
        ("data:,a", "", "data:,"),
    ],
)
def test_percent_editing_takes_over_the_spelling(url: str, old: str, new: str) -> None:
    assert decode(url).encode(old) == new


def test_missing_padding_stays_missing() -> None:
    decoded = decode("data:;base64,YWI")
    assert not decoded.padded
    assert decoded.encode("abcd") == "data:;base64,YWJjZA"


def test_gzip_is_read_and_written_the_same_way_every_time() -> None:
    url = "data:;base64," + base64.b64encode(gzip.compress(PINNING.encode())).decode()
    decoded = decode(url, gzip=True)
    assert decoded.text == PINNING
    assert decoded.to_url(3, 4) == (13, len(url))
    assert decoded.encode(PINNING) == url
    changed = decoded.encode(PINNING.replace("60", "61"))
    assert changed == decoded.encode(PINNING.replace("60", "61"))
    assert gzip.decompress(base64.b64decode(changed[13:])).decode() == PINNING.replace("60", "61")


def test_gzip_may_have_members_and_may_be_percent_encoded() -> None:
    data = gzip.compress(b"4-5") + gzip.compress(b",60")
    decoded = decode("data:," + quote(data), gzip=True)
    assert decoded.text == "4-5,60"
    assert decode(decoded.encode("7"), gzip=True).text == "7"


@pytest.mark.parametrize("data", [b"", b"plain", gzip.compress(b"cut off here", mtime=0)[:-4]])
def test_broken_gzip(data: bytes) -> None:
    url = "data:;base64," + base64.b64encode(data).decode()
    error = refused(url, gzip=True)
    assert error.fault is Fault.BAD_GZIP
    assert (error.start, error.end) == (13, len(url))


def test_gzip_with_a_tail_is_broken() -> None:
    url = "data:;base64," + base64.b64encode(gzip.compress(b"4") + b"tail").decode()
    assert refused(url, gzip=True).fault is Fault.BAD_GZIP


def test_limits() -> None:
    bomb = "data:;base64," + base64.b64encode(gzip.compress(b"\0" * 2**25)).decode()
    tracemalloc.start()
    assert refused(bomb, gzip=True, limit=2**20).fault is Fault.TOO_LARGE
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**23
    exact = "data:;base64," + base64.b64encode(gzip.compress(b"a" * 100)).decode()
    assert decode(exact, gzip=True, limit=100).text == "a" * 100
    assert refused(exact, gzip=True, limit=99).fault is Fault.TOO_LARGE
    assert decode("data:,%61%61", limit=2).text == "aa"
    assert refused("data:,%61%61", limit=1).fault is Fault.TOO_LARGE
    assert refused("data:,\xe9", limit=1).fault is Fault.TOO_LARGE
    assert decode("data:;base64,YWI=", limit=2).text == "ab"
    assert refused("data:;base64,YWI=", limit=1).fault is Fault.TOO_LARGE
    empty_members = base64.b64encode(gzip.compress(b"") * 65).decode()
    assert refused("data:;base64," + empty_members, gzip=True).fault is Fault.TOO_LARGE


def test_half_a_surrogate_pair_is_never_a_crash() -> None:
    decoded = decode("data:,a")
    with pytest.raises(DataUrlError) as caught:
        decoded.encode("ab\ud800")
    assert caught.value.fault is Fault.NOT_ENCODABLE
    assert (caught.value.start, caught.value.end) == (2, 3)
    assert decode("data:,a\ud800").text is None


@pytest.mark.parametrize(
    "url",
    [
        "data:" + 'text/plain;a="' * 20_000,
        "data:" + ";a=b" * 50_000,
        "data:" + "text/" * 50_000 + ",",
        "data:," + "%4" * 100_000,
        "data:," + "a%41" * 100_000,
        "data:;base64," + "A\n" * 100_000,
        "data:;base64," + "=" * 200_000,
    ],
)
def test_long_input_takes_linear_time(url: str) -> None:
    def work() -> None:
        with contextlib.suppress(DataUrlError):
            decoded = decode(url)
            decoded.to_url(len(decoded.text or "") // 2, len(decoded.text or ""))
            decoded.encode("x" + (decoded.text or "") + "y")

    within(20 * len(url), work)


words = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('",%+ =\n0-9')), max_size=40
)
urls = st.builds(
    lambda text, form: form(text),
    words,
    st.sampled_from(
        [
            base64_url,
            lambda text: base64_url(text).rstrip("="),
            lambda text: "data:," + quote(text),
            lambda text: "data:," + quote(text, safe=',:"{}\n '),
            lambda text: "data:," + text.replace("%", "%25"),
            lambda text: "data:,%" + text.encode().hex("%") if text else "data:,",
            lambda text: "data:;base64," + "\n".join(base64_url(text, "")) + "\n",
        ]
    ),
)


@fast
@given(urls, words)
def test_encode_and_decode_are_inverse(url: str, text: str) -> None:
    decoded = decode(url)
    assert decoded.text is not None
    assert decoded.encode(decoded.text) == url
    again = decode(decoded.encode(text))
    assert again.text == text
    assert again.form is decoded.form


@fast
@given(words, words, st.sampled_from(["data:;base64,", "data:,"]))
def test_encode_and_decode_are_inverse_for_gzip(old: str, new: str, prefix: str) -> None:
    data = gzip.compress(old.encode())
    payload = quote(data) if prefix == "data:," else base64.b64encode(data).decode()
    decoded = decode(prefix + payload, gzip=True)
    assert decoded.text == old
    assert decode(decoded.encode(new), gzip=True).text == new


@fast
@given(urls, st.data())
def test_spans_carry_the_text(url: str, data: st.DataObject) -> None:
    decoded = decode(url)
    text = decoded.text
    assert text is not None
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = decoded.to_url(start, end)
    assert decoded.payload_start <= first <= last <= decoded.payload_end
    if decoded.form is Form.PERCENT:
        head = url[: decoded.payload_start]
        assert decode(head + url[first:last]).text == text[start:end]
        assert decode(head + url[decoded.payload_start : first]).text == text[:start]
        return
    group = "".join(url[first:last].split())
    found = base64.b64decode(group + "=" * (-len(group) % 4))
    assume(start < end)
    before = "".join(url[decoded.payload_start : first].split())
    assert len(before) % 4 == 0
    offset = len(text[:start].encode()) - len(before) // 4 * 3
    wanted = text[start:end].encode()
    assert 0 <= offset < 3
    assert found[offset : offset + len(wanted)] == wanted
    assert len(found) - offset - len(wanted) < 3


@fast
@given(urls, st.data())
def test_percent_rewriting_touches_only_the_change(url: str, data: st.DataObject) -> None:
    decoded = decode(url)
    assume(decoded.form is Form.PERCENT)
    text = decoded.text
    assert text is not None
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = decoded.encode(text[:start] + "7-9" + text[end:])
    first, last = decoded.to_url(start, end)
    assert new.startswith(url[:first])
    assert new.endswith(url[last:])


@tried(200)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(max_size=60).map("data:".__add__),
        st.text("AQ=\n%2/,;base64 \ud800", max_size=30).map("data:;base64,".__add__),
        st.text("%2fg\xe9\ud800+ ", max_size=30).map("data:,".__add__),
    ),
    st.booleans(),
    st.text(max_size=10),
)
@example("data:,%\ud800", False, "")
def test_nothing_else_is_ever_raised(url: str, compressed: bool, text: str) -> None:
    try:
        decoded = decode(url, gzip=compressed)
    except DataUrlError:
        refused(url, gzip=compressed)
        return
    assert decoded.payload_start <= decoded.payload_end <= len(url)
    assert decoded.to_url(1, 2)[1] <= len(url)
    if text.isascii():
        assert decode(decoded.encode(text), gzip=compressed).text == text


@fast
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_a_refused_payload_has_a_url_that_is_taken(text: str) -> None:
    url = "data:," + text.replace("%", "%25")
    found = accepted(decode(url))
    assert found is not None
    again = decode(found)
    assert (again.data, again.refusal) == (decode(url).data, None)
    assert accepted(again) == found


@fast
@given(st.binary(max_size=30), st.integers(0, 40), st.booleans())
def test_refused_base64_is_padded_and_joined(data: bytes, at: int, padded: bool) -> None:
    body = base64.b64encode(data).decode()
    body = body if padded else body.rstrip("=")
    found = accepted(decode(f"data:;base64,{body[:at]}\n{body[at:]}"))
    assert found == "data:;base64," + base64.b64encode(data).decode()


def test_a_url_with_a_broken_head_stays_refused() -> None:
    assert accepted(decode("data: text/plain,a")) is None
