"""Scopes: which files describe one cluster together. Rules never compare across scopes.

This is the one place that decides it. An installer directory is one cluster: a directory with an
``install-config.yaml``, or with files in ``manifests/`` or ``openshift/``, which is where
``openshift-install`` and the agent-based installer write and read them.
"""

from __future__ import annotations

import os
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.candidates import Candidates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of one directory that belong to the same cluster by their place.

    An ``install-config.yaml`` makes the directory that it is in an installer's, whatever that is
    called, so it may stand in a folder of its own.

    Attributes:
        name: The directory as people are shown it.
        path: As it is opened, with a separator behind it.
        home: The given directory that it is, or lies in.
        leaves: The names of all files.
        candidates: The files that are looked at.
        installer: The installer directory that they belong to, if any.

    """

    name: str
    path: str
    home: str
    leaves: Collection[str]
    candidates: list[Candidate]
    installer: str | None


class Folders:
    """The directories that files stand in.

    Args:
        candidates: All files.
        roots: The files and directories that were given.

    """

    def __init__(self, candidates: Candidates, roots: Sequence[str]) -> None:
        given = _given(roots)
        self._configs: dict[str, Folder] = {}
        self._others: dict[str, Folder] = {}
        for directory in candidates.directories():
            path, leaves = directory.path, directory.leaves
            name = os.path.dirname(directory.name)
            home = _home(name, given)
            configs = [leaf for leaf in INSTALL_CONFIGS if leaf in leaves]
            if configs:
                self._configs[path] = Folder(name, path, home, configs, [], name)
                leaves = [leaf for leaf in leaves if leaf not in INSTALL_CONFIGS]
            if leaves:
                at_home = name[name.rfind("/") + 1 :] in INSTALLER_FOLDERS
                installer = os.path.dirname(name) if at_home else None
                self._others[path] = Folder(name, path, home, leaves, [], installer)

    def holding(self, candidates: Iterable[Candidate]) -> list[Folder]:
        """Return the directories with some of their files; to be called once."""
        for candidate in candidates:
            path = candidate.path
            at = path.rfind(os.sep) + 1
            config = path[at:] in INSTALL_CONFIGS
            (self._configs if config else self._others)[path[:at]].candidates.append(candidate)
        return [*self._configs.values(), *self._others.values()]


def assign_scopes(
    candidates: Iterable[Candidate], roots: Sequence[str], *, apart: bool = False
) -> list[Scope]:
    """Group files by cluster, as :func:`scopes_of` does."""
    files = Candidates(candidates)
    return scopes_of(Folders(files, roots).holding(files), apart=apart)


def scopes_of(folders: Sequence[Folder], *, apart: bool = False) -> list[Scope]:
    """Group the files of some directories by cluster.

    Each installer directory is a cluster. A given directory without any is one cluster; in one
    with some, what lies in none of them is taken directory by directory. Files that were given
    one by one belong together. Samples and test data below a given directory, and everything where
    clusters and policies meet by labels (``apart``), are taken directory by directory. A dump of a
    running cluster, as ``oc adm must-gather`` and ``oc adm inspect`` write it, is one cluster.
    """
    installers = {folder.installer for folder in folders} - {None}
    split = {folder.home for folder in folders if folder.installer is not None}
    dumps = {dump for f in folders if _DUMPED in f.name and (dump := _dump(f.name)) is not None}
    members: dict[tuple[str, bool], list[Candidate]] = {}
    for folder in folders:
        name, installer, home = folder.name, folder.installer, folder.home
        if installer is None and name in installers:
            installer = name
        dump = _nearest(name, dumps) if dumps else None
        if dump is not None:
            key = (dump, False)
        elif installer is not None:
            key = (installer, True)
        else:
            key = (name if apart or home in split or _is_sample(name, home) else home, False)
        members.setdefault(key, []).extend(folder.candidates)
    names = _names([path for path, _ in members])  # of all, so that what is met makes no difference
    held = sorted((item for item in members.items() if item[1]), key=_key)
    return [
        Scope(names[path], path, tuple(sorted(listed, key=_order)), installer)
        for (path, installer), listed in held
    ]


_order = attrgetter("name", "path")
_key = itemgetter(0)


def _dump(folder: str) -> str | None:
    """Return the directory of a dump that a directory with what no namespace holds belongs to."""
    above, found, _ = f"/{folder}/".partition(f"/{_DUMPED}/")
    return above[1:] if found else None


def _nearest(folder: str, dumps: set[str]) -> str | None:
    """Return the dump that a directory is, or lies in; None where it is in none."""
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
    if len(given) == 1:  # as a rule nothing has to be worked out
        absolute, root = given[0]
        if folder.startswith(absolute) or (root == "." and folder[:1].isalnum()):
            return root
    path = os.path.abspath(folder) + os.sep
    for absolute, root in given:
        if path.startswith(absolute):
            return root
    return "."


def _common(folders: Sequence[str]) -> str:
    """Return the directory that all folders lie in."""
    try:
        return os.path.commonpath(folders) or "."
    except ValueError:  # absolute and relative paths have nothing in common
        return folders[0]


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Name each directory by its last component, or by all of it where that is ambiguous."""
    short = {path: _last(path) or path for path in paths}
    counts: dict[str, int] = {}
    for name in short.values():
        counts[name] = counts.get(name, 0) + 1
    return {path: path if counts[name] > 1 else name for path, name in short.items()}


def _last(path: str) -> str:
    """Return the last component of a directory, be it the current one."""
    last = os.path.basename(path)
    return last if last.strip(".") else os.path.basename(os.path.abspath(path))
