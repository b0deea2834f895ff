"""git as tests run it: untouched by the settings of whoever runs them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_OWN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git_environment() -> dict[str, str]:
    """Return the environment for git, and for programs that run it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | _OWN


def git(folder: Path | str, *arguments: str) -> str:
    """Run git in a directory; return what it prints, without white space around it."""
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=git_environment(), capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode().strip()
