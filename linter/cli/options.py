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


def rule_words(incomplete: str) -> list[str]:
    """Return the codes and names of rules that begin with what was typed, for a shell."""
    from linter.engine.loader import load_rules

    before, comma, word = incomplete.rpartition(",")
    words = [word for rule in load_rules() for word in (rule.code, rule.name)]
    return [f"{before}{comma}{w}" for w in words if w.lower().startswith(word.lower())]


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
