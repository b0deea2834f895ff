"""``wplint show``: what the nodes of each pool will see, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.lint import LintRequest, choose_rules, with_configuration
from linter.cli.own_rules import available_rules
from linter.cli.release import read_configuration, read_release
from linter.cli.streams import StandardOutput, complain
from linter.cli.usage import UsageError
from linter.engine import explicit_clusters
from linter.engine.overview import Standing, overview
from linter.engine.scoping import Tally, alternatives, read_scopes
from linter.model.cluster import target_releases
from linter.records import dataclass
from linter.report.show import lines, repository, text, view
from linter.report.terminal import width_of, write
from linter.sources.candidates import PathError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linter.facts.scope import Facts
    from linter.model.releases import Release
    from linter.report.show import ClusterView
    from linter.report.styled import Line
    from linter.sources.scopes import Scope

    Scopes = Sequence[tuple[Scope, Facts]]


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """What is to be shown: the options of the command, as they were written.

    Attributes:
        paths: Files and directories.
        cluster: The name of the cluster to show; None for all of them.
        pool: The pool to show layer by layer; None for all of them at a glance.
        openshift_version: The target release as it was given.
        as_json: Whether to print JSON.

    """

    paths: tuple[str, ...] = (".",)
    cluster: str | None = None
    pool: str | None = None
    openshift_version: str | None = None
    as_json: bool = False


def show(request: ShowRequest) -> int:
    """Print what becomes of the pools of a cluster, or one line for each pool of several.

    Raises:
        UsageError: A path or the version cannot be used, or there is no such cluster or pool.

    """
    configuration = read_configuration(request.paths)
    release = read_release(request.openshift_version, configuration)
    tally = Tally()
    try:
        found = explicit_clusters.discovery(request.paths, configuration)
        scopes = read_scopes(request.paths, tally, found=found)
    except PathError as error:
        raise UsageError(str(error)) from error
    unread = sum(len(facts.unreadable) for _, facts in scopes) + len(tally.unread)
    if request.cluster is not None:
        scopes = _named(scopes, request.cluster)
    standings: list[Standing] = []
    several = sum(facts[0].relevant > 0 for _, facts in alternatives(scopes)) > 1
    if request.pool is None and (several or request.as_json):
        available, broken = available_rules(configuration)
        wanted = with_configuration(LintRequest(request.paths), configuration)
        rules = choose_rules(wanted, available, broken)
        for failure in broken:
            complain(f"warning: {failure.rule}: {failure.error}")
        standings = overview(scopes, rules, release)
    table = several and request.pool is None and request.cluster is None
    views = [] if table and not request.as_json else _views(scopes, release)
    _tell(unread, found=bool(views or standings))
    if not table:
        _check_pool(views, request.pool)
    with StandardOutput() as stream:
        if request.as_json:
            listed = repository.items(standings) if request.pool is None else None
            stream.write(text(views, request.pool, listed))
        else:
            width = width_of(stream)
            page: list[Line] = (
                repository.lines(standings, width) if table else lines(views, width, request.pool)
            )
            write(page, stream)
    return 0


def _views(scopes: Scopes, release: Release | None) -> list[ClusterView]:
    return [
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


def _named(scopes: Scopes, name: str) -> list[tuple[Scope, Facts]]:
    """Return the clusters of a name.

    Raises:
        UsageError: There is none.

    """
    found = [(scope, facts) for scope, facts in scopes if scope.name == name and facts.relevant]
    if found:
        return found
    from difflib import get_close_matches

    names = sorted({scope.name for scope, facts in scopes if facts.relevant})
    close = get_close_matches(name, names, 3)
    others = f"; did you mean {', '.join(close)}?" if close else ""
    raise UsageError(f"--cluster: there is no cluster '{name}' here{others}")


def _tell(unread: int, *, found: bool) -> None:
    """Say on standard error what the document does not: that it is empty, or incomplete."""
    if unread:
        files = "1 file" if unread == 1 else f"{unread} files"
        complain(f"warning: {files} could not be read; wplint lint tells which")
    if not found:
        complain("warning: no manifest here has to do with workload partitioning")


def _check_pool(views: Sequence[ClusterView], pool: str | None) -> None:
    """Raise UsageError where no cluster has the pool."""
    names = sorted({name for one in views for name in one.pool_names if name})
    if views and pool is not None and pool not in names:
        raise UsageError(f"--pool: there is no pool '{pool}'; there are {', '.join(names)}")
