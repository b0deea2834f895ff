"""The grammar of the commands that show what was understood."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from linter.cli.commands.command import Command, Task
from linter.cli.options import ListFormat, OpenShiftVersion, Paths, name


def facts_command(paths: Paths = None, openshift_version: OpenShiftVersion = None) -> Task:
    """Show what was understood, as JSON with positions: pools, profiles, every statement of CPUs.

    Use it where a finding, or the lack of one, surprises: it tells which MachineConfigs a pool
    merges in which order, which file wins, and what each list of CPUs was read as.
    """
    from linter.cli.facts import print_facts

    return partial(print_facts, tuple(paths or (".",)), openshift_version)


FACTS = Command(
    "facts",
    "Show what was understood, as JSON with positions.",
    facts_command,
    (
        "wplint facts clusters/north/",
        "wplint facts | jq '.clusters[].cpu_statements[]'",
    ),
)


def show_command(
    paths: Paths = None,
    cluster: Annotated[str | None, name("Show this cluster only.")] = None,
    pool: Annotated[str | None, name("Show this pool only, layer by layer.")] = None,
    output: Annotated[
        ListFormat, typer.Option("--output", "-o", help="A page for people, or JSON.")
    ] = ListFormat.FULL,
    openshift_version: OpenShiftVersion = None,
) -> Task:
    """Show what becomes of the pools of each cluster, and who says so.

    For every pool: its profile, what each layer says of its CPUs and where, a picture of the CPUs,
    and what becomes of its nodes. What differs between OpenShift releases is shown for each of
    them.

    Of several clusters it prints a table instead, the worst first: a line for each pool with the
    profile that configures it, where its CPUs are written, and how much wplint lint finds there.
    A star marks a policy that is meant for no cluster.
    """
    from linter.cli.show import ShowRequest, show

    request = ShowRequest(
        paths=tuple(paths or (".",)),
        cluster=cluster,
        pool=pool,
        openshift_version=openshift_version,
        as_json=output is ListFormat.JSON,
    )
    return partial(show, request)


SHOW = Command(
    "show",
    "Show what the nodes of each pool will see.",
    show_command,
    (
        "wplint show clusters/north/",
        "wplint show clusters/north/ --pool worker-cnf",
        "wplint show .",
        "wplint show . --cluster north",
        "wplint show --output json --openshift-version 4.16",
    ),
)
