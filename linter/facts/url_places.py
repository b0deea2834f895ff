"""Where the characters of a payload stand in its data URL, for many questions about one URL.

:meth:`linter.formats.data_url.Decoded.to_url` answers one question in time proportional to the
URL. A payload may hold thousands of findings, so this index is built once, in such a time, and
then answers each at once; the answers are the same.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from linter.formats.data_url import Form
from linter.regexes import regex

if TYPE_CHECKING:
    from linter.formats.data_url import Decoded

_ESCAPES_OR_TEXT = regex(r"(?:%[0-9A-Fa-f]{2})+|[^%]+")
_RUN = regex(r"[^\r\n]+")
_STEP = 256
"""After how many characters the number of bytes before them is written down."""


class UrlPlaces:
    """The places of a decoded payload's characters in its URL."""

    __slots__ = ("_at", "_bytes", "_decoded", "_text", "_urls", "_widths")

    def __init__(self, decoded: Decoded, text: str) -> None:
        self._decoded = decoded
        self._text = text
        # Piece i begins at the count _at[i], of characters in a percent-encoded payload and of
        # base64 characters in the other; each takes _widths[i] characters from _urls[i] on.
        self._at: list[int] = []
        self._urls: list[int] = []
        self._widths: list[int] = []
        self._bytes: list[int] = []
        if decoded.form is Form.PERCENT:
            self._index_percent()
        elif not decoded.gzip:
            self._index_base64()

    def to_url(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the URL that carries the code points [start, end) of the payload."""
        decoded = self._decoded
        if decoded.gzip:
            return decoded.payload_start, decoded.payload_end
        start = min(max(start, 0), len(self._text))
        end = min(max(end, start), len(self._text))
        if decoded.form is Form.PERCENT:
            first = self._before(start)
            return first, first if start == end else self._before(end - 1, after=True)
        first = self._before(self._bytes_before(start) // 3 * 4)
        last = -(-self._bytes_before(end) // 3) * 4
        return first, max(first, self._before(last - 1, after=True) if last else first)

    def _before(self, count: int, *, after: bool = False) -> int:
        """Return where unit number ``count`` begins, or where it ends."""
        piece = bisect_right(self._at, count) - 1
        if piece < 0:
            return self._decoded.payload_end
        width = self._widths[piece]
        place = self._urls[piece] + (count - self._at[piece] + after) * width
        return min(place, self._decoded.payload_end)

    def _bytes_before(self, offset: int) -> int:
        if not self._bytes:
            return offset
        step = offset // _STEP
        return self._bytes[step] + len(self._text[step * _STEP : offset].encode())

    def _add(self, at: int, url: int, width: int) -> None:
        self._at.append(at)
        self._urls.append(url)
        self._widths.append(width)

    def _index_percent(self) -> None:
        count = 0
        for run in _ESCAPES_OR_TEXT.finditer(self._decoded.url, self._decoded.payload_start):
            written = run.group()
            if written[0] != "%":
                self._add(count, run.start(), 1)
                count += len(written)
                continue
            data = bytes.fromhex(written.replace("%", ""))
            if data.isascii():
                self._add(count, run.start(), 3)
                count += len(data)
                continue
            url = run.start()
            for char in data.decode():  # valid: a raw character never completes an escaped one
                self._add(count, url, 3 * len(char.encode()))
                count += 1
                url += 3 * len(char.encode())

    def _index_base64(self) -> None:
        decoded, text = self._decoded, self._text
        count = 0
        for run in _RUN.finditer(decoded.url, decoded.payload_start, decoded.payload_end):
            self._add(count, run.start(), 1)
            count += run.end() - run.start()
        if not text.isascii():
            total = 0
            for at in range(0, len(text) + 1, _STEP):
                self._bytes.append(total)
                total += len(text[at : at + _STEP].encode())
