"""Garbage: what a run builds lives until its end, so looking for garbage in it is in vain.

At Python's usual pace it takes 40 % of the time on 6 000 files. When the program ends, and all goes
anyway, one more look takes a fifth of what it took to judge a fleet.
"""

from __future__ import annotations

import atexit
import gc
from functools import cache

OBJECTS = 50_000
"""Objects made, less objects freed, until garbage is looked for; Python's own value is 700."""

_YOUNG, _OLD = 50, 1_000
"""How many looks at the youngest objects come before one at older ones, and at the oldest."""


def look_seldom(objects: int = OBJECTS) -> None:
    """Look for garbage seldom from now on, and no more when the program ends."""
    gc.freeze()
    gc.set_threshold(objects, _YOUNG, _OLD)
    _spare_the_end()


@cache  # a run that watches files comes here again and again
def _spare_the_end() -> None:
    atexit.register(gc.freeze)
