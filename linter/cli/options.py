"""Options and arguments that several commands share, and the values that some of them take.

Typer reads the annotations at run time, hence no ``TYPE_CHECKING`` here.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import typer

from linter.engine.findings import Severity


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


def reports(words: str) -> Any:
    """Return the option for reports and where they go; the words say which there are."""
    return typer.Option(
        "--output",
        "-o",
        metavar="FORMAT[=PATH]",
        help=f"{words} May be given several times.  [default: full]",
    )


def cache_folder(words: str) -> Any:
    """Return the option for the cache's place; the words say what is kept there."""
    where = "wplint in $XDG_CACHE_HOME, or in ~/.cache"
    return typer.Option("--cache-dir", metavar="DIRECTORY", help=f"{words}  [default: {where}]")


def revision(option: str, words: str) -> Any:
    """Return an option for something that git knows."""
    return typer.Option(option, metavar="REV", help=words, show_default=False)


def name(words: str) -> Any:
    """Return an option for the name of a cluster or a pool."""
    return typer.Option(metavar="NAME", help=words, show_default=False)


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
FailLevel = Annotated[
    Severity | None,
    typer.Option(help="The lowest severity that makes the exit status 1.", show_default="error"),
]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="Exit with status 0 whatever is found.")
]
Ignored = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE,...", help="Do not run these rules.", autocompletion=rule_words),
]
Topology = Annotated[
    list[str] | None,
    typer.Option(
        "--topology",
        metavar="[POOL=]FILE",
        help="What a machine of the cluster, or of this pool, says of its CPUs: the output of "
        "lscpu --json --extended, lscpu --parse or lscpu --json. Rules about hardware need it.",
    ),
]
