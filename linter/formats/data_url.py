"""Data URLs: the contents of a file inside an Ignition configuration.

Ignition and the Machine Config Operator read ``contents.source`` with the Go package
``vincent-petithory/dataurl`` (RFC 2397) after Go's ``net/url`` has accepted it. That reader is
narrow: standard base64 with its padding, no line breaks, no raw space or quote in a
percent-encoded text. Hand-written manifests are often looser, so this module reads what can be
read without doubt and says in `Decoded.refusal` what a node will not accept.

The character set named in a URL is ignored, as Ignition writes the bytes as they are.
"""

from __future__ import annotations

import binascii
import enum
import re
import zlib

from linter.records import dataclass, field
from linter.regexes import regex

DEFAULT_LIMIT = 8 * 2**20
"""Most bytes that a payload may have, before and after decompression."""

_PREFIX = "data:"
_MAX_GZIP_MEMBERS = 64
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")

# A token of RFC 2045: visible ASCII without the separators. The groups are entered only at
# characters which nothing else can take, so that matching stays linear.
_MIME = r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]"
_HEADER = regex(
    rf"(?:(?:text|image|audio|video|application|message|multipart|[xX]-){_MIME}*/{_MIME}*)?"
    rf'(?:;{_MIME}+=(?:{_MIME}+|"[\x00-\x21\x23-\x5b\x5d-\x7f]*(?:\\[\x00-\x7f][^"\\]*)*"))*'
    rf"(;base64)?,"
)
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_NOT_URL_CHARACTER = regex(r"[^\x21\x24-\x3b\x3d\x3f-\x5a\x5f\x61-\x7a\x7e%]")
_NOT_BASE64 = regex(r"[^A-Za-z0-9+/=\r\n]")
_NOT_PADDING = regex(r"[^=\r\n]")
_BASE64_RUN = regex(r"[^\r\n]+")
_STRAY_PERCENT = regex(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_ESCAPES = regex(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPES_OR_TEXT = regex(r"(?:%[0-9A-Fa-f]{2})+|[^%]+")
_ESCAPED_BYTES = regex(rb"(?:%[0-9A-Fa-f]{2})+")


class Form(enum.Enum):
    """How the payload is written in the URL."""

    BASE64 = "base64"
    PERCENT = "percent"


class Fault(enum.Enum):
    """What keeps a URL from being decoded, or a text from being encoded."""

    NOT_A_DATA_URL = "not a data URL"
    NO_COMMA = "no comma before the payload"
    BAD_BASE64 = "bad base64"
    BAD_PERCENT = "bad percent-encoding"
    BAD_GZIP = "bad gzip stream"
    TOO_LARGE = "too large"
    NOT_ENCODABLE = "not encodable"


class DataUrlError(ValueError):
    """The payload cannot be had; `start` and `end` are offsets into the URL.

    With `Fault.NOT_ENCODABLE`, which only `Decoded.encode` raises, they are offsets into the
    text that was to be encoded.
    """

    def __init__(self, message: str, start: int, end: int, fault: Fault) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Ignition refuses a URL whose payload can be read nevertheless (offsets into the URL)."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded data URL that knows where its text stands and how to write another one.

    `data` is the payload in bytes, decompressed if `gzip`; `text` is the same as a string, or
    None if it is not UTF-8. `payload_start` and `payload_end` bound the encoded payload in the
    URL. `padded` is False for base64 that lacks its padding.
    """

    url: str = field(repr=False)
    text: str | None
    data: bytes = field(repr=False)
    form: Form
    gzip: bool
    payload_start: int
    payload_end: int
    padded: bool
    refusal: Refusal | None

    def to_url(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the URL that carries the code points [start, end) of `text`.

        Percent-encoding is exact; base64 gives the groups of four characters that hold the bytes
        of the span (the group around it for an empty span inside a group); a compressed payload
        and one that is not text are given as a whole. Offsets beyond the text are clipped.
        """
        if self.gzip or self.text is None:
            return self.payload_start, self.payload_end
        start = min(max(start, 0), len(self.text))
        end = min(max(end, start), len(self.text))
        first = _byte_offset(self.text, start)
        last = first + _byte_offset(self.text[start:end], end - start)
        if self.form is Form.PERCENT:
            begin = _percent_offset(self.url, self.payload_start, first)
            return begin, _percent_offset(self.url, begin, last - first)
        begin = self._base64_offset(4 * (first // 3), after=False)
        return begin, max(begin, self._base64_offset(4 * -(-last // 3), after=True))

    def encode(self, text: str) -> str:
        """Return the complete URL for another text, written the way this one is.

        The unchanged text gives the unchanged URL. Percent-encoding keeps the spelling of
        everything before and after the change; base64 is written on one line; gzip gives the
        same bytes every time. Raises `DataUrlError` (`Fault.NOT_ENCODABLE`) for a text with
        lone surrogates, which has no UTF-8 form.
        """
        if text == self.text:
            return self.url
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            message = "the text holds half of a surrogate pair and has no UTF-8 form"
            raise DataUrlError(message, error.start, error.end, Fault.NOT_ENCODABLE) from None
        if self.gzip:
            data = _compress(data)
        elif self.form is Form.PERCENT and self.text is not None:
            return self._spliced(self.text, text)
        if self.form is Form.BASE64:
            payload = binascii.b2a_base64(data, newline=False).decode("ascii")
            payload = payload if self.padded else payload.rstrip("=")
        else:
            payload = _escape(data.decode("latin-1"), _UNRESERVED, "latin-1", lower=False)
        return self.url[: self.payload_start] + payload + self.url[self.payload_end :]

    def _base64_offset(self, count: int, *, after: bool) -> int:
        """Return where base64 character number `count` stands, or where the one before ends."""
        for run in _BASE64_RUN.finditer(self.url, self.payload_start, self.payload_end):
            length = run.end() - run.start()
            if count < length or (after and count == length):
                return run.start() + count
            count -= length
        return self.payload_end

    def _spliced(self, old: str, new: str) -> str:
        """Replace in the percent-encoded URL only what differs between the two texts."""
        shorter = min(len(old), len(new))
        head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
        room = shorter - head
        tail = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
        start, end = self.to_url(head, len(old) - tail)
        payload = self.url[self.payload_start :]
        plain = frozenset(_ESCAPES.sub("", payload))
        escapes = "".join(match[0] for match in _ESCAPES.finditer(payload))
        lower = escapes != escapes.upper() and escapes == escapes.lower()
        kept = plain | (_UNRESERVED - frozenset(old))
        changed = _escape(new[head : len(new) - tail], kept, "utf-8", lower=lower)
        return self.url[:start] + changed + self.url[end:]


def decode(url: str, *, gzip: bool = False, limit: int = DEFAULT_LIMIT) -> Decoded:
    """Decode a data URL; `gzip` says that Ignition's ``compression`` is ``gzip``.

    Raises `DataUrlError` where no payload can be read: another kind of URL (an empty string is
    none either), base64 outside the standard alphabet or wrongly padded, a percent sign without
    two hexadecimal digits, a broken gzip stream, more than `limit` bytes.
    """
    start, form, refusal = _read_header(url)
    padded = True
    end = len(url)
    if form is Form.BASE64:
        end = max(start, len(url.rstrip("\r\n")))
        data, padded = _read_base64(url, start, end, limit)
    else:
        data = _read_percent(url, start, limit)
    if gzip:
        data = _decompress(data, limit, start, end)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = None
    refusal = refusal or _payload_refusal(url, start, form, padded=padded)
    return Decoded(url, text, data, form, gzip, start, end, padded, refusal)


def accepted(decoded: Decoded) -> str | None:
    """Return a URL for the same payload that Ignition takes; None where its header is at fault.

    Of a payload in base64 only line breaks and padding change, of a percent-encoded one only the
    characters that have to be encoded.
    """
    url, start, end = decoded.url, decoded.payload_start, decoded.payload_end
    head = _HEADER.match(url, len(_PREFIX))
    if head is None or _CONTROL.search(url, 0, start):
        return None
    if decoded.form is Form.BASE64:
        payload = url[start:end].replace("\n", "").replace("\r", "")
        return url[:start] + payload + "=" * (-len(payload) % 4)
    payload = _NOT_URL_CHARACTER.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")),
        url[start:],
    )
    return url[:start] + payload


def _read_header(url: str) -> tuple[int, Form, Refusal | None]:
    """Return the offset of the payload, its form, and what Ignition minds before it."""
    if not url.startswith(_PREFIX):
        scheme = _SCHEME.match(url)
        found = f"it begins with {scheme[0]}" if scheme else f"it does not begin with {_PREFIX}"
        end = scheme.end() if scheme else len(url)
        raise DataUrlError(f"not a data URL: {found}", 0, end, Fault.NOT_A_DATA_URL)
    control = _CONTROL.search(url)
    refusal = None
    if control:
        message = f"a URL holds no control character, here U+{ord(control[0]):04X}"
        refusal = Refusal(message, control.start(), control.end())
    header = _HEADER.match(url, len(_PREFIX))
    if header:
        return header.end(), Form.BASE64 if header[1] else Form.PERCENT, refusal
    comma = url.find(",", len(_PREFIX))
    if comma < 0:
        message = "a data URL has a comma before its payload"
        raise DataUrlError(message, len(_PREFIX), len(url), Fault.NO_COMMA)
    parts = url[len(_PREFIX) : comma].split(";")
    form = Form.BASE64 if any(p.strip().lower() == "base64" for p in parts) else Form.PERCENT
    message = "what stands before the comma is not a media type with parameters"
    return comma + 1, form, refusal or Refusal(message, len(_PREFIX), comma)


def _payload_refusal(url: str, start: int, form: Form, *, padded: bool) -> Refusal | None:
    """Return what Go's reader minds in a payload that could be decoded here."""
    if form is Form.BASE64:
        if padded:
            return None
        return Refusal(
            "the base64 text lacks its padding with =", max(start, len(url) - 1), len(url)
        )
    bad = _NOT_URL_CHARACTER.search(url, start)
    if not bad:
        return None
    message = f"{bad[0]!r} must be percent-encoded in a data URL"
    return Refusal(message, bad.start(), bad.end())


def _read_base64(url: str, start: int, end: int, limit: int) -> tuple[bytes, bool]:
    """Decode strict base64 in url[start:end]; return the bytes and whether they are padded."""
    bad = _NOT_BASE64.search(url, start, end)
    if bad:
        message = f"{bad[0]!r} is no character of base64"
        raise DataUrlError(message, bad.start(), bad.end(), Fault.BAD_BASE64)
    equals = url.find("=", start, end)
    if equals >= 0:
        after = _NOT_PADDING.search(url, equals, end)
        if after:
            message = "base64 goes on after its padding"
            raise DataUrlError(message, equals, after.end(), Fault.BAD_BASE64)
    characters = url[start : end if equals < 0 else equals].replace("\n", "").replace("\r", "")
    count = len(characters)
    padding = 0 if equals < 0 else url.count("=", equals, end)
    needed = -count % 4
    if needed == 3:
        message = f"base64 of {count} characters is cut off: one character is left over"
        raise DataUrlError(message, max(start, end - padding - 1), end, Fault.BAD_BASE64)
    if padding not in (0, needed):
        message = f"base64 of {count} characters is padded with {needed} times =, not {padding}"
        raise DataUrlError(message, equals, end, Fault.BAD_BASE64)
    if count * 3 // 4 > limit:
        raise _too_large(limit, start, end)
    return binascii.a2b_base64(characters + "=" * needed), padding == needed


def _read_percent(url: str, start: int, limit: int) -> bytes:
    """Decode %XX in url[start:]; every other character stands for itself, also ``+``."""
    stray = _STRAY_PERCENT.search(url, start)
    if stray:
        message = f"{stray[0]!r} is no percent sign followed by two hexadecimal digits"
        raise DataUrlError(message, stray.start(), stray.end(), Fault.BAD_PERCENT)
    if len(url) - start - 2 * url.count("%", start) > limit:
        raise _too_large(limit, start, len(url))
    encoded = url[start:].encode("utf-8", "surrogatepass")
    data = _ESCAPED_BYTES.sub(
        lambda match: bytes.fromhex(match[0].replace(b"%", b"").decode("ascii")), encoded
    )
    if len(data) > limit:
        raise _too_large(limit, start, len(url))
    return data


def _too_large(limit: int, start: int, end: int) -> DataUrlError:
    return DataUrlError(f"the payload has more than {limit} bytes", start, end, Fault.TOO_LARGE)


def _decompress(data: bytes, limit: int, start: int, end: int) -> bytes:
    """Expand a gzip stream of one or more members, never beyond `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for _ in range(_MAX_GZIP_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            parts.append(member.decompress(data, limit - size + 1))
        except zlib.error as error:
            message = f"the payload is not gzip: {error}"
            raise DataUrlError(message, start, end, Fault.BAD_GZIP) from None
        size += len(parts[-1])
        if size > limit:
            raise _too_large(limit, start, end)
        if not member.eof:
            message = "the gzip stream is cut off" if data else "an empty payload is not gzip"
            raise DataUrlError(message, start, end, Fault.BAD_GZIP)
        data = member.unused_data
        if not data:
            return b"".join(parts)
    message = f"the gzip stream has more than {_MAX_GZIP_MEMBERS} members"
    raise DataUrlError(message, start, end, Fault.TOO_LARGE)


def _compress(data: bytes) -> bytes:
    """Return a gzip stream without a time or a system in its header (RFC 1952)."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflate.compress(data) + deflate.flush()
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return (
        header
        + body
        + zlib.crc32(data).to_bytes(4, "little")
        + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    )


def _escape(text: str, kept: frozenset[str], codec: str, *, lower: bool) -> str:
    """Percent-encode every character that is not kept."""
    form = "%{:02x}" if lower else "%{:02X}"
    return "".join(
        character
        if character in kept
        else "".join(form.format(byte) for byte in character.encode(codec))
        for character in text
    )


def _byte_offset(text: str, offset: int) -> int:
    """Return the number of UTF-8 bytes before a code point."""
    return offset if text.isascii() else len(text[:offset].encode())


def _percent_offset(url: str, start: int, count: int) -> int:
    """Return the offset in the URL after `count` decoded bytes, counted from `start`.

    The count ends between two code points, as the text of the payload is valid UTF-8.
    """
    if not count:
        return start
    for run in _ESCAPES_OR_TEXT.finditer(url, start):
        if run[0][0] == "%":
            size = len(run[0]) // 3
            if count <= size:
                return run.start() + 3 * count
        else:
            encoded = run[0].encode()
            size = len(encoded)
            if count <= size:
                return run.start() + len(encoded[:count].decode())
        count -= size
    return len(url)
