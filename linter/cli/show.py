"""``wplint show``: what the nodes of each pool will see, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.release import read_configuration, read_release
from linter.cli.streams import StandardOutput, complain
from linter.cli.usage import UsageError
from linter.engine.run import Tally, alternatives, read_scopes
from linter.model.cluster import target_releases
from linter.report.show import lines, text, view
from linter.report.terminal import width_of, write
from linter.sources.candidates import PathError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.report.show import ClusterView


def show(
    paths: tuple[str, ...], pool: str | None, openshift_version: str | None, *, as_json: bool
) -> int:
    """Print what becomes of the pools of each cluster, and of one pool every layer.

    Args:
        paths: Files and directories.
        pool: The pool to show layer by layer; None for all of them at a glance.
        openshift_version: The target release as it was given.
        as_json: Whether to print JSON.

    Raises:
        UsageError: A path or the version cannot be used, or no cluster has such a pool.

    """
    release = read_release(openshift_version, read_configuration(paths))
    tally = Tally()
    try:
        scopes = read_scopes(paths, tally)
    except PathError as error:
        raise UsageError(str(error)) from error
    views = [
        view(
            scope.name,
            scope.path,
            facts,
            target_releases(facts, release),
            installer=scope.installer,
        )
        for scope, (facts, *_) in alternatives(scopes)
        if facts.relevant
    ]
    _tell(views, pool, sum(len(facts.unreadable) for _, facts in scopes) + len(tally.unread))
    with StandardOutput() as stream:
        if as_json:
            stream.write(text(views, pool))
        else:
            write(lines(views, width_of(stream), pool), stream)
    return 0


def _tell(views: Sequence[ClusterView], pool: str | None, unread: int) -> None:
    """Say on standard error what the document does not: that it is empty, or incomplete.

    Raises:
        UsageError: No cluster has the pool.

    """
    if unread:
        files = "1 file" if unread == 1 else f"{unread} files"
        complain(f"warning: {files} could not be read; wplint lint tells which")
    if not views:
        complain("warning: no manifest here has to do with workload partitioning")
        return
    names = sorted({name for one in views for name in one.pool_names if name})
    if pool is not None and pool not in names:
        raise UsageError(f"--pool: there is no pool '{pool}'; there are {', '.join(names)}")
