"""Editing: a file's text with some repairs made, or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.fix.composing import compose_edits, spliced
from linter.fix.notes import with_notes
from linter.fix.outcome import RefusedError
from linter.fix.verification import verified
from linter.sources.deletion import holds_nothing
from linter.sources.text import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.fix.layers import Layers
    from linter.fix.sheet import Sheet
    from linter.sources.text import File, Replacement


def check(sheet: Sheet, replacements: Sequence[Replacement], layers: Layers) -> None:
    """Refuse replacements for what can be seen without making them.

    Raises:
        RefusedError: They cannot be spelled, or are in a place that is not to be touched.

    """
    sheet.check(compose_edits(replacements, layers).splices)


def edited(
    sheet: Sheet, replacements: Sequence[Replacement], layers: Layers
) -> tuple[str | None, tuple[Edit, ...]]:
    """Return a file's text with replacements made, and the edits that were needed for it.

    There is no text where they leave no document of the file: then it goes as a whole.

    Raises:
        RefusedError: They cannot be made without touching something else.

    """
    file = sheet.file
    composed = compose_edits(replacements, layers)
    sheet.check(composed.splices)
    _, edits = verified(sheet, composed)
    splices = with_notes(file.text, edits)
    new = spliced(file.text, splices)
    try:
        new.encode(file.encoding)
    except UnicodeEncodeError as error:
        raise RefusedError("the new text cannot be encoded as the file is") from error
    made = tuple(Edit(file, *splice) for splice in splices)
    return None if holds_nothing(new) else new, made


def encoded(file: File, text: str) -> bytes:
    """Return the bytes of a file that holds ``text`` the way this one holds its own."""
    return ("\ufeff" + text if file.bom else text).encode(file.encoding)
