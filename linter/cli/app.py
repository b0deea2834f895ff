"""The grammar of the command line.

Typer reads the words and nothing else: every command returns what is to be done, and
:func:`run_app` does it. So an error of wplint is not taken for wrong usage, nor the other way
round, and Typer has no part in what is printed but for the help.

The parameters' annotations are read at run time, hence no ``TYPE_CHECKING`` here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer
from typer.main import get_command

from linter import __version__
from linter.cli.options import (
    ListFormat,
    OpenShiftVersion,
    Paths,
    Preferred,
    RuleFormat,
    examples,
    rule_words,
)
from linter.cli.streams import StandardError, StandardOutput
from linter.cli.usage import UsageError
from linter.engine.findings import Severity

Task = Callable[[], int]

# Typer has a copy of click inside since 0.26 and needs click before; neither exports this class.
_Refusal: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
"""What Typer raises for a command line that it cannot read."""

app = typer.Typer(
    name="wplint",
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


COMPLETING = "_WPLINT_COMPLETE"
"""Set by the shell where it asks for completions; Typer answers and ends the program."""


def run_app(arguments: list[str]) -> int:
    """Read a command line, do what it says, and return the exit status.

    Raises:
        UsageError: It cannot be understood.

    """
    command = get_command(app)
    if not arguments and COMPLETING not in os.environ:
        with StandardError() as stream:
            stream.write(_help())
        return 2
    try:
        with StandardOutput():
            answer = command.main(arguments, prog_name="wplint", standalone_mode=False)
    except _Refusal as refusal:
        raise UsageError(_refused(refusal, arguments[0])) from None
    return answer() if callable(answer) else int(answer or 0)


def _help() -> str:
    command = get_command(app)
    with command.make_context("wplint", ["lint"], resilient_parsing=True) as context:
        return command.get_help(context) + "\n"


def _refused(refusal: Any, first: str) -> str:
    """Say in one line what is wrong with a command line and where its help is."""
    command = "wplint"
    if first in {entry.name for entry in app.registered_commands}:
        command += f" {first}"
    words = " ".join(refusal.format_message().split()).rstrip(".")
    if words[1:2].islower():
        words = words[:1].lower() + words[1:]
    return f"{words}{'' if words.endswith('?') else ';'} see '{command} --help'"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wplint {__version__}")
        raise typer.Exit


@app.callback()
def wplint(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Check that every statement of a partitioned OpenShift cluster's reserved CPUs agrees.

    wplint reads the manifests of clusters, decodes what MachineConfigs put on the nodes, and says
    where two places disagree. Start with: wplint lint DIRECTORY
    """


@app.command(
    "lint",
    short_help="Find statements of reserved CPUs that disagree.",
    epilog=examples(
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
def lint_command(  # noqa: PLR0917 - one parameter per option
    paths: Paths = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[=PATH]",
            help="The report's format (full, concise, json, sarif, github, gitlab or junit), and "
            "the file it goes to instead of standard output. May be given several times.  "
            "[default: full]",
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
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE,...", help="Do not run these rules.", autocompletion=rule_words),
    ] = None,
    fail_level: Annotated[
        Severity | None,
        typer.Option(
            help="The lowest severity that makes the exit status 1.", show_default="error"
        ),
    ] = None,
    openshift_version: OpenShiftVersion = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with status 0 whatever is found.")
    ] = False,
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
        typer.Option(
            "--changed-since",
            metavar="REV",
            help="Like --changed, for what was changed since the branch left this commit.",
            show_default=False,
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
    topology: Annotated[
        list[str] | None,
        typer.Option(
            "--topology",
            metavar="[POOL=]FILE",
            help="What a machine of the cluster, or of this pool, says of its CPUs: the output of "
            "lscpu --json --extended, lscpu --parse or lscpu --json. Rules about hardware need it.",
        ),
    ] = None,
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
    cache_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIRECTORY",
            help="Where runs over large trees are kept.  [default: wplint in $XDG_CACHE_HOME, "
            "or in ~/.cache]",
        ),
    ] = None,
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


