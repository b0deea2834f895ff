"""Hexadecimal CPU masks that the kernel cannot parse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, Fix, finding, rule
from linter.engine.refusals import refused, spelling
from linter.facts.cpus import Grammar
from linter.formats.cpu_masks import parse_plain_mask, tuned_mask
from linter.formats.cpuset import CpuListError, CpuListProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.cpus import CpuStatement


@rule("WPL108", severity=ERROR)
def hex_mask_invalid(statement: CpuStatement) -> Iterator[Draft]:
    """A hexadecimal mask of CPUs is made of words of eight digits."""
    error = statement.error
    if error is None or statement.grammar is not Grammar.MASK:
        return
    if error.kind is CpuListProblem.TOO_LARGE:
        return
    mask = _in_words(statement.text)
    yield finding(
        f"{statement.where} is no CPU mask: {error.message}.",
        statement.error_ref.label("at fault"),
        effect=refused(statement),
        advice=f"Write {mask}." if mask else spelling(statement),
        fix=Fix(f"write {mask}", (statement.replaced_by(mask),)) if mask else None,
    )


def _in_words(text: str) -> str | None:
    """Return a mask of one piece, with or without ``0x``, in words; None for anything else."""
    digits = text.strip()
    if digits[:2].lower() == "0x":
        digits = digits[2:]
    try:
        return tuned_mask(parse_plain_mask(digits))
    except CpuListError:
        return None
