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
    from collections.abc import Iterable, Sequence

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
    given = _given(roots)
    folders = _folders(candidates)
    homes = {folder.name: _home(folder.path, given) for folder in folders}
    installers = {folder.installer for folder in folders} - {None}
    split = {homes[folder.name] for folder in folders if folder.installer is not None}
    dumps = {dump for f in folders if (dump := _dump(f.name)) is not None}
    members: dict[tuple[str, bool], list[Candidate]] = {}
    for folder in folders:
        installer = folder.installer
        if installer is None and folder.name in installers:
            installer = folder.name
        dump = _nearest(folder.name, dumps)
        if dump is not None:
            members.setdefault((dump, False), []).extend(folder.candidates)
            continue
        home = homes[folder.name]
        rest = folder.name if apart or home in split or _is_sample(folder.name, home) else home
        key = (installer, True) if installer is not None else (rest, False)
        members.setdefault(key, []).extend(folder.candidates)
    names = _names([path for path, _ in members])
    return [
        Scope(names[path], path, tuple(sorted(listed, key=_order)), installer)
        for (path, installer), listed in sorted(members.items())
    ]


def _order(candidate: Candidate) -> tuple[str, str]:
    return (candidate.name, candidate.path)


@dataclass(frozen=True, slots=True)
class _Folder:
    """The files of one directory, and the installer directory that they belong to by their place.

    An ``install-config.yaml`` makes the directory that it is in one, whatever that is called.
    """

    name: str
    path: str
    candidates: list[Candidate]
    installer: str | None


def _folders(candidates: Iterable[Candidate]) -> list[_Folder]:
    by_path: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        path = candidate.path
        by_path.setdefault(path[: path.rfind(os.sep) + 1], []).append(candidate)
    folders: list[_Folder] = []
    for path, listed in by_path.items():
        name = os.path.dirname(listed[0].name)
        configs = [c for c in listed if os.path.basename(c.name) in INSTALL_CONFIGS]
        if configs:
            folders.append(_Folder(name, path, configs, name))
        others = [c for c in listed if c not in configs] if configs else listed
        if others:
            parent, last = os.path.split(name)
            installer = parent if last in INSTALLER_FOLDERS else None
            folders.append(_Folder(name, path, others, installer))
    return folders


def _dump(folder: str) -> str | None:
    """Return the directory of a dump that a directory with what no namespace holds belongs to."""
    above, found, _ = f"/{folder}/".partition(f"/{_DUMPED}/")
    return above[1:] if found else None


def _nearest(folder: str, dumps: set[str]) -> str | None:
    """Return the dump that a directory is, or lies in; None where it is in none."""
    if not dumps:
        return None
    while folder not in dumps:
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


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


def _home(folder: str, given: Sequence[tuple[str, str]]) -> str:
    """Return the given directory that a directory is, or lies in."""
    path = os.path.join(os.path.abspath(folder), "")
    return next((root for absolute, root in given if path.startswith(absolute)), ".")


def _common(folders: Sequence[str]) -> str:
    """Return the directory that all folders lie in."""
    try:
        return os.path.commonpath(folders) or "."
    except ValueError:  # absolute and relative paths have nothing in common
        return folders[0]


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Name each directory by its last component, or by all of it where that is ambiguous."""
    short = {path: os.path.basename(os.path.abspath(path)) or path for path in paths}
    counts: dict[str, int] = {}
    for name in short.values():
        counts[name] = counts.get(name, 0) + 1
    return {path: path if counts[name] > 1 else name for path, name in short.items()}
