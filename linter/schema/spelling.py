"""Words and spellings for a value that its schema does not allow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linter.regexes import regex
from linter.schema.verdict import Kind, letters
from linter.sources.scalars import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linter.schema.verdict import Violation

_LONGEST_SHOWN = 60
_PLAIN_KEY = regex(r"[A-Za-z_$][\w$-]*\Z", re.ASCII)
_PLAIN_SCALAR = regex(r"[\w+-]+\Z", re.ASCII)
_WORDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def shown(path: Iterable[str | int]) -> str:
    """Return a path as people write it: ``spec.profile[0].data``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            text += f".{_shortened(step)}"
        else:
            text += f"['{_shortened(step)}']"
    return text.removeprefix(".")


def written(violation: Violation) -> str:
    """Say what is written, with the type that it has where the type is at fault.

    What stands where an object or a list belongs is not quoted: it may be the contents of a file.
    """
    node = violation.node
    if node.is_sequence:
        return "a list"
    if not node.is_scalar:
        return "an object"
    text, value = f"'{_shortened(str(node.raw.value))}'", node.scalar()
    if violation.kind is not Kind.TYPE:
        return text
    if not set(violation.allowed).isdisjoint({"object", "array"}):
        return "a single value"
    if isinstance(value, str):
        return f"the string {text}"
    if isinstance(value, bool):
        return f"the boolean {text}"
    return f"the number {text}"


def wanted(violation: Violation) -> str:
    """Say what is allowed."""
    if violation.kind is Kind.TYPE:
        return _either([_WORDS[word] for word in violation.allowed])
    return _either(violation.allowed)


def respelling(violation: Violation) -> str | None:
    """Return what the characters of a value should be, where no doubt is possible.

    A number where a string belongs gets quotes and a quoted number loses them; a value of the
    wrong case gets the right one.
    """
    node = violation.node
    if not node.is_scalar:
        return None
    text, value = str(node.raw.value), node.scalar()
    if violation.kind is Kind.VALUE:
        nearest = violation.nearest
        return nearest if nearest is not None and letters(nearest) == letters(text) else None
    if violation.allowed == ("string",):
        exact = isinstance(value, int) and _PLAIN_SCALAR.match(text) is not None
        return f'"{text}"' if exact else None
    if not isinstance(value, str) or node.raw.style not in {"'", '"'}:
        return None
    meant = resolve(text)
    if "boolean" in violation.allowed and isinstance(meant, bool):
        return "true" if meant else "false"
    decimal = isinstance(meant, int) and not isinstance(meant, bool) and str(meant) == text
    return text if decimal and "integer" in violation.allowed else None


def _either(names: Sequence[str]) -> str:
    return " or ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
