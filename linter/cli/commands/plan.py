"""The grammar of ``wplint plan``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from linter.cli.commands.command import Command, Task
from linter.cli.options import (
    ExitZero,
    FailLevel,
    Ignored,
    OpenShiftVersion,
    Topology,
    cache_folder,
    name,
    reports,
    revision,
)


def plan_command(  # noqa: PLR0917 - one parameter per option
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH] | OLD NEW",
            help="The directory to compare in two revisions (the current one if left out), or two "
            "directories.",
            show_default=False,
        ),
    ] = None,
    from_revision: Annotated[
        str | None,
        revision("--from", "The state before: a branch, a tag, a commit."),
    ] = None,
    to_revision: Annotated[
        str | None,
        revision("--to", "The state afterwards.  [default: worktree, the files on the disk]"),
    ] = None,
    cluster: Annotated[str | None, name("Show this cluster, statement by statement.")] = None,
    pool: Annotated[str | None, name("Show this pool, statement by statement.")] = None,
    output: Annotated[
        list[str] | None,
        reports(
            "The report's format (those of lint, and markdown for a comment on a pull request), "
            "and the file it goes to."
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE,...", help="Run these rules about changes only."),
    ] = None,
    ignore: Ignored = None,
    fail_level: FailLevel = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EFFECT,...",
            help="Exit with status 1 where the change has this effect, such as reboot or moves.",
        ),
    ] = None,
    openshift_version: OpenShiftVersion = None,
    baseline: Annotated[str | None, typer.Option(hidden=True)] = None,
    to_version: Annotated[
        str | None,
        typer.Option(
            metavar="4.N",
            help="The release afterwards: what an upgrade changes, with or without a change of "
            "manifests.",
            show_default=False,
        ),
    ] = None,
    topology: Topology = None,
    exit_zero: ExitZero = False,
    no_cache: Annotated[
        bool,
        typer.Option(
            "--no-cache", help="Read every file that matters, and keep nothing for the next time."
        ),
    ] = False,
    cache_dir: Annotated[
        str | None, cache_folder("Where what the files of large trees say is kept.")
    ] = None,
) -> Task:
    """Show what a change of manifests does to the clusters that run already.

    Two states are compared, cluster by cluster and pool by pool, whatever the files are called:
    which nodes reboot and for what, which CPUs management pods gain and lose, where pinning
    appears or disappears, which nodes will be rejected. Commits are read from git's objects;
    nothing is checked out.

    Exit status: 0 nothing at or above the fail level, 1 findings or an effect of --fail-on, 2 wrong
    usage or an error of wplint itself.
    """
    from linter.cli.plan import PlanRequest, run_plan
    from linter.topology.given import split_given

    given = PlanRequest()
    request = PlanRequest(
        paths=tuple(paths or ()),
        old=from_revision,
        new=to_revision,
        cluster=cluster,
        pool=pool,
        outputs=tuple(output or given.outputs),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        fail_level=fail_level,
        fail_on=tuple(fail_on or ()),
        openshift_version=openshift_version,
        to_version=to_version,
        topology=tuple(split_given(word) for word in topology or ()),
        exit_zero=exit_zero,
        baseline=baseline,
        cache=not no_cache,
        cache_dir=cache_dir,
    )
    return partial(run_plan, request)


PLAN = Command(
    "plan",
    "Show what a change does to running clusters.",
    plan_command,
    (
        "wplint plan --from main",
        "wplint plan clusters/ --from HEAD~1 --to HEAD --cluster north",
        "wplint plan before/ after/ --output markdown=comment.md",
        "wplint plan --from origin/main --fail-on reboot",
        "wplint plan clusters/ --to-version 4.18",
    ),
)
