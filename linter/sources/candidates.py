"""Candidates: the files of a run before they are opened, and what was left out and why."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import NamedTuple

from linter.records import dataclass

SUFFIXES = (".yaml", ".yml", ".json")
"""Endings of manifests, compared without regard to case."""

KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml"})
"""Names of files that say which others belong together."""


class SkipReason(StrEnum):
    """Why something that may be a manifest was not read."""

    DANGLING_LINK = "dangling link"
    LOOP = "link loop"
    OUTSIDE_TREE = "link out of the tree"
    NOT_REGULAR = "not a regular file"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    SUBMODULE = "a submodule, not read"


class Candidate(NamedTuple):
    """A file to read.

    ``path`` opens it and is unique within a ``Discovery``. ``name`` is what people are shown:
    printable, with ``/``, relative to the current directory where the file is inside it. Two
    unprintable paths may share a name, so a file is never looked up by it.
    """

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, link or directory that was left out; ``detail`` is the system's word on it."""

    name: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, each part sorted; ``notes`` say where git's word was not taken.

    ``clusters`` are the paths of files whose cluster is known beforehand, each with its directory.
    """

    candidates: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    clusters: tuple[tuple[str, str], ...] = ()


class PathError(Exception):
    """A path given by the user cannot be used; the message is one line that says what to do."""


def has_manifest_suffix(name: str) -> bool:
    """Say whether a file name ends like a manifest."""
    return name.endswith(SUFFIXES) or name[-5:].lower().endswith(SUFFIXES)


def printable(text: str) -> str:
    """Return ``text`` with U+FFFD in place of every character that is not printable.

    A file name may hold line breaks, terminal escapes and bytes that are no UTF-8 (surrogates
    in Python), none of which may reach a report.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def shown(path: str) -> str:
    """Return a path as people are shown it: relative to the current directory if it lies there."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):  # the current directory was removed
        return printable(path)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return printable(path if outside else relative).replace(os.sep, "/")
