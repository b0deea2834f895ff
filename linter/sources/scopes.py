"""Scopes: which files describe one cluster together. Rules never compare across scopes.

This is the one place that decides it. An installer directory is one cluster: a directory with an
``install-config.yaml``, or with files in ``manifests/`` or ``openshift/``, which is where
``openshift-install`` and the agent-based installer write and read them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.sources.candidates import Candidate

INSTALLER_FOLDERS = frozenset({"manifests", "openshift", "cluster-manifests"})
SAMPLE_FOLDERS = frozenset(
    [
        "docs",
        "e2e",
        "example",
        "examples",
        "fixtures",
        "sample",
        "samples",
        "test",
        "testdata",
        "tests",
    ]
)
"""Folders in which manifests lie side by side that have nothing to do with each other."""
_DUMPED = "cluster-scoped-resources"

INSTALL_CONFIGS = frozenset({"install-config.yaml", "install-config.yml"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The files of one cluster.

    Attributes:
        name: What people call the cluster: the name of its directory.
        path: That directory.
        candidates: Its files, by name.
        installer: Whether an installer reads the directory as it is.

    """

    name: str
    path: str
    candidates: tuple[Candidate, ...]
    installer: bool


def assign_scopes(
    candidates: Iterable[Candidate], roots: Sequence[str], *, apart: bool = False
) -> list[Scope]:
    """Group files by cluster.

    Each installer directory is a cluster. A given directory without any is one cluster; in one
    with some, what lies in none of them is taken directory by directory. Files that were given
    one by one belong together. Samples and test data below a given directory, and everything where
    clusters and policies meet by labels (``apart``), are taken directory by directory. A dump of a
    running cluster, as ``oc adm must-gather`` and ``oc adm inspect`` write it, is one cluster.
    """
    files = sorted(candidates, key=lambda candidate: (candidate.name, candidate.path))
    given = _given(roots)
    homes = {candidate.path: _home(candidate, given) for candidate in files}
    folders = {candidate.path: os.path.split(candidate.name) for candidate in files}
    installers = {_installer(*folders[candidate.path]) for candidate in files} - {None}
    split = {homes[c.path] for c in files if _installer(*folders[c.path]) is not None}
    dumps = {dump for folder, _ in folders.values() if (dump := _dump(folder)) is not None}
    members: dict[tuple[str, bool], list[Candidate]] = {}
    for candidate in files:
        folder, base = folders[candidate.path]
        installer = _installer(folder, base)
        if installer is None and folder in installers:
            installer = folder
        dump = next((above for above in _above(folder) if above in dumps), None) if dumps else None
        if dump is not None:
            members.setdefault((dump, False), []).append(candidate)
            continue
        home = homes[candidate.path]
        rest = folder if apart or home in split or _is_sample(folder, home) else home
        key = (installer, True) if installer is not None else (rest, False)
        members.setdefault(key, []).append(candidate)
    names = _names([path for path, _ in members])
    return [
        Scope(names[path], path, tuple(listed), installer)
        for (path, installer), listed in sorted(members.items())
    ]


def _dump(folder: str) -> str | None:
    """Return the directory of a dump that a directory with what no namespace holds belongs to."""
    above, found, _ = f"/{folder}/".partition(f"/{_DUMPED}/")
    return above[1:] if found else None


def _above(folder: str) -> Iterator[str]:
    """Yield a directory and those that it lies in, by name."""
    while folder:
        yield folder
        folder = os.path.dirname(folder) if os.path.dirname(folder) != folder else ""
    yield ""


def _is_sample(folder: str, home: str) -> bool:
    """Say whether a directory below a given one holds samples or test data, by its path."""
    below = os.path.relpath(folder or ".", home or ".")
    return not SAMPLE_FOLDERS.isdisjoint(below.lower().split(os.sep))


def _given(roots: Sequence[str]) -> list[tuple[str, str]]:
    """Return the given directories, absolute and as given, the innermost first."""
    folders = {root for root in roots if os.path.isdir(root)}
    files = [os.path.dirname(root) or "." for root in roots if root not in folders]
    if files:
        folders.add(_common(files))
    listed = [(os.path.join(os.path.abspath(root), ""), os.path.normpath(root)) for root in folders]
    return sorted(listed, key=lambda pair: (-len(pair[0]), pair))


def _home(candidate: Candidate, given: Sequence[tuple[str, str]]) -> str:
    """Return the given directory that a file was found in."""
    path = os.path.abspath(candidate.path)
    return next((root for absolute, root in given if path.startswith(absolute)), ".")


def _common(folders: Sequence[str]) -> str:
    """Return the directory that all folders lie in."""
    try:
        return os.path.commonpath(folders) or "."
    except ValueError:  # absolute and relative paths have nothing in common
        return folders[0]


def _installer(folder: str, base: str) -> str | None:
    """Return the installer directory that a file belongs to by its place, or None."""
    if base in INSTALL_CONFIGS:
        return folder
    parent, name = os.path.split(folder)
    return parent if name in INSTALLER_FOLDERS else None


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Name each directory by its last component, or by all of it where that is ambiguous."""
    short = {path: os.path.basename(os.path.abspath(path)) or path for path in paths}
    counts: dict[str, int] = {}
    for path in set(paths):
        counts[short[path]] = counts.get(short[path], 0) + 1
    return {path: path if counts[name] > 1 else name for path, name in short.items()}
