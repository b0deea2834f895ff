"""How much is tried, and bounds on work that hold on any machine: calls are counted."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

T = TypeVar("T")

THOROUGH = bool(os.environ.get("WPLINT_THOROUGH"))
"""Whether a run takes its time, as ``.ci/run`` does: it tries all that others take a sample of."""


def tried(times: int, **more: Any) -> settings:
    """Return the settings of a property: so many examples in a thorough run, else a quarter."""
    return settings(max_examples=times if THOROUGH else max(4, times // 4), deadline=None, **more)


class TooMuchWorkError(AssertionError):
    """A call did more than was allowed to it."""


def within(calls: int, work: Callable[[], T]) -> T:
    """Do some work and return its result; fail once it has made more function calls than given.

    What is quadratic in a long text exceeds any linear allowance long before it ends.
    """
    left = calls

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal left
        if event in {"call", "c_call"}:
            left -= 1
            if left < 0:
                sys.setprofile(None)
                raise TooMuchWorkError(f"more than {calls} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work()
    finally:
        sys.setprofile(before)
