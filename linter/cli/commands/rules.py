"""The grammar of the commands about rules."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from linter.cli.commands.command import Command, Task
from linter.cli.options import RuleFormat, rule_words


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


RULES = Command(
    "rules",
    "List the rules.",
    rules_command,
    (
        "wplint rules",
        "wplint rules --output json",
        "wplint rules --test policy/",
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


EXPLAIN = Command(
    "explain",
    "Show what a rule is about, with examples.",
    explain_command,
    (
        "wplint explain WPL301",
        "wplint explain crio-workload-cpuset-m",
        "wplint explain WPL301 --output markdown",
        "wplint explain --all --output docs/rules/",
    ),
)
