"""Options and arguments that several commands share, and the values that some of them take.

Typer reads the annotations at run time, hence no ``TYPE_CHECKING`` here.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer


class Preferred(Enum):
    """Whose list of CPUs is right."""

    PROFILE = "profile"
    MACHINE_CONFIG = "machineconfig"
    KUBELET = "kubelet"


class ListFormat(Enum):
    """For whom something is printed."""

    FULL = "full"
    JSON = "json"


class RuleFormat(Enum):
    """How the rules are listed."""

    FULL = "full"
    JSON = "json"
    MARKDOWN = "markdown"


def examples(*commands: str) -> str:
    """Return command lines for the end of a help text, marked so that they are not refilled."""
    return "\n  ".join(("\b\nExamples:", *commands))


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files and directories to read; the current directory if left out. Of lint, - is "
        "standard input.",
        show_default=False,
    ),
]
OpenShiftVersion = Annotated[
    str | None,
    typer.Option(
        "--openshift-version",
        metavar="4.N",
        help="The release that the manifests are for. Otherwise taken from them where they name "
        "it; findings that depend on a release that nobody names are left out.",
    ),
]