@app.command(
    "init",
    short_help="Write a configuration file to begin with.",
    epilog=examples("wplint init", "wplint init clusters/"),
)
def init_command(
    folder: Annotated[
        str,
        typer.Argument(metavar="[DIRECTORY]", help="Where to write it.", show_default=False),
    ] = ".",
) -> Task:
    """Write a commented wplint.toml, made of what is found in the directory.

    It names the clusters and releases that were found. A file that is there is never overwritten.
    """
    from linter.cli.init import init

    return partial(init, folder)


@app.command(
    "rules",
    short_help="List the rules.",
    epilog=examples(
        "wplint rules",
        "wplint rules --output json",
        "wplint rules --test policy/",
    ),
)
def rules_command(
    output: Annotated[
        RuleFormat, typer.Option("--output", "-o", help="Lines for people, JSON, or a table.")
    ] = RuleFormat.FULL,
    test: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIR",
            help="Run the examples of the rules in a directory instead. May be given several "
            "times. The rules are programs: they are run.",
        ),
    ] = None,
) -> Task:
    """List the rules: code, name, severity, whether they repair, and for which releases.

    JSON and the table say as well what holds when a rule has nothing to say. Rules of your own, in
    the directories that rule-paths names in the settings, are listed too.

    Exit status: 0 done; with --test 1, examples fail; 2 wrong usage, or a rule cannot be used.
    """
    if test:
        from linter.cli.rule_tests import run_examples

        return partial(run_examples, tuple(test))
    from linter.cli.rules import print_rules

    return partial(print_rules, output.value)


@app.command(
    "explain",
    short_help="Show what a rule is about, with examples.",
    epilog=examples(
        "wplint explain WPL301",
        "wplint explain crio-workload-cpuset-m",
        "wplint explain WPL301 --output markdown",
        "wplint explain --all --output docs/rules/",
    ),
)
def explain_command(
    rule: Annotated[
        str | None,
        typer.Argument(
            metavar="[RULE]",
            help="A rule's code, its name, or an unambiguous beginning of either.",
            show_default=False,
            autocompletion=rule_words,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show the pages of all rules.")] = False,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="full|json|markdown|DIR",
            help="For people, for programs, or as Markdown; with --all also a directory, which "
            "gets a page for each rule and an index.",
        ),
    ] = "full",
) -> Task:
    """Show a rule's page: what it checks, why it matters, a bad and a good example."""
    from linter.cli.rules import explain

    return partial(explain, rule, output, every=every)


@app.command(
    "facts",
    short_help="Show what was understood, as JSON with positions.",
    epilog=examples(
        "wplint facts clusters/north/",
        "wplint facts | jq '.clusters[].cpu_statements[]'",
    ),
)
def facts_command(paths: Paths = None, openshift_version: OpenShiftVersion = None) -> Task:
    """Show what was understood, as JSON with positions: pools, profiles, every statement of CPUs.

    Use it where a finding, or the lack of one, surprises: it tells which MachineConfigs a pool
    merges in which order, which file wins, and what each list of CPUs was read as.
    """
    from linter.cli.facts import print_facts

    return partial(print_facts, tuple(paths or (".",)), openshift_version)


@app.command(
    "show",
    short_help="Show what the nodes of each pool will see.",
    epilog=examples(
        "wplint show clusters/north/",
        "wplint show clusters/north/ --pool worker-cnf",
        "wplint show .",
        "wplint show . --cluster north",
        "wplint show --output json --openshift-version 4.16",
    ),
)
def show_command(
    paths: Paths = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Show this cluster only.", show_default=False),
    ] = None,
    pool: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Show this pool only, layer by layer.", show_default=False
        ),
    ] = None,
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


