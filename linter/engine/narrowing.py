"""Findings about what has changed: all is judged, and what touches no changed file is left out.

A change may also break what it does not touch, by taking something away. So where a manifest is
gone, or an object that stood in it, all findings of the clusters that it belonged to count.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.facts.manifests import manifests_in
from linter.records import replace
from linter.regexes import regex
from linter.sources.prefilter import may_matter
from linter.sources.reading import Undecodable, decode
from linter.sources.scopes import INSTALL_CONFIGS, INSTALLER_FOLDERS
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.findings import Finding
    from linter.engine.outcome import Outcome
    from linter.sources.changes import Changes

_SHARED = regex(
    rb"PolicyGen|policy\.open-cluster-management\.io|Placement|ConfigMap|ManagedCluster|kustomize"
)
"""What may concern clusters other than those whose directory it lies in."""

_EVERY = "*"


class Narrowing:
    """Leaves out findings that a change has no part in."""

    def __init__(self, changes: Changes) -> None:
        self._since = changes.since
        self._touched = changes.touched
        self._losses = [
            path for path, data in sorted(changes.former.items()) if _is_loss(path, data)
        ]
        self._shared = {path for path in self._losses if _SHARED.search(changes.former[path])}
        self._real: dict[str, str] = {}

    def __call__(self, findings: Sequence[Finding], outcome: Outcome) -> tuple[list[Finding], str]:
        """Return the findings that a change has part in, a changed place first, and a note."""
        clusters = self._broken(outcome)
        kept = []
        for item in findings:
            labels = sorted(
                item.labels, key=lambda label: not self._is_touched(label.ref.file.path)
            )
            if self._is_touched(labels[0].ref.file.path):
                kept.append(replace(item, labels=tuple(labels)))
            elif _EVERY in clusters or not clusters.isdisjoint(re.split(r", | and ", item.cluster)):
                kept.append(item)
        files = f"{len(self._touched)} file{'s' if len(self._touched) != 1 else ''}"
        return kept, (
            f"only what concerns the {files} changed since {self._since}, or what was taken away, "
            f"is reported; left out: {len(findings) - len(kept)}"
        )

    def _is_touched(self, path: str) -> bool:
        if path not in self._real:
            self._real[path] = os.path.realpath(path)
        return self._real[path] in self._touched

    def _broken(self, outcome: Outcome) -> set[str]:
        """Return the names of the clusters from which something was taken away."""
        places = {
            cluster.name: os.path.join(os.path.realpath(cluster.path), "")
            for cluster in outcome.clusters
        }
        broken: set[str] = set()
        for path in self._losses:
            homes = {name for name, place in places.items() if path.startswith(place)}
            if path in self._shared or not (homes or _is_of_installer(path)):
                return {_EVERY}
            broken |= homes
        return broken


def _is_of_installer(path: str) -> bool:
    """Say whether a manifest was for an installer: for the cluster of its directory alone."""
    folder, base = os.path.split(path)
    return base in INSTALL_CONFIGS or os.path.basename(folder) in INSTALLER_FOLDERS


def _is_loss(path: str, former: bytes) -> bool:
    """Say whether a manifest is gone, or an object that it had."""
    if not (may_matter(former) or _SHARED.search(former)):
        return False
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return True
    return not _identities(former) <= _identities(data)


def _identities(data: bytes) -> set[tuple[str, str]]:
    decoded = decode(data)
    if isinstance(decoded, Undecodable):
        return set()
    roots, _ = compose(File("", decoded.text))
    return {(item.kind, item.name) for root in roots for item in manifests_in(root)}
