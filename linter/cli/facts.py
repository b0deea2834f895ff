"""``wplint facts``: show what was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.cli.release import read_configuration, read_release
from linter.cli.streams import StandardOutput
from linter.cli.usage import UsageError
from linter.engine import explicit_clusters
from linter.engine.scoping import Tally, alternatives, read_scopes
from linter.model.cluster import build_cluster, target_releases
from linter.model.releases import in_every_release
from linter.report.facts_dump import text
from linter.sources.candidates import PathError

if TYPE_CHECKING:
    from linter.facts.scope import Facts
    from linter.model.cluster import Cluster
    from linter.model.releases import Release
    from linter.sources.scopes import Scope


def print_facts(paths: tuple[str, ...], openshift_version: str | None) -> int:
    """Print what was understood of some paths.

    Raises:
        UsageError: A path or the version cannot be used.

    """
    configuration = read_configuration(paths)
    release = read_release(openshift_version, configuration)
    tally = Tally()
    try:
        found = explicit_clusters.discovery(paths, configuration)
        scopes = read_scopes(paths, tally, found=found)
    except PathError as error:
        raise UsageError(str(error)) from error
    clusters = [
        _newest(scope, facts, release)
        for scope, (facts, *_) in alternatives(scopes)
        if facts.relevant or facts.unreadable
    ]
    skipped = sorted(tally.skipped, key=lambda item: item.name)
    with StandardOutput() as stream:
        stream.write(text(clusters, tally.files, tally.relevant, skipped, tally.notes))
    return 0


def _newest(scope: Scope, facts: Facts, release: Release | None) -> Cluster:
    """Model a cluster; where releases lead to different models, for the newest of them."""
    groups = in_every_release(
        target_releases(facts, release),
        lambda releases: build_cluster(
            scope.name, scope.path, facts, releases, installer=scope.installer
        ),
    )
    return groups[-1][1]
