"""Clusters that the configuration names: directories that are one each, whatever is in them."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linter.records import replace
from linter.sources.discovery import discover
from linter.sources.scopes import Scope, assign_scopes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from linter.engine.configuration import Configuration
    from linter.sources.candidates import Candidate, Discovery


def discovery(paths: Sequence[str], configuration: Configuration) -> Discovery | None:
    """Find the files beneath some paths, and in which clusters of the configuration they lie.

    Args:
        paths: Files and directories.
        configuration: Its ``clusters`` are globs of directories, relative to its own.

    Returns:
        None where the configuration names no clusters.

    Raises:
        PathError: A path does not exist.

    """
    return assigned(discover(paths), configuration) if configuration.clusters else None


def assigned(
    found: Discovery, configuration: Configuration, moved: tuple[str, str] | None = None
) -> Discovery:
    """Note in which clusters of the configuration some files lie.

    Args:
        found: The files.
        configuration: Its ``clusters`` are globs of directories, relative to its own.
        moved: The directory that the files are in, and the one in whose place it is taken.

    """
    home = os.path.realpath(configuration.folder)
    homes: dict[str, str] = {}
    known: dict[str, str | None] = {}
    for candidate in found.candidates:
        path = candidate.path
        if moved is not None:
            path = os.path.join(moved[1], os.path.relpath(path, moved[0]))
        folder = os.path.relpath(os.path.dirname(os.path.realpath(path)), home)
        if folder not in known:
            matching = (f for f in _above(folder) if _matches(f, configuration.clusters))
            known[folder] = next(matching, None)
        above = known[folder]
        if above is not None:
            homes[candidate.path] = above
    return replace(found, clusters=tuple(sorted(homes.items())))


def scopes_of_clusters(found: Discovery) -> list[Scope]:
    """Return the clusters that were known beforehand, each with all files of its directory."""
    homes = dict(found.clusters)
    members: dict[str, list[Candidate]] = {}
    for candidate in found.candidates:
        if candidate.path in homes:
            members.setdefault(homes[candidate.path], []).append(candidate)
    scopes: list[Scope] = []
    for folder, listed in sorted(members.items()):
        installer = any(scope.installer for scope in assign_scopes(listed, [folder]))
        scopes.append(Scope(os.path.basename(folder), folder, tuple(listed), installer))
    return scopes


def _above(folder: str) -> Iterator[str]:
    """Yield the directories that one lies in, the outermost first; none outside."""
    parts = folder.split(os.sep)
    if parts[0] == os.pardir:
        return
    for length in range(1, len(parts) + 1):
        yield "/".join(parts[:length])


def _matches(folder: str, globs: Sequence[str]) -> bool:
    return any(_fits(folder.split("/"), glob.strip("/").split("/")) for glob in globs)


def _fits(folder: Sequence[str], glob: Sequence[str]) -> bool:
    """Say whether the parts of a path fit those of a glob; ``**`` stands for any number of them."""
    reached = {0}
    for part in glob:
        if part == "**":
            reached = set(range(min(reached), len(folder) + 1)) if reached else reached
        else:
            reached = {
                at + 1 for at in reached if at < len(folder) and fnmatchcase(folder[at], part)
            }
    return len(folder) in reached
