"""Notes: the comments above payloads that the renderer writes, kept true when a payload changes.

A base64 line tells a reader nothing, so rendered files say above it which CPUs it names. Only a
comment that is exactly what the renderer writes for the payload below it is one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.fix.composing import Splice, spliced
from linter.formats import data_url
from linter.formats.cpu_masks import parse_mask
from linter.formats.cpuset import CpuListError
from linter.regexes import regex
from linter.render.pinning import says

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTED = regex(
    r"(?m)^[ \t]*# ((?:infra_ctr_cpuset|RPS mask|management cpuset)[^\r\n]*)\r?\n"
    r"[ \t]*(?:- )?source:[ \t]*[\"']?(data:[^\s\"']*)"
)
_INFRA = regex(r'(?m)^[ \t]*infra_ctr_cpuset[ \t]*=[ \t]*"([^"\n]*)"')
_MASK = regex(r"(?m)^[ \t]*net\.core\.rps_default_mask[ \t]*=[ \t]*(\S+)")
_MANAGEMENT = regex(r'"cpuset"[ \t]*[:=][ \t]*"([^"\n]*)"')


def with_notes(text: str, splices: Sequence[Splice]) -> tuple[Splice, ...]:
    """Return edits of a text, and those of the notes above payloads that they change."""
    before = list(_NOTED.finditer(text))
    if not before:
        return tuple(splices)
    after = list(_NOTED.finditer(spliced(text, splices)))
    if len(before) != len(after):
        return tuple(splices)
    notes: list[Splice] = []
    for old, new in zip(before, after, strict=True):
        if old[2] != new[2] and old[1] == new[1] == note_of(old[2]):
            note = note_of(new[2])
            if note is not None and note != old[1]:
                notes.append(Splice(*old.span(1), note))
    return tuple(sorted([*splices, *notes]))


def note_of(url: str) -> str | None:
    """Return what the renderer writes above a payload; None above one that is not its own."""
    try:
        text = data_url.decode(url).text
    except data_url.DataUrlError:
        return None
    if text is None:
        return None
    if mask := _MASK.search(text):
        try:
            return f"RPS mask {mask[1]}, CPUs {parse_mask(mask[1])}"
        except CpuListError:
            return None
    if infra := _INFRA.search(text):
        return f"infra_ctr_cpuset {infra[1]}"
    management = _MANAGEMENT.search(text)
    return says(management[1]) if management else None
