"""Payloads: the decoded contents of the files that a MachineConfig puts on a node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.facts.url_places import UrlPlaces
from linter.formats import data_url
from linter.records import dataclass
from linter.regexes import regex
from linter.sources.fields import Invalid, Missing
from linter.sources.text import Embedded, Ref

if TYPE_CHECKING:
    from linter.sources.yaml_tree import Node

_TEMPLATED_URL = regex(r"\{\{|\{%|^\$|;base64,\s*[\"']?\$|^<")
_ONLY_A_TEMPLATE = regex(
    r"\s*[\"']?(?:\$\{?[A-Za-z_]\w*\}?|\$\([^()]*\)|<[^<>]*>|@\w+@)[\"']?\s*\Z"
)
_WORD = regex(r"[A-Z_][A-Z0-9_-]{2,}\Z")
_LONGEST_WORD = 48
_NEVER_IN_BASE64 = regex(r"[<>{}$@%]")
_READABLE = regex(r"[\t\r\n\x20-\x7e]{8}")


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A payload that cannot be decoded: what is wrong, and at which characters."""

    message: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Payload:
    """What a file will hold.

    Exactly one of these is true: ``source`` is the decoded text; ``problem`` says why there is
    none; ``templated`` or ``binary`` is set; or the field is absent and the file is empty, in
    which case ``source`` is an empty text.

    ``refusal`` says why a node refuses a URL that can be decoded here nevertheless, and
    ``accepted`` is the URL of the same contents that it takes, where there is one.
    """

    ref: Ref
    source: Embedded | None = None
    problem: Undecodable | None = None
    templated: bool = False
    binary: bool = False
    refusal: Undecodable | None = None
    accepted: str | None = None


class _UrlMapping:
    """How a decoded payload lies in its data URL."""

    __slots__ = ("_places", "decoded", "offset", "url")

    def __init__(self, decoded: data_url.Decoded, offset: int, url: str) -> None:
        self.decoded = decoded
        self.offset = offset
        self.url = url
        self._places: UrlPlaces | None = None

    def to_parent(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the URL that carry a span of the payload."""
        if self._places is None:
            self._places = UrlPlaces(self.decoded, self.decoded.text or "")
        first, last = self._places.to_url(start, end)
        return self.offset + first, self.offset + last

    def rewrite(self, start: int, end: int, new: str) -> tuple[int, int, str] | None:
        """Re-encode the payload with one span replaced; only what differs is rewritten."""
        text = self.decoded.text
        if text is None:
            return None
        try:
            url = self.decoded.encode(text[:start] + new + text[end:])
        except data_url.DataUrlError:  # half of a surrogate pair
            return None
        head = 0
        limit = min(len(url), len(self.url))
        while head < limit and url[head] == self.url[head]:
            head += 1
        tail = 0
        while tail < limit - head and url[-1 - tail] == self.url[-1 - tail]:
            tail += 1
        return (
            self.offset + head,
            self.offset + len(self.url) - tail,
            url[head : len(url) - tail],
        )


def read_payload(node: Node, title: str, *, gzip: bool) -> Payload | None:
    """Read the data URL in a ``contents.source``; None where the field is absent.

    Args:
        node: The field that holds the URL.
        title: The file's path on the node, by which people know the payload.
        gzip: Whether the payload is compressed.

    """
    field = node.text()
    if isinstance(field, Missing):
        return None
    if isinstance(field, Invalid):
        problem = Undecodable(f"It is {field.found}, not a data URL.", node.ref)
        return Payload(node.ref, problem=problem)
    if not node.is_scalar:
        return Payload(node.ref, templated=True)
    url = node.raw.value
    content = node.content()
    if _TEMPLATED_URL.search(url):
        return Payload(content, templated=True)
    try:
        decoded = data_url.decode(url, gzip=gzip)
    except data_url.DataUrlError as error:
        if _is_placeholder(url):
            return Payload(content, templated=True)
        where = content.part(error.start, max(error.start, error.end))
        return Payload(content, problem=Undecodable(error.message, where))
    refusal = _refusal(decoded, content)
    accepted = data_url.accepted(decoded) if refusal is not None else None
    if decoded.text is None:
        return Payload(content, binary=True, refusal=refusal, accepted=accepted)
    if "{{" in decoded.text or _ONLY_A_TEMPLATE.match(decoded.text):
        return Payload(content, templated=True)
    mapping = _UrlMapping(decoded, content.start, url)
    source = Embedded(decoded.text, content.source, mapping, title)
    return Payload(content, source, refusal=refusal, accepted=accepted)


def _refusal(decoded: data_url.Decoded, content: Ref) -> Undecodable | None:
    refused = decoded.refusal
    if refused is None:
        return None
    return Undecodable(refused.message, content.part(refused.start, refused.end))


def _is_placeholder(url: str) -> bool:
    """Say whether a word stands where a URL or its base64 should, such as ``MYBASE64CONFIG=``.

    Words are short, and base64 of a configuration decodes to readable text for as long as it is
    undamaged.
    """
    import base64
    import binascii

    head, comma, body = url.partition(",")
    if not comma or "base64" not in head:
        return "$" in url or _WORD.match(url) is not None
    clean = "".join(body.split())
    if _NEVER_IN_BASE64.search(body):
        return True
    if len(clean) > _LONGEST_WORD:
        return False
    usable = re.match(r"[A-Za-z0-9+/]*", clean)
    letters = usable.group(0) if usable else ""
    try:
        start = base64.b64decode(letters[: len(letters) // 4 * 4][:64])
    except binascii.Error:
        return True
    return _READABLE.match(start.decode("latin-1").lstrip("\n")) is None
