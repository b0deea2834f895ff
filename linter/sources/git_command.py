"""Running git so that nothing a repository brings along runs with it.

A linter is pointed at repositories that nobody has reviewed yet: their configuration, hooks and
filters must have no say, and nothing is fetched from anywhere.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

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


class GitError(Exception):
    """Git did not do what it was asked; the message is its own first line on why."""


def run_git(directory: str, arguments: Sequence[str], given: bytes | None = None) -> bytes:
    """Run git on the repository that a directory belongs to; return what it prints.

    Args:
        directory: An absolute path, so that it can never be read as an option.
        arguments: The command and its arguments; none of them may begin with a dash unless it is
            meant as an option.
        given: What git reads; nothing if left out.

    Raises:
        GitError: Git is absent, refuses or does not answer.

    """
    import subprocess

    try:
        answer = subprocess.run(  # noqa: S603  (no shell, and no argument is read as an option)
            _command(directory, arguments),
            env=_environment(),
            input=given if given is not None else b"",
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitError(f"git did not answer within {TIMEOUT_SECONDS} seconds") from None
    except OSError as error:
        raise GitError(f"git could not be run ({error.strerror})") from error
    _check(answer.returncode, answer.stderr)
    return answer.stdout


def begin_git(directory: str, arguments: Sequence[str]) -> Callable[[], bytes]:
    """Run git as :func:`run_git` does, but return at once.

    What git prints goes to a file: at a pipe each would wait for the other at every few lines.

    Args:
        directory: An absolute path, so that it can never be read as an option.
        arguments: The command and its arguments.

    Returns:
        What waits for git and returns what it printed; it must be called. Like this function it
        raises GitError where git is absent, refuses or does not answer.

    """
    import subprocess

    printed = _scratch_file()
    try:
        process = subprocess.Popen(  # noqa: S603  (as above)
            _command(directory, arguments),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        printed.close()
        raise GitError(f"git could not be run ({error.strerror})") from error

    def answer() -> bytes:
        with printed, process:
            try:
                _, complaint = process.communicate(timeout=TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise GitError(f"git did not answer within {TIMEOUT_SECONDS} seconds") from None
            _check(process.returncode, complaint)
            printed.seek(0)
            return printed.read()

    return answer


def _scratch_file() -> BinaryIO:
    """Return a file without a name, in memory where that can be had."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("git"), "w+b")
    from tempfile import TemporaryFile

    return TemporaryFile()


def _check(status: int, complaint: bytes) -> None:
    """Raise GitError where git ended with a status that says so."""
    if status:
        lines = complaint.decode("utf-8", "replace").splitlines()
        raise GitError(lines[0] if lines else f"git ended with status {status}")


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _REPOSITORY_VARIABLES}
    return kept | _GUARDS


def _command(directory: str, arguments: Sequence[str]) -> list[str]:
    command = ["git", "--no-pager", "-C", directory]
    for setting in _SETTINGS:
        command += ["-c", setting]
    return [*command, *arguments]
