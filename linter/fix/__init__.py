"""Repairing manifests: the edits that rules propose, made all together or not at all."""

from linter.fix.journal import BusyError
from linter.fix.outcome import Change, Fixed, FixOptions, FixOutcome, Left, Preference
from linter.fix.passes import FixCycleError, fix_tree

__all__ = [
    "BusyError",
    "Change",
    "FixCycleError",
    "FixOptions",
    "FixOutcome",
    "Fixed",
    "Left",
    "Preference",
    "fix_tree",
]
