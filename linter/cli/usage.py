"""Wrong usage: what the user asked for cannot be done, and what to do instead."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong usage. The message is one line: what is wrong, and what to do about it."""
