"""The target release as it is given: on the command line, else in the configuration file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.streams import complain
from linter.cli.usage import UsageError
from linter.engine.configuration import Configuration, ConfigurationError, configuration_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.model.releases import Release


def read_configuration(paths: Sequence[str]) -> Configuration:
    """Read the configuration file nearest to the first path.

    Raises:
        UsageError: It cannot be used.

    """
    try:
        return configuration_for(paths[0] if paths else ".")
    except ConfigurationError as error:
        raise UsageError(str(error)) from None


def read_release(text: str | None, configuration: Configuration) -> Release | None:
    """Read the value of ``--openshift-version``, else that of the configuration file.

    Raises:
        UsageError: It is no version, or one without workload partitioning.

    """
    said_by = "--openshift-version"
    if text is None:
        text, said_by = configuration.openshift_version, configuration.path
    if text is None:
        return None
    from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release

    try:
        release = Release.parse(text)
    except ValueError as error:
        raise UsageError(f"{said_by}: {error}") from None
    if release.minor < OLDEST_MINOR:
        raise UsageError(
            f"{said_by}: OpenShift {release} has no workload partitioning, "
            f"which came with 4.{OLDEST_MINOR}"
        )
    if release.minor > NEWEST_MINOR:
        complain(f"note: OpenShift {release} is newer than this wplint; judged as 4.{NEWEST_MINOR}")
    return release
