"""The topology files of a run, as the command line or else the configuration file names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.usage import UsageError
from linter.engine.configuration import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.engine.configuration import Configuration
    from linter.topology.machine import Topologies

KEY = "topology"


def topologies_for(
    given: Sequence[tuple[str, str]], configuration: Configuration
) -> Topologies | None:
    """Return the CPUs of the machines where somebody gives them, else None.

    Args:
        given: Pools, empty for all of them, and paths, from the command line.
        configuration: Names files where the command line names none.

    Raises:
        UsageError: A file cannot be read, says nothing of the kind, or is out of bounds.

    """
    if not given and not configuration.topology:
        return None
    from linter.topology.given import read_topologies
    from linter.topology.machine import TopologyError

    said_by = "--topology" if given else configuration.place(KEY)
    try:
        return read_topologies(given or _configured(configuration))
    except TopologyError as error:
        raise UsageError(f"{said_by}: {error}") from None
    except ConfigurationError as error:
        raise UsageError(str(error)) from None


def _configured(configuration: Configuration) -> list[tuple[str, str]]:
    """Return what the configuration file says, with paths that can be opened."""
    return [
        (pool, configuration.resolved(path, KEY, *([pool] if pool else ())))
        for pool, path in configuration.topology
    ]
