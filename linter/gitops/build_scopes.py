"""Scopes of kustomizations: plain manifests as the clusters get them, patched and renamed."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from linter.facts.scope import Facts, add_object
from linter.gitops.documents import CLUSTERS, GENERATORS, POLICY
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from linter.gitops.builds import Build, Builds
    from linter.sources.yaml_tree import Node

_READ_ELSEWHERE = GENERATORS | CLUSTERS | {(POLICY, "Policy")}


class BuildScopes:
    """The clusters that kustomizations of plain manifests describe.

    Attributes:
        scopes: Each kustomization that no other one takes, if it holds what matters.
        used: The files that these are made of.
        whole: Whether nothing that is remote or unknown belongs to them.
        not_understood: The names of files with objects whose patches are not worked out.

    """

    def __init__(self, builds: Builds, is_taken: Callable[[Node], bool]) -> None:
        tops = [build for build in builds.tops() if build.objects or build.paths]
        self.used = {path for build in tops for path in build.paths}
        self.not_understood = sorted({name for build in tops for name in build.not_understood})
        self.whole = all(build.whole for build in tops)
        times = Counter(path for build in tops for path in build.paths)
        names = _names(tops)
        self.scopes: list[tuple[Scope, Facts]] = []
        for build in tops:
            facts = _facts(build, is_taken)
            if facts.relevant:
                facts.pools_open = facts.profiles_open = True
                facts.shared = any(times[path] > 1 for path in build.paths)
                scope = Scope(names[build.folder], build.shown, (), installer=False)
                self.scopes.append((scope, facts))


def _facts(build: Build, is_taken: Callable[[Node], bool]) -> Facts:
    facts = Facts()
    for document in build.objects:
        if document.shape not in _READ_ELSEWHERE and not is_taken(document.root):
            add_object(facts, document.manifest)
    return facts


def _names(builds: Iterable[Build]) -> dict[str, str]:
    """Name each directory by its last component, or by all of it where that is ambiguous."""
    listed = list(builds)
    times = Counter(os.path.basename(build.folder) for build in listed)
    return {
        build.folder: base if times[base := os.path.basename(build.folder)] == 1 else build.shown
        for build in listed
    }
