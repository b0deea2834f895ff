"""Files that are added to a MachineConfig: entries written like one that stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats import data_url
from linter.sources.insertion import copied_item
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from linter.facts.machine_configs import NodeFile


def added_file(sibling: NodeFile, path: str, text: str) -> Replacement | None:
    """Return the wish that a MachineConfig write one file more, behind another one.

    Mode, key order, quoting and encoding are those of the sibling; None where its spelling cannot
    be taken over.
    """
    source = sibling.entry.at("contents", "source")
    if not source.is_scalar or not sibling.entry.at("append").is_null:
        return None
    url = source.raw.value
    gzip = sibling.entry.at("contents", "compression").scalar() == "gzip"
    try:
        decoded = data_url.decode(url, gzip=gzip)
    except data_url.DataUrlError:
        return None
    if decoded.text is None or decoded.refusal is not None:
        return None
    return copied_item(
        sibling.entry,
        (
            Replacement(sibling.path_ref, path),
            Replacement(source.content(), decoded.encode(text)),
        ),
    )
