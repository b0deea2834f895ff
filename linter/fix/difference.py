"""Differences: what a repair changes, as a unified diff, and decoded where it is in a payload.

The decoded part stands before the diff of its file, every line behind a ``#``: a base64 line tells
a reviewer nothing, and programs that apply the diff pass over these lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from linter.formats import data_url
from linter.report.visible import disarmed, is_plain, prose, spelled
from linter.sources.text import Source
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.fix.outcome import Change

_NOTHING = "/dev/null"
_CONTEXT = 3
_MOST_COMPARED = 2000
"""How many lines are matched with each other where their numbers differ; the time is quadratic."""


class _Block(NamedTuple):
    """Lines that differ: old[a:b] became new[c:d]."""

    a: int
    b: int
    c: int
    d: int


def differences(changes: Iterable[Change]) -> str:
    """Return the differences of all changed files as one text."""
    return "".join(
        difference_of(
            change.name,
            change.old if change.before is not None else None,
            change.new if change.after is not None else None,
        )
        for change in changes
    )


def difference_of(name: str, old: str | None, new: str | None) -> str:
    """Return the decoded differences of a file's payloads, then the diff of its text.

    A file that is new has no old text, one that goes no new one.
    """
    decoded = "".join(
        f"# {line}\n"
        for title, then, now in _payloads(old or "", new or "")
        for line in _unified(title if then is not None else _NOTHING, title, then or "", now)
    )
    shown = name.lstrip("/")
    before = f"a/{shown}" if old is not None else _NOTHING
    after = f"b/{shown}" if new is not None else _NOTHING
    diff = "".join(f"{line}\n" for line in _unified(before, after, old or "", new or ""))
    return decoded + diff


def _unified(before: str, after: str, old: str, new: str) -> Iterator[str]:
    """Yield the lines of a unified diff."""
    blocks = list(_blocks(old_lines := _lines(old), new_lines := _lines(new)))
    if not blocks:
        return
    yield f"--- {prose(before)}"
    yield f"+++ {prose(after)}"
    for group in _hunks(blocks):
        first, last = group[0], group[-1]
        a, c = max(0, first.a - _CONTEXT), max(0, first.c - _CONTEXT)
        b = min(len(old_lines), last.b + _CONTEXT)
        d = min(len(new_lines), last.d + _CONTEXT)
        yield f"@@ -{_range(a, b)} +{_range(c, d)} @@"
        at = a
        for block in group:
            yield from _shown(" ", old_lines[at : block.a])
            yield from _shown("-", old_lines[block.a : block.b])
            yield from _shown("+", new_lines[block.c : block.d])
            at = block.b
        yield from _shown(" ", old_lines[at:b])


def changed_lines(old: str, new: str) -> list[range]:
    """Return which lines of a new text differ from the old one, counted from 1.

    Where lines were taken out, those around them count.
    """
    return [
        range(block.c + 1, block.d + 1) if block.d > block.c else range(block.c, block.c + 2)
        for block in _blocks(_lines(old), _lines(new))
    ]


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as the programs do that apply a diff."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _range(begin: int, end: int) -> str:
    return f"{begin + (end > begin)},{end - begin}"


def _shown(mark: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines behind their mark; whatever could act on a terminal or in a log is spelled out.

    A carriage return at the end of a line stays, so that the diff can be applied.
    """
    for line in lines:
        text = line.removesuffix("\n")
        end = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        if not (text.isascii() and text.isprintable()):
            text = "".join(c if c == "\t" or is_plain(c) else spelled(c) for c in text)
        if text.lstrip().startswith("::"):
            text = text.replace("::", ":\\x3a", 1)
        yield mark + disarmed(text, "\\x5b") + end
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    """Yield what differs, in order. A repair mostly keeps the number of lines."""
    if len(old) == len(new):
        at = 0
        while at < len(old):
            end = at
            while end < len(old) and old[end] != new[end]:
                end += 1
            if end > at:
                yield _Block(at, end, at, end)
            at = end + 1
        return
    limit = min(len(old), len(new))
    head = next((i for i in range(limit) if old[i] != new[i]), limit)
    rest = limit - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) > _MOST_COMPARED or len(middle_new) > _MOST_COMPARED:
        yield _Block(head, len(old) - tail, head, len(new) - tail)
        return
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            yield _Block(head + a, head + b, head + c, head + d)


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Yield blocks in groups whose context would meet."""
    group = [blocks[0]]
    for block in blocks[1:]:
        if block.a - group[-1].b > 2 * _CONTEXT:
            yield group
            group = []
        group.append(block)
    yield group


# --- payloads ------------------------------------------------------------------------------------


def _payloads(old: str, new: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield title, old and new text of every payload that differs; one that is new has no old one.

    Payloads correspond by their order, or by their titles where their number changes.
    """
    before, after = list(_texts(old)), list(_texts(new))
    if len(before) == len(after):
        for (_, then), (title, now) in zip(before, after, strict=True):
            if then != now:
                yield title, then, now
        return
    waiting: dict[str, list[str]] = {}
    for title, text in before:
        waiting.setdefault(title, []).append(text)
    for title, text in after:
        known = waiting.get(title)
        earlier = known.pop(0) if known else None
        if earlier != text:
            yield title, earlier, text


def _texts(text: str) -> Iterator[tuple[str, str]]:
    """Yield what people call each payload of a file, and its text, in their order."""
    roots, _ = compose(Source(text))
    stack: list[tuple[Any, str]] = [(root.raw, "the payload") for root in reversed(roots)]
    seen: set[int] = set()
    while stack:
        raw, title = stack.pop()
        if id(raw) in seen:
            continue
        seen.add(id(raw))
        if raw.id == "scalar":
            decoded = _decoded(raw.value)
            if decoded is not None:
                yield title, decoded
        elif raw.id == "sequence":
            stack.extend((element, title) for element in reversed(raw.value))
        else:
            for key, value in raw.value:
                if key.id == value.id == "scalar" and key.value == "path":
                    title = value.value
            stack.extend((value, title) for _, value in reversed(raw.value))


def _decoded(url: str) -> str | None:
    """Return the text of a data URL, unpacked where it is compressed; None where it has none."""
    if not url.startswith("data:"):
        return None
    try:
        plain = data_url.decode(url)
        return plain.text if plain.text is not None else data_url.decode(url, gzip=True).text
    except data_url.DataUrlError:
        return None
