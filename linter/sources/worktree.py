"""The files of a git work tree, as git itself lists them.

Only ``git ls-files`` is run, and nothing that a repository brings along may run with it: a
linter is pointed at repositories that nobody has reviewed yet.
"""

from __future__ import annotations

import os

TIMEOUT_SECONDS = 120
"""Git lists 100 000 files in well under a second; a FIFO named ``.gitignore`` makes it wait."""

_REPOSITORY_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
"""What ``git`` exports to a hook to say which repository it works on (see githooks(5)).

They are always dropped, so that git finds the repository from the directory alone. Nothing is
lost in a hook: the temporary index of ``git commit -a`` holds the same paths as the real index
plus files that are on disk anyway, and files on disk are listed as untracked ones.
"""

_GUARDS = {
    # A partial clone fetches what it misses, and ssh and ext:: run programs.
    "GIT_NO_LAZY_FETCH": "1",  # since git 2.45 and its security releases
    "GIT_ALLOW_PROTOCOL": "none",  # for every git before
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # a refusal is quoted in a note, which is English
}

_SETTINGS = (
    "core.fsmonitor=false",  # else its value is run as a program
    f"core.hooksPath={os.devnull}",  # listing runs no hook today, and shall not tomorrow
    "safe.bareRepository=explicit",  # tracked files can look like a repository with a config
    "core.quotePath=off",
)


class ListingError(Exception):
    """Git did not list the directory; the message says why, in one line."""


def worktree_of(directory: str) -> str | None:
    """Return the root of the work tree that holds ``directory`` (a real, absolute path), or None.

    It is the nearest directory, from this one upwards, that holds ``.git``.
    """
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def in_worktree(directory: str) -> bool:
    """Say whether ``directory`` (a real, absolute path) is in a work tree."""
    return worktree_of(directory) is not None


def list_worktree(directory: str) -> list[str]:
    """Return the tracked and the untracked, not ignored files below ``directory``.

    ``directory`` is an absolute path, so that it can never be read as an option. The names are
    relative to it, with ``/`` and in no promised order; names that are not UTF-8 hold
    surrogates, as everywhere in Python. A submodule and an untracked repository are one entry
    each (the latter ends in ``/``), and entries that are gone from the disk are still listed.

    Raises ``ListingError`` where git is absent, refuses or does not answer.
    """
    import subprocess

    command = ["git", "--no-pager", "-C", directory]
    for setting in _SETTINGS:
        command += ["-c", setting]
    command += ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    kept = {key: value for key, value in os.environ.items() if key not in _REPOSITORY_VARIABLES}
    try:
        answer = subprocess.run(  # noqa: S603  (a fixed command; the only argument is absolute)
            command,
            env=kept | _GUARDS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ListingError(f"git did not answer within {TIMEOUT_SECONDS} seconds") from None
    except OSError as error:
        raise ListingError(f"git could not be run ({error.strerror})") from error
    if answer.returncode:
        lines = answer.stderr.decode("utf-8", "replace").splitlines()
        raise ListingError(lines[0] if lines else f"git ended with status {answer.returncode}")
    return [name for name in os.fsdecode(answer.stdout).split("\0") if name]
