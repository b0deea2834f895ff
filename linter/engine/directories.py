"""Directories of plain manifests: which of their files are taken together, and which are not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import replace
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from linter.facts.scope import Facts
    from linter.gitops.source_crs import Material
    from linter.sources.candidates import Candidate
    from linter.sources.scopes import Folder


def set_apart(folders: Iterable[Folder], material: Material) -> tuple[set[str], list[Folder]]:
    """Return the paths of what is material, and the directories without it."""
    apart: set[str] = set()
    rest: list[Folder] = []
    for folder in folders:
        path = os.path.abspath(folder.path)
        if not material.is_in(path):
            rest.append(folder)
            continue
        within = os.path.join(path, "")
        files = [c for c in folder.candidates if within + os.path.basename(c.path) in material]
        apart.update(candidate.path for candidate in files)
        left = [candidate for candidate in folder.candidates if candidate.path not in apart]
        if any(within + leaf not in material for leaf in folder.leaves):
            rest.append(replace(folder, candidates=left))
    return apart, rest


def by_liveness(
    folder: Scope, candidates: Sequence[Candidate], is_live: Callable[[str], bool]
) -> Iterator[tuple[Scope, bool]]:
    """Split files of a directory into those that are live and those that are not."""
    for live in (True, False):
        listed = tuple(
            candidate
            for candidate in candidates
            if is_live(os.path.abspath(candidate.path)) is live
        )
        if listed:
            yield Scope(folder.name, folder.path, listed, installer=False), live


def holds_several(facts: Facts) -> bool:
    """Say whether two profiles are for the same nodes, and so for several clusters."""
    selectors = [
        tuple(sorted(profile.node_selector.values.items()))
        for profile in facts.profiles
        if profile.node_selector is not None
    ]
    return len(set(selectors)) < len(selectors)


def one_by_one(folder: Scope) -> list[Scope]:
    """Return a scope for each file of a directory."""
    return [
        Scope(folder.name, candidate.name, (candidate,), installer=False)
        for candidate in folder.candidates
    ]
