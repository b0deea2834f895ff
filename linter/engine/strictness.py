"""What keeps a run from proving anything: input that was not read or understood, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linter.engine.outcome import Summary


def shortfalls(summary: Summary) -> tuple[str, ...]:
    """Return a sentence for each thing that lets a strict run fail; empty where it may pass."""
    counts = (
        (len(summary.skipped), "file was", "files were", "not read"),
        (summary.unreadable, "file or payload was", "files or payloads were", "not readable"),
        (len(summary.not_understood), "object was", "objects were", "not understood"),
    )
    said = [
        f"{number} {one if number == 1 else many} {what}."
        for number, one, many, what in counts
        if number
    ]
    if not summary.manifests:
        said.append("No manifest has anything to do with workload partitioning.")
    return tuple(said)
