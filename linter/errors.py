"""Errors that nobody expected: where they came about."""

from __future__ import annotations

import os


def came_about(error: BaseException) -> str:
    """Return in which file and line an error came about, in brackets; empty if nobody knows."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return ""
    return f" ({os.path.basename(place.tb_frame.f_code.co_filename)}, line {place.tb_lineno})"
