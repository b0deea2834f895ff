"""Manifests as YAML text for people: block style, fixed order, payloads explained.

Every string is written so that readers of YAML 1.1, YAML 1.2 and Kubernetes agree that it is that
string. ruamel.yaml does the layout; it is fed events, because its own way from objects to events
takes longer than the rest.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ruamel.yaml.events import Event

    from linter.render.error import Path
    from linter.render.manifest import Manifest

_INDENT = 2
_LONGEST_KEY = 1000  # YAML reads a key without further notice up to 1024 characters.
_REMEMBERED = 4096
_UNFOLDED = 2**31

_WORDS = regex(r"[A-Za-z/](?:[A-Za-z0-9_./,;:=+ -]*[A-Za-z0-9_./,;=+-])?", re.ASCII)
_WITH_DIGITS = regex(
    r"""(?:[0-9]+(?:-[0-9]+)?)(?:,[0-9]+(?:-[0-9]+)?)+ | [0-9]+-[0-9]+   # CPU lists
    | [0-9]+(?:[KMGTPE]i | [kMGTPE] | m?s | m | h | %)                   # amounts and durations
    | [0-9]+\.[0-9]+\.[0-9]+                                             # versions
    | [0-9]+-[A-Za-z][A-Za-z0-9.-]*                                      # names
    """,
    re.VERBOSE | re.ASCII,
)
_STYLES = (
    "allow_flow_plain",
    "allow_block_plain",
    "allow_single_quoted",
    "allow_double_quoted",
    "allow_block",
)
_NOT_STRINGS = frozenset(
    ["y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf"],
)


def to_yaml(manifest: Manifest) -> str:
    """Return one YAML document, with a ``---`` before it and a line break at its end."""
    out = StringIO()
    _emitter()(out).write_all(_Events(manifest.notes).document(manifest))
    return out.getvalue()


@lru_cache(maxsize=_REMEMBERED)
def scalar_style(text: str, *, in_key: bool = False) -> str:
    r"""Return how a string is written: ``""`` plain, ``|`` literal block, ``'`` or ``"`` quoted."""
    if _WITH_DIGITS.fullmatch(text):
        return ""
    if _WORDS.fullmatch(text) and ": " not in text and text.lower() not in _NOT_STRINGS:
        return ""
    if "\n" in text and not in_key and _is_block(text):
        return "|"
    if text.isprintable() and "'" not in text and ('"' in text or "\\" in text):
        return "'"
    return '"'


def _is_block(text: str) -> bool:
    """Say whether a literal block shows the text as it is: no invisible characters or ends."""
    lines = text.removesuffix("\n").split("\n")
    return (
        not text.startswith((" ", "\n"))
        and lines[-1] != ""
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )


class _Events:
    """Turns an object into the events from which ruamel.yaml writes it."""

    def __init__(self, notes: Mapping[Path, str]) -> None:
        from ruamel.yaml import error, events, tag, tokens

        self._notes = notes
        self._kinds = events
        self._comment = tokens.CommentToken
        self._column = error.CommentMark
        # Implied by the quotes, but ruamel.yaml looks at it.
        self._string = tag.Tag(suffix="tag:yaml.org,2002:str")

    def document(self, manifest: Manifest) -> Iterator[Event]:
        """Yield the events of a whole stream."""
        yield self._kinds.StreamStartEvent()
        yield self._kinds.DocumentStartEvent(explicit=True)
        yield from self._value(manifest.object, ())
        yield self._kinds.DocumentEndEvent()
        yield self._kinds.StreamEndEvent()

    def _value(self, value: Any, path: Path) -> Iterator[Event]:
        kinds = self._kinds
        if isinstance(value, dict):
            yield kinds.MappingStartEvent(None, None, implicit=True, flow_style=not value)
            for key, item in value.items():
                at = (*path, key)
                yield self._scalar(key, scalar_style(key, in_key=True), self._note(at))
                yield from self._value(item, at)
            yield kinds.MappingEndEvent()
        elif isinstance(value, list):
            yield kinds.SequenceStartEvent(None, None, implicit=True, flow_style=not value)
            for index, item in enumerate(value):
                yield from self._value(item, (*path, index))
            yield kinds.SequenceEndEvent()
        elif isinstance(value, str):
            yield self._scalar(value, scalar_style(value))
        else:
            yield self._scalar(_literal(value), "")

    def _scalar(self, text: str, style: str, comment: list[Any] | None = None) -> Event:
        scalar = self._kinds.ScalarEvent
        if not style:
            return scalar(None, None, (True, True), text, comment=comment)
        return scalar(None, self._string, (False, True), text, style=style, comment=comment)

    def _note(self, path: Path) -> list[Any] | None:
        """Return ruamel.yaml's form of a comment on the line above a key."""
        note = self._notes.get(path)
        if note is None:
            return None
        return [None, [self._comment(f"# {note}\n", self._column(_INDENT * (len(path) - 1)))]]


def _literal(value: float | bool | None) -> str:
    """Return a number, boolean or null; YAML 1.1 knows no exponent without a decimal point."""
    text = json.dumps(value)
    return text.replace("e", ".0e") if isinstance(value, float) and "." not in text else text


@lru_cache(maxsize=1)
def _emitter() -> Callable[[StringIO], Any]:
    """Return a maker of emitters that fold no line and trust :func:`scalar_style`."""
    from ruamel.yaml.emitter import Emitter, ScalarAnalysis

    class TrustingEmitter(Emitter):
        MAX_SIMPLE_KEY_LENGTH = _LONGEST_KEY

        def __init__(self, stream: StringIO) -> None:
            super().__init__(stream, width=_UNFOLDED, allow_unicode=True, block_seq_indent=_INDENT)
            self.best_map_indent, self.best_sequence_indent = _INDENT, 2 * _INDENT

        def write_all(self, events: Iterable[Event]) -> None:
            """Write a whole stream: nothing has to wait for the events that come later."""
            self.events.extend(events)
            while self.events:
                self.event = self.events.pop(0)
                self.state()

        def process_tag(self) -> None:
            self.prepared_tag = None  # every tag is implied

        def choose_scalar_style(self) -> str:
            return self.event.style or ""

        def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
            fits = dict.fromkeys(_STYLES, True)
            return ScalarAnalysis(scalar, empty=not scalar, multiline="\n" in scalar, **fits)

        def write_plain(self, text: str, split: Any = True) -> None:  # noqa: ARG002 - never folded
            if not self.whitespace:
                self.stream.write(" ")
            self.stream.write(text)
            self.column += len(text) + (not self.whitespace)
            self.whitespace = self.indention = False

    return TrustingEmitter