@app.command(
    "plan",
    short_help="Show what a change does to running clusters.",
    epilog=examples(
        "wplint plan --from main",
        "wplint plan clusters/ --from HEAD~1 --to HEAD --cluster north",
        "wplint plan before/ after/ --output markdown=comment.md",
        "wplint plan --from origin/main --fail-on reboot",
        "wplint plan clusters/ --to-version 4.18",
    ),
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
        typer.Option(
            "--from",
            metavar="REV",
            help="The state before: a branch, a tag, a commit.",
            show_default=False,
        ),
    ] = None,
    to_revision: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="REV",
            help="The state afterwards.  [default: worktree, the files on the disk]",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Show this cluster, statement by statement.", show_default=False
        ),
    ] = None,
    pool: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Show this pool, statement by statement.", show_default=False
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[=PATH]",
            help="The report's format (those of lint, and markdown for a comment on a pull "
            "request), and the file it goes to. May be given several times.  [default: full]",
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE,...", help="Run these rules about changes only."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="RULE,...", help="Do not run these rules.")
    ] = None,
    fail_level: Annotated[
        Severity | None,
        typer.Option(
            help="The lowest severity that makes the exit status 1.", show_default="error"
        ),
    ] = None,
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
    topology: Annotated[
        list[str] | None,
        typer.Option(
            "--topology",
            metavar="[POOL=]FILE",
            help="What a machine of the cluster, or of this pool, says of its CPUs: the output of "
            "lscpu --json --extended, lscpu --parse or lscpu --json. Rules about hardware need it.",
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with status 0 whatever is found.")
    ] = False,
    no_cache: Annotated[
        bool,
        typer.Option(
            "--no-cache", help="Read every file that matters, and keep nothing for the next time."
        ),
    ] = False,
    cache_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIRECTORY",
            help="Where what the files of large trees say is kept.  [default: wplint in "
            "$XDG_CACHE_HOME, or in ~/.cache]",
        ),
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


@app.command(
    "render",
    short_help="Write the manifests that PerformanceProfiles imply.",
    epilog=examples(
        "wplint render clusters/north/ -o clusters/north/openshift",
        "wplint render manifests/ -o openshift/ --enable-partitioning --openshift-version 4.16",
        "wplint render manifests/ -o openshift/ --diff",
    ),
)
def render_command(  # noqa: PLR0917 - one parameter per option
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files and directories with the manifests of one cluster.",
            show_default=False,
        ),
    ] = None,
    asset_output_dir: Annotated[
        str | None,
        typer.Option(
            "--asset-output-dir",
            "-o",
            metavar="DIR",
            help="The directory to write to.  [env: ASSET_OUTPUT_DIR]",
        ),
    ] = None,
    asset_input_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR,...", help="Further directories to read.  [env: ASSET_INPUT_DIR]"
        ),
    ] = None,
    owner_ref: Annotated[
        str | None,
        typer.Option(
            metavar="label-name|none|k8s",
            help="How objects name their profile: by a label, not at all, or by an owner "
            "reference, for which the profile needs a UID.  [default: label-name; env: OWNER_REF]",
        ),
    ] = None,
    enable_partitioning: Annotated[
        bool,
        typer.Option(
            "--enable-partitioning",
            help="Switch workload partitioning on, too: in the install-config.yaml or other "
            "manifest that decides it, else in a new Infrastructure manifest.",
        ),
    ] = False,
    with_crd: Annotated[
        bool,
        typer.Option(
            "--with-crd",
            help="Write the CustomResourceDefinition of PerformanceProfile, too: up to 4.10 an "
            "installation waits for it.",
        ),
    ] = False,
    openshift_version: OpenShiftVersion = None,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Print what would change, and write nothing."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that hold something else.")
    ] = False,
) -> Task:
    """Write the manifests that the PerformanceProfiles of a cluster imply.

    A drop-in for the render command of the Node Tuning Operator. Without any profile it writes
    what lets nodes join a partitioned cluster, so that profiles can follow later.

    Exit status: 0 done, or nothing would change; 1 with --diff, something would change; 2 the
    manifests imply nothing, a file would be overwritten, wrong usage, or an error of wplint itself.
    """
    from linter.cli.render import RenderRequest, run_render

    request = RenderRequest(
        inputs=tuple(inputs or ()),
        input_dirs=asset_input_dir,
        output_dir=asset_output_dir,
        owner_ref=owner_ref,
        openshift_version=openshift_version,
        enable_partitioning=enable_partitioning,
        with_crd=with_crd,
        diff=diff,
        force=force,
    )
    return partial(run_render, request)
