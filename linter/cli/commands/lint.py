"""The grammar of ``wplint lint``."""

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
    Paths,
    Preferred,
    Topology,
    cache_folder,
    reports,
    revision,
    rule_words,
)


def lint_command(  # noqa: PLR0917 - one parameter per option
    paths: Paths = None,
    output: Annotated[
        list[str] | None,
        reports(
            "The report's format (full, concise, json, sarif, github, gitlab or junit), and the "
            "file it goes to instead of standard output."
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE,...",
            help="Run these rules only: codes (WPL301), beginnings of codes (WPL3), names.",
            autocompletion=rule_words,
        ),
    ] = None,
    ignore: Ignored = None,
    fail_level: FailLevel = None,
    openshift_version: OpenShiftVersion = None,
    exit_zero: ExitZero = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Fail as well where something was not read or not understood, or where no "
            "manifest matters.",
        ),
    ] = False,
    statistics: Annotated[
        bool,
        typer.Option("--statistics", help="Count the findings of each rule, as well."),
    ] = False,
    show_suppressed: Annotated[
        bool,
        typer.Option(
            "--show-suppressed", help="Have suppressed findings in SARIF too, marked as such."
        ),
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Repair what can be repaired without doubt.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Print what --fix would change, payloads decoded, and write nothing."
        ),
    ] = False,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Show each repair in turn and ask whether.")
    ] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="Make repairs too that may not be what is meant."),
    ] = False,
    prefer: Annotated[
        Preferred | None,
        typer.Option(help="Whose list of CPUs is right where they disagree; else the profile's."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The known findings, which are not reported again.",
            show_default=False,
        ),
    ] = None,
    update_baseline: Annotated[
        bool,
        typer.Option("--update-baseline", help="Write all that is found to the baseline."),
    ] = False,
    prune_baseline: Annotated[
        bool,
        typer.Option("--prune-baseline", help="Take out of the baseline what is not found."),
    ] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help="Report only what concerns files that differ from the last commit; all is judged.",
        ),
    ] = False,
    changed_since: Annotated[
        str | None,
        revision(
            "--changed-since",
            "Like --changed, for what was changed since the branch left this commit.",
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Run again at every change of a file, until Ctrl-C."),
    ] = False,
    profile_rules: Annotated[
        bool,
        typer.Option("--profile-rules", help="Say how long each rule took."),
    ] = False,
    show_settings: Annotated[
        bool,
        typer.Option("--show-settings", help="Print what is set and who says so, and stop."),
    ] = False,
    topology: Topology = None,
    stdin_filename: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="The name of what is read from standard input, where PATH is -.",
            show_default=False,
        ),
    ] = None,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Read everything, and keep nothing for the next run."),
    ] = False,
    cache_dir: Annotated[str | None, cache_folder("Where runs over large trees are kept.")] = None,
) -> Task:
    """Find statements of reserved CPUs that disagree.

    Directories that an installer reads (with an install-config.yaml, manifests/ or openshift/) are
    a cluster each; otherwise everything given is one cluster. In a git work tree the files that
    git ignores are left out.

    Exit status: 0 nothing at or above the fail level, 1 findings, 2 wrong usage or an error of
    wplint itself. Standard output carries the report, standard error the summary.
    """
    from linter.cli.lint import LintRequest, run_lint
    from linter.topology.given import split_given

    given = LintRequest()
    request = LintRequest(
        paths=tuple(paths or given.paths),
        outputs=tuple(output or given.outputs),
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        fail_level=fail_level,
        openshift_version=openshift_version,
        exit_zero=exit_zero,
        fix=fix,
        diff=diff,
        interactive=interactive,
        unsafe_fixes=unsafe_fixes,
        prefer=prefer.value if prefer is not None else None,
        stdin_filename=stdin_filename,
        show_settings=show_settings,
        topology=tuple(split_given(word) for word in topology or ()),
        strict=strict,
        statistics=statistics,
        show_suppressed=show_suppressed,
        baseline=baseline,
        update_baseline=update_baseline,
        prune_baseline=prune_baseline,
        changed=changed,
        changed_since=changed_since,
        watch=watch,
        profile_rules=profile_rules,
        cache=not no_cache,
        cache_dir=cache_dir,
    )
    return partial(run_lint, request)


LINT = Command(
    "lint",
    "Find statements of reserved CPUs that disagree.",
    lint_command,
    (
        "wplint lint",
        "wplint lint clusters/ --fail-level warning",
        "wplint lint --select WPL3,WPL401 --openshift-version 4.16",
        "wplint lint --output full --output json=report.json",
        "oc get mc,performanceprofile -o yaml | wplint lint -",
        "wplint lint --diff",
        "wplint lint --fix --prefer machineconfig",
        "wplint lint --changed-since origin/main",
        "wplint lint --topology master=cpus.json",
    ),
)
