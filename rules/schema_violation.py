"""Fields that the API of a manifest does not have, or values that they cannot take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, WARNING, Applicability, Draft, Fix, Replacement, finding, rule
from linter.schema.spelling import respelling, shown, wanted, written
from linter.schema.verdict import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.described import Misfit
    from linter.schema.verdict import Violation


@rule("WPL002", severity=ERROR)
def schema_violation(misfit: Misfit) -> Iterator[Draft]:
    """A manifest has only fields that its API knows, with values that they can take."""
    violation, whose = misfit.violation, misfit.document.identity
    path = shown(violation.path)
    if violation.kind is Kind.UNKNOWN:
        yield _unknown(violation, f"{path} is no field of {whose}.")
    elif violation.kind is Kind.LACKING:
        yield finding(
            f"{path} of {whose} has no {' and no '.join(violation.allowed)}.",
            violation.node.ref.label("missing here"),
            effect=violation.refusal,
            advice=f"Add {' and '.join(violation.allowed)}.",
        )
    else:
        right, meant, node = respelling(violation), violation.nearest, violation.node
        quotes = violation.kind is Kind.TYPE or not node.is_scalar
        place = node.ref if quotes else node.content_ref()
        yield finding(
            f"{path} of {whose} is {written(violation)}, but must be {wanted(violation)}.",
            place.label(f"did you mean {right or meant}?" if right or meant else "not possible"),
            effect=violation.refusal,
            advice=f"Write {right or meant or wanted(violation)}.",
            fix=Fix(f"write {right}", (Replacement(place, right),)) if right else None,
        )


def _unknown(violation: Violation, said: str) -> Draft:
    meant, place = violation.nearest, violation.key
    free = violation.nearest_is_absent
    grave = violation.essential and (free or meant is None)
    return finding(
        said,
        place.label(f"did you mean {meant}?" if meant else "no such field"),
        effect="It is dropped without a word, and what it says has no effect.",
        advice=f"Write {meant}." if meant else "Remove it, or write the field that is meant.",
        severity=ERROR if grave else WARNING,
        fix=Fix(f"write {meant}", (Replacement(place, meant),), Applicability.UNSAFE)
        if meant is not None and free
        else None,
    )
