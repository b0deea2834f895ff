"""``wplint init``: a configuration file to begin with, made of what is found in the tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from linter.cli.streams import StandardOutput
from linter.cli.usage import UsageError
from linter.engine.configuration import ConfigurationError, configuration_for
from linter.engine.findings import Severity
from linter.engine.loader import load_rules
from linter.engine.run import lint
from linter.engine.settings import SETTINGS
from linter.report.full import counted
from linter.sources.candidates import PathError, printable, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.outcome import Outcome
    from linter.engine.settings import Setting

NAME = "wplint.toml"
_MOST_NAMED = 10
_HEAD = """\
# Settings of wplint for this directory and all below it. docs/configuration.md describes them.
# Remove the # before a line to set it; what is left out is as shown by: wplint lint --show-settings
"""


def init(folder: str) -> int:
    """Write a commented configuration file, and return the exit status.

    Raises:
        UsageError: There is one already, the directory cannot be read, or the file be written.

    """
    if not os.path.isdir(folder):
        raise UsageError(f"{printable(folder)!r} is no directory")
    target = os.path.join(folder, NAME)
    try:
        present = configuration_for(folder)
        outcome = lint([folder], load_rules())
    except (ConfigurationError, PathError) as error:
        raise UsageError(str(error)) from None
    if present.path and os.path.dirname(present.path) == os.path.realpath(folder):
        raise UsageError(f"{shown(present.path)} is there already, and is left as it is")
    try:
        with open(target, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(settings_for(outcome))
    except FileExistsError:
        raise UsageError(f"{shown(target)} is there already, and is left as it is") from None
    except OSError as error:
        raise UsageError(f"cannot write {shown(target)} ({error.strerror})") from error
    with StandardOutput() as stream:
        stream.write(f"Wrote {shown(target)}.\n")
    return 0


def settings_for(outcome: Outcome) -> str:
    """Return the text of a configuration file for a tree that was linted without one."""
    parts = [_HEAD]
    for setting in SETTINGS:
        notes = _NOTES.get(setting.key, _no_notes)(outcome)
        lines = [f"# {setting.what}", *(f"# {note}" for note in notes)]
        parts.append("\n".join([*lines, f"# {_sample(setting, outcome)}", ""]))
    return "\n".join(parts)


def _sample(setting: Setting, outcome: Outcome) -> str:
    releases = sorted({cluster.release for cluster in outcome.clusters if cluster.release})
    if setting.key == "openshift-version" and len(releases) == 1:
        return f'openshift-version = "{releases[0]}"'
    return setting.sample


def _no_notes(_: Outcome) -> list[str]:
    return []


def _about_releases(outcome: Outcome) -> list[str]:
    named: dict[str, list[str]] = {}
    for cluster in outcome.clusters:
        named.setdefault(cluster.release or "", []).append(cluster.name)
    notes = [
        f"{release} is named by the manifests of {_few(names)}."
        for release, names in sorted(named.items())
        if release
    ]
    if unknown := named.get(""):
        notes.append(f"No release is named by those of {_few(unknown)}: what depends on it is")
        notes.append("not reported there until it is set here.")
    return notes


def _about_clusters(outcome: Outcome) -> list[str]:
    if not outcome.clusters:
        return ["None was found here."]
    return [f"Found without it: {_few([cluster.name for cluster in outcome.clusters])}."]


def _about_baseline(outcome: Outcome) -> list[str]:
    count = len(outcome.findings)
    if not count:
        return ["Nothing is found today, so there is no need of one."]
    errors = sum(item.severity is Severity.ERROR for item in outcome.findings)
    return [
        f"{counted(count, 'finding')} today, {errors} of severity error. To be told only of what",
        "is new, set this and run once: wplint lint --update-baseline",
    ]


_NOTES = {
    "openshift-version": _about_releases,
    "clusters": _about_clusters,
    "baseline": _about_baseline,
}


def _few(names: Sequence[str]) -> str:
    """Return some names for a comment, on one line whatever they hold."""
    listed = ", ".join(printable(name)[:60] for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{listed} and {more} more" if more > 0 else listed
