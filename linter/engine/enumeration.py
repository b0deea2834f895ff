"""Words for several things of which there may be too many to name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 4
"""How many things of one kind a finding names or labels at most."""


def enumeration(names: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c`` or ``a, b, c, d and 7 more``."""
    shown = list(names[:MOST])
    if len(names) > MOST:
        shown.append(f"{len(names) - MOST} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def nearest(text: str, names: Sequence[str]) -> str:
    """Return the name that is most like a text; empty where none is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(text, names, 1)), "")
