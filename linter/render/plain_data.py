"""Which plain data a manifest can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping

DEEPEST = 32
"""How deep maps and lists may nest; Kubernetes' objects nest less."""


def refuse_unwritable(data: object) -> None:
    """Raise ValueError for data that cannot be written to a manifest.

    That is anything but maps with string keys, lists, strings of whole characters, booleans, null
    and finite numbers, and anything nested deeper than :data:`DEEPEST`.
    """
    pending: list[tuple[object, int]] = [(data, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} deep")
        if isinstance(value, str):
            value.encode()  # UnicodeEncodeError, a ValueError, for half of a surrogate pair
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise ValueError("a number is out of range")
        elif isinstance(value, list):
            pending += [(item, depth + 1) for item in value]
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str):
                    raise ValueError("a key is not a string")  # noqa: TRY004 - one error for all
                pending += [(key, depth + 1), (item, depth + 1)]
        elif value is not None and not isinstance(value, int):
            raise ValueError(f"a {type(value).__name__} has no place in a manifest")
